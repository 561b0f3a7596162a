#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: tests/bench/unchanged.sh KMATRIX [EXPERIMENT]
# How long a run takes in which nothing changed, against `make` that has nothing to do for one of
# its kernels, and against starting /bin/true. The experiment (default: matrices/quickstart.yaml)
# must have run before with this database and cache (KMATRIX_OPTIONS="--db ... --cache ...").
# Prints a Markdown table; RUNS (default 20) is how often each is run. Nothing else should be busy.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
kmatrix=$(realpath "${1:?usage: tests/bench/unchanged.sh KMATRIX [EXPERIMENT]}")
file=${2:-$top/matrices/quickstart.yaml}
runs=${RUNS:-20}
read -ra options <<<"${KMATRIX_OPTIONS:-}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Seconds of one command: median, lowest, highest. hyperfine would take the same figures, but not
# from bubblewrap's time alone.
measure() { # name, command...
  local name=$1; shift
  "$@" >/dev/null 2>&1 || { echo "failed: $*" >&2; exit 1; }
  python3 - "$name" "$runs" "$work" "$@" <<'PY'
import json, statistics, subprocess, sys, time
name, runs, work, command = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
times = []
for _ in range(runs):
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    times.append(time.perf_counter() - begin)
with open(work + "/results", "a") as out:
    out.write(json.dumps([name, statistics.median(times), min(times), max(times)]) + "\n")
PY
}

"$kmatrix" "${options[@]}" run "$file" >/dev/null 2>"$work/err" || { cat "$work/err" >&2; exit 1; }
if grep -qE '\] (built|not built)' "$work/err"; then
  echo "the first run still had kernels to build; now they are there" >&2
fi
cells=$("$kmatrix" "${options[@]}" plan "$file" --json |
  python3 -c 'import json, sys; print(len(json.load(sys.stdin)["cells"]))')
measure "/bin/true" /bin/true
measure "kmatrix --version" "$kmatrix" --version
measure "kmatrix plan, $cells cells" "$kmatrix" "${options[@]}" plan "$file"
measure "kmatrix run, $cells cells, nothing changed" "$kmatrix" "${options[@]}" run "$file"

# make with nothing to do: MAKE_COMMAND is how a kernel was built that is there
# ("make -C SOURCE O=BUILD ARCH=arm64 LLVM=-19 Image modules").
if [ -n "${MAKE_COMMAND:-}" ]; then
  read -ra make <<<"$MAKE_COMMAND"
  measure "make, one kernel, nothing to do" "${make[@]}"
fi
python3 - "$work/results" <<'PY'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
base = rows[0][1]
print("| what | median | lowest | highest | times /bin/true |\n| --- | --- | --- | --- | --- |")
for name, median, low, high in rows:
    print(f"| {name} | {median * 1000:.1f} ms | {low * 1000:.1f} | {high * 1000:.1f} | {median / base:.0f} |")
PY
