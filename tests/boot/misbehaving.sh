#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Selftests that fail, hang, crash the kernel, use the machine up and break the agent: each costs
# its own case, and all others run. Beside them, a QEMU that is killed from outside: no result.
. "$(dirname "$0")/lib.sh"
folder=$work/results.runs/1/v6.12/misbehaving/clang-cfi/arm64-tcg/misbehaving
mkfifo "$work/pipe"

# kill_during CASE TIMES: kills QEMU that often while the case runs, each time in a new boot
kill_during() {
  local killed=0 console last="" victim
  while [ "$killed" -lt "$2" ]; do
    read -rt 0.2 <> "$work/pipe" || true
    console=$(ls -v "$folder"/console-*.log 2>/dev/null | tail -n 1 || true)
    [ -n "$console" ] && [ "$console" != "$last" ] || continue
    grep -q "kmatrix: START .* kmatrix/$1.tc" "$console" || continue
    grep -q "kmatrix: END .*" <(tail -n 1 "$console") && continue
    # Whatever else runs on this host, only our machine has disks of this cache.
    victim=$(pgrep -f "qemu-system.*$base/cache/" | head -n 1 || true)
    [ -n "$victim" ] && kill -KILL "$victim" || continue
    last=$console killed=$((killed + 1))
  done
}
(kill_during t-slow 1; kill_during u-slow 2) &
killer=$!
trap 'kill $killer 2>/dev/null || true' EXIT
# We could not do our part for one case, so the exit code is ours.
expect_code 69 kmatrix run "$here/experiments/misbehaving.yaml"
expect_code 0 kmatrix show --json

outcome() { json "[c['outcome'] for c in cases if c['name'] == 'kmatrix/$1.tc'][0] in '$2'.split()"; }
message() { json "'$2' in ([c['message'] for c in cases if c['name'] == 'kmatrix/$1.tc'][0] or '')"; }
incident() { json "any(i['case'] == 'kmatrix/$1.tc' and i['kind'] in '$2'.split() for i in incidents)"; }

outcome a-pass passed
outcome b-fail failed
outcome c-unresolved unresolved
outcome d-unsupported skipped
outcome e-xfail xfailed
outcome f-hang timed_out
message f-hang "its deadline was 10 s"
outcome g-crash crashed
incident g-crash panic
outcome h-pass-again passed
outcome i-oops crashed
incident i-oops oops
outcome j-bug crashed
incident j-bug "bug oops"
outcome k-kernel-loop timed_out
message k-kernel-loop "its deadline was 10 s"
outcome l-interrupts-off timed_out
message l-interrupts-off "not a byte from the guest for 15 s"
outcome m-reboot crashed
incident m-reboot reboot
outcome n-kill-all unresolved
# How far it comes in its time, and whom the kernel then kills, is chance. Never is it a pass, though
# ftracetest prints PASS when the shell around the test was the one.
outcome o-no-memory "unresolved failed crashed timed_out"
outcome p-full-disk passed
outcome q-pass-after-full-disk passed
outcome r-unplug timed_out
message r-unplug "not a byte from the guest"
outcome s-liar crashed
message s-liar "nonsense"
outcome t-slow passed
message t-slow "second try, after: QEMU ended unexpectedly"
outcome u-slow infra_error
message u-slow "twice: QEMU ended unexpectedly"
outcome v-pass passed

json '{c["name"][8:-3]: c["raw"] for c in cases if c["raw"]}["h-pass-again"] == "PASS"'
json 'len(cases) == 22 and all(c["outcome"] not in ("missing", "blocked") for c in cases)'
# What the guests did is laid to the cases that ran, and what we did to none.
json 'all(i["case"][8] in "gijklmo" for i in incidents)'
json 'd["cells"][0]["state"] == "done" and d["cells"][0]["accel"] == "tcg"'
json 'd["cells"][0]["slowness"] > 0'
json 'd["cells"][0]["notes"].count("tried again") == 2'
expect_code 0 kmatrix show
says out "QEMU ended unexpectedly"
expect_code 0 kmatrix log latest misbehaving kmatrix/g-crash.tc
says out "START"
says out "sysrq"
finished
