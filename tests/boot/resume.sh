#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# kill -9 at random moments: the run goes on where it was cut, every case has one outcome in the
# end, none is lost or run twice, and no machine is left. Two at work on one run, cache and store.
. "$(dirname "$0")/lib.sh"
mkfifo "$work/pipe"
pause() { read -rt "$1" <> "$work/pipe" || true; }
selection=(--only suite=ftrace-samples,boot --only series=direct-calls)

# start WHAT...: kmatrix run in the background, as $pid
start() {
  "$KMATRIX" --db "$work/results.db" --cache "$base/cache" run "$@" >"$work/run.out" 2>"$work/run.err" &
  pid=$!
}

outcomes() { # of the newest run: "CASE OUTCOME SECONDS FIRST-LINE" for all that have an outcome
  kmatrix show --json >"$work/show.json" || return 0
  python3 - "$work/show.json" <<'PYTHON'
import json, sys
for cell in json.load(open(sys.argv[1]))["cells"]:
    for case in cell["cases"]:
        if case["outcome"] not in ("missing", "infra_error"):
            print(cell["suite"], case["name"], case["outcome"], case["seconds"], case["boot"])
PYTHON
}

# A run of an experiment whose file changes afterwards: the run keeps its own text.
cp -r "$top/matrices" "$work/matrices"
file=$work/matrices/quickstart.yaml
seed=${KMATRIX_TEST_SEED:-$$}
echo "seed $seed"
RANDOM=$seed
start "$file" "${selection[@]}" --again
kills=0
for round in $(seq 8); do
  # Between a moment and about what three cases take; the first kill must come after the run began.
  [ "$round" != 1 ] || for _ in $(seq 6000); do [ -e "$work/results.runs/1/lock" ] && break; pause 0.1; done
  pause "$((RANDOM % 7)).$((RANDOM % 10))"
  if kill -9 $pid 2>/dev/null; then kills=$((kills + 1)); fi
  wait $pid 2>/dev/null || true
  outcomes >"$work/outcomes.$round"
  [ "$round" = 1 ] || if ! diff <(sort "$work/outcomes.$((round - 1))") <(sort "$work/outcomes.$round") \
      | grep -q '^<'; then :; else
    diff "$work/outcomes.$((round - 1))" "$work/outcomes.$round" >&2 || true
    fail "an outcome was lost or changed after kill $round (seed $seed)"
  fi
  expect_code 0 kmatrix runs --json
  json 'len(d["runs"]) == 1'
  json 'd["runs"][0]["state"] in ("interrupted", "done")'
  echo "# changed" >>"$file"
  start --resume 1
done
code=0; wait $pid || code=$?
[ $code = 0 ] || { cat "$work/run.err" >&2; fail "exit code $code of the last resume"; }
no_machine_left
grep -q "has changed since run 1 began" "$work/run.err" || grep -q "is done" "$work/run.err" ||
  { cat "$work/run.err" >&2; fail "nothing is said of the file that changed"; }
expect_code 0 kmatrix show 1 --json
json 'd["run"]["state"] == "done"'
json 'sorted((c["suite"], c["name"]) for c in cases) == [("boot", "boot")] + [("ftrace-samples", "ftrace-direct" + s) for s in ("", "-modify", "-multi", "-multi-modify", "-too")]'
json 'all(c["outcome"] == "passed" for c in cases)'
json 'incidents == []'
# Each case ended on a console exactly once.
samples=$(dirname "$(find "$work/results.runs/1" -path '*ftrace-samples/console-1.log')")
ended=$(cat "$samples"/console-*.log | grep -c 'kmatrix: END') || true
[ "$ended" -ge 5 ] && [ "$ended" -le $((5 + kills)) ] || fail "$ended cases ended, with $kills kills"
expect_code 0 kmatrix run --resume 1
says err "run 1 is done"
[ "$kills" -ge 2 ] || fail "only $kills kills"

# A run that is alive is neither resumed nor called interrupted.
start "$file" "${selection[@]}" --again
for _ in $(seq 300); do [ -e "$work/results.runs/2/lock" ] && break; pause 0.1; done
expect_code 2 kmatrix run --resume 2
says err "another kmatrix is at work on run 2"
expect_code 0 kmatrix runs --json
json 'd["runs"][0]["state"] == "running"'
first=$pid

# A second kmatrix on the same cache and store, at the same time.
expect_code 0 kmatrix run "$file" "${selection[@]}" --again
code=0; wait $first || code=$?
[ $code = 0 ] || { cat "$work/run.err" >&2; fail "exit code $code of the first of two"; }
expect_code 0 kmatrix show 2 --json
json 'len(cases) == 6 and all(c["outcome"] == "passed" for c in cases)'
expect_code 0 kmatrix show 3 --json
json 'len(cases) == 6 and all(c["outcome"] == "passed" for c in cases)'

# Ctrl-C: the hint says how to go on, and that works.
start "$file" "${selection[@]}" --again
for _ in $(seq 600); do grep -qs "kmatrix: START" "$work"/results.runs/4/*/*/*/*/ftrace-samples/console-1.log && break; pause 0.1; done
kill -INT $pid
code=0; wait $pid || code=$?
[ $code = 130 ] || { cat "$work/run.err" >&2; fail "exit code $code instead of 130"; }
grep -q "go on with: kmatrix .*run --resume 4" "$work/run.err" || fail "no hint"
expect_code 0 kmatrix run --resume 4
expect_code 0 kmatrix show 4 --json
json 'd["run"]["state"] == "done" and len(cases) == 6 and all(c["outcome"] == "passed" for c in cases)'
finished
