#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ctrl-C in the middle of a case: nothing stays behind, and the run says that it was interrupted.
. "$(dirname "$0")/lib.sh"
mkfifo "$work/pipe"
"$KMATRIX" --db "$work/results.db" --cache "$base/cache" run "$top/matrices/quickstart.yaml" \
  --only suite=ftrace-direct --only series=direct-calls >"$work/out" 2>"$work/err" &
pid=$!
# The START marker on the console says that a case is under way.
console=$work/results.runs/1/v6.12/direct-calls/clang-cfi/arm64-tcg/ftrace-direct/console-1.log
for _ in $(seq 600); do
  grep -q "kmatrix: START" "$console" 2>/dev/null && break
  kill -0 $pid 2>/dev/null || { cat "$work/err" >&2; fail "kmatrix ended by itself"; }
  read -rt 0.1 <> "$work/pipe" || true
done
kill -INT $pid
code=0; wait $pid || code=$?
[ $code = 130 ] || { cat "$work/err" >&2; fail "exit code $code instead of 130"; }
no_machine_left
expect_code 0 kmatrix show --json
json 'd["run"]["state"] == "interrupted"'
json 'all(c["outcome"] == "missing" for c in cases)'
finished
