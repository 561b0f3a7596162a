#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A run that goes on in another process is shown as its own terminal shows it, to its end and beyond
# the death of its process.
. "$(dirname "$0")/lib.sh"
mkfifo "$work/pipe"
pause() { read -rt "$1" <> "$work/pipe" || true; }
selection=(--only suite=ftrace-samples --only series=direct-calls --again)
socket=$(mktemp -u)
on_screen() { LC_ALL=C.UTF-8 tmux -S "$socket" "$@"; }
trap 'on_screen kill-server 2>/dev/null || true' EXIT

start() { # NUMBER: run it in the background, as $pid, and wait until it is there
  "$KMATRIX" --db "$work/results.db" --cache "$base/cache" run "$top/matrices/quickstart.yaml" \
    "${selection[@]}" >"$work/run.out" 2>"$work/run.err" &
  pid=$!
  for _ in $(seq 6000); do
    [ ! -e "$work/results.runs/$1/lock" ] || return 0
    kill -0 $pid 2>/dev/null || { cat "$work/run.err" >&2; fail "kmatrix ended by itself"; }
    pause 0.1
  done
  fail "run $1 did not begin"
}

# Two look on, one of them on a terminal.
start 1
on_screen -f /dev/null new-session -d -x 110 -y 20 "TERM=xterm '$KMATRIX' --db '$work/results.db' attach 2>&1; read -r _"
code=0; kmatrix attach >"$work/attached.out" 2>"$work/attached.err" &
attached=$!
seen=
for _ in $(seq 600); do
  on_screen capture-pane -p >"$work/screen"
  if grep -qE '^  boot   .*ftrace-samples +[1-5]/5 ftrace-direct[a-z-]*, [0-9]+ s$' "$work/screen" &&
     grep -qE '^\[1/2\] .* so far, about .* left$' "$work/screen"; then seen=1; break; fi
  kill -0 $pid 2>/dev/null || break
  pause 0.1
done
[ -n "$seen" ] || { cat "$work/screen" >&2; fail "no board was seen"; }
[ -e "$work/results.runs/1/live.json" ] || fail "no live.json while it runs"
wait $pid || code=$?
[ $code = 0 ] || { cat "$work/run.err" >&2; fail "exit code $code of the run"; }
wait $attached || { cat "$work/attached.err" >&2; fail "exit code $? of attach"; }
[ ! -e "$work/results.runs/1/live.json" ] || fail "live.json is left"
diff <(grep '^\[' "$work/run.err") <(grep '^\[' "$work/attached.err") || fail "other lines"
diff <(sed 's/[0-9.]* s\b//' "$work/run.out") <(sed 's/[0-9.]* s\b//' "$work/attached.out") >&2 ||
  fail "another summary"
for _ in $(seq 100); do
  on_screen capture-pane -p >"$work/screen"
  ! grep -q '5 passed' "$work/screen" || break
  pause 0.1
done
grep -q 'cases  *5 passed' "$work/screen" && ! grep -q ' so far' "$work/screen" || { cat "$work/screen" >&2; fail "no summary on the terminal"; }
expect_code 2 kmatrix attach 1
says err "run 1 is not going on: it is done"

# Its process is killed.
start 2
kmatrix attach 2 >"$work/attached.out" 2>"$work/attached.err" &
attached=$!
for _ in $(seq 600); do grep -q "==> run 2" "$work/attached.err" && break; pause 0.1; done
kill -9 $pid
code=0; wait $attached || code=$?
[ $code = 130 ] || fail "exit code $code instead of 130"
says attached.err "run 2 was interrupted: its process is gone"
says attached.err "run --resume 2"
expect_code 0 kmatrix run --resume 2
finished
