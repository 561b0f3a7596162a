# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the tests here. KMATRIX is the program; all tests share a cache, each has its own
# database and work folder, which stays if the test fails.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
name=$(basename "$0" .sh)
base=${KMATRIX_TEST_DIR:?}
work=$base/tests/$name
rm -rf "$work"
mkdir -p "$work"
kmatrix() { "${KMATRIX:?}" --db "$work/results.db" --cache "$base/cache" "$@"; }

fail() { printf 'FAILED: %s\n  work folder: %s\n' "$*" "$work" >&2; exit 1; }

# expect_code CODE COMMAND...: stdout and stderr go to $work/out and $work/err
expect_code() {
  local want=$1 code=0; shift
  "$@" >"$work/out" 2>"$work/err" || code=$?
  if [ $code != "$want" ]; then
    tail -n 40 "$work/out" "$work/err" >&2
    fail "exit code $code instead of $want: $*"
  fi
}

# says FILE TEXT: the file has a line with this text
says() { grep -qF -- "$2" "$work/$1" || { cat "$work/$1" >&2; fail "$1 does not say: $2"; }; }

# json EXPRESSION: evaluates a Python expression on `d`, the JSON in $work/out, and on `cases` and
# `incidents` of all its cells; must be true
json() {
  python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
cells = d.get("cells", [])
cases = [dict(c, suite=cell["suite"]) for cell in cells for c in cell.get("cases", [])]
incidents = [i for cell in cells for i in cell.get("incidents", [])]
if not eval(sys.argv[2]):
    print(json.dumps(d, indent=1)[:6000], file=sys.stderr)
    sys.exit("not true: " + sys.argv[2])' "$work/out" "$1" || fail "$1"
}

no_machine_left() {
  local left
  # Whatever else runs on this host, only our machines have disks of this cache.
  left=$(pgrep -af "qemu-system.*$base/cache/" || true)
  [ -z "$left" ] || fail "a machine is left: $left"
}

finished() { no_machine_left; rm -rf "$work"; echo "good"; }
