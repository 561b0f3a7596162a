#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A shell in a booted cell: from a script, with a command, and by hand on a terminal; and what
# happens when either side goes away.
. "$(dirname "$0")/lib.sh"
file=$top/matrices/quickstart.yaml
cell=direct-calls/clang-cfi/arm64-tcg/ftrace-samples

printf 'uname -r\necho complaint >&2\nls /kmatrix/cell/bin\nmodprobe ftrace-direct && lsmod\nexit 7\n' >"$work/script"
expect_code 7 kmatrix shell "$file" $cell <"$work/script"
says out "6.12."
says out "ftrace-sample"
says out "ftrace_direct"
says err "complaint"
grep -q complaint "$work/out" && fail "stderr is in stdout"
[ -z "$(ls "$work/results.runs/shell")" ] || fail "the log of a good visit was kept"

# Bytes of any kind, in both directions and more than any buffer holds.
head -c 3000000 /dev/urandom >"$work/random"
expect_code 0 kmatrix shell "$file" $cell -- cat <"$work/random"
cmp "$work/random" "$work/out" || fail "cat did not return what it was given"

expect_code 127 kmatrix shell "$file" $cell -- no-such-program
says err "no-such-program"
expect_code 2 kmatrix shell "$file" ftrace-sampels
says err "has no cell"

# The kernel panics: its last words are shown, and the log stays.
expect_code 1 kmatrix shell "$file" $cell -- sh -c 'echo 1 >/proc/sys/vm/panic_on_oom; tail /dev/zero'
says err "the machine is gone: kernel panic: Out of memory"
says err "its console: "
grep -q "panic_on_oom" "$work"/results.runs/shell/*.log || fail "the console's log is gone"
no_machine_left

# Nobody reads the output any more.
{ kmatrix shell "$file" $cell -- yes || true; } 2>"$work/err" | head -n 1 >"$work/out"
no_machine_left

python3 "$here/on_a_terminal.py" "${KMATRIX:?}" --db "$work/results.db" --cache "$base/cache" \
  shell "$file" $cell || fail "on a terminal"
finished
