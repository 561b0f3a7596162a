#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Nights: the first, one like it, one that is worse, one that is cut short and goes on; the units.
. "$(dirname "$0")/lib.sh"
mkfifo "$work/pipe"
pause() { read -rt "$1" <> "$work/pipe" || true; }
cp -r "$here/experiments" "$here/series" "$work"
file=$work/experiments/script.yaml
sed -i 's/^  series: \[misbehaving\]$/&\n  suite: [strict]/' "$file"
night() { kmatrix nightly run "$file" --publish "$work/site" --hook "cat >$work/hook.json"; }
told() { cp "$work/hook.json" "$work/out"; json "$1"; }

expect_code 1 night
says out "Subject: [kmatrix] script: not good, the first run (run 1)"
grep -q "script" "$work/site/index.html" || fail "the site does not show the run"
told 'd["experiments"][0]["run"]["id"] == 1 and d["experiments"][0]["compared_with"] is None'
told 'open(d["experiments"][0]["mail"]).read().startswith("Subject: [kmatrix] script: not good")'

expect_code 1 night
says out "Subject: [kmatrix] script: not good, as before (run 2)"
says out "No earlier run was good; it is compared with run 1, the last one."

sed -i 's/^    cases: {speaks: .*/    cases: {speaks: exit 3, fails: .\/script.sh passes}/' "$file"
expect_code 1 night
told 'd["experiments"][0]["regressions"] >= 1 and d["experiments"][0]["compared_with"] == 2'
grep -q "^Subject: .* regression" "$work"/results.nightly/*-run3.txt || fail "the mail has no regression"

# Cut short, and continued.
"$KMATRIX" --db "$work/results.db" --cache "$base/cache" nightly run "$file" >"$work/cut.out" 2>"$work/cut.err" &
pid=$!
for _ in $(seq 600); do grep -qs "Linux version" "$work"/results.runs/4/*/*/*/*/strict/console-1.log && break; pause 0.1; done
expect_code 69 night
says err "another nightly is at work"
kill -INT $pid
code=0; wait $pid || code=$?
[ $code = 130 ] || { cat "$work/cut.err" >&2; fail "exit code $code instead of 130"; }
grep -q "^Subject: .*was cut short (run 4)" "$work/cut.out" || fail "the mail does not say that it was cut"
expect_code 1 night
told 'd["experiments"][0]["continued"] is True and d["experiments"][0]["run"]["id"] == 4'
expect_code 0 kmatrix runs --json
json 'len(d["runs"]) == 4 and all(r["state"] == "done" for r in d["runs"])'

# A night goes on with the next experiment after one that has errors; the hook's failure is said.
echo "kmatrix: 1" >"$work/broken.yaml"
expect_code 69 kmatrix nightly run "$work/broken.yaml" --hook "exit 3"
says out "Subject: [kmatrix] broken: the experiment has errors"
says err "the hook ended with exit code 3"
expect_code 2 kmatrix nightly run "$work/broken.yaml"

expect_code 0 kmatrix nightly install "$file" --at 03:30 --keep 20G --folder "$work/units"
grep -qx "OnCalendar=\*-\*-\* 03:30:00" "$work/units/kmatrix-nightly.timer" || fail "no time in the timer"
if command -v systemd-analyze >/dev/null; then
  systemd-analyze verify --man=no --recursive-errors=no "$work"/units/* >"$work/verify" 2>&1 ||
    fail "systemd-analyze: $(cat "$work/verify")"
fi
expect_code 0 kmatrix nightly install "$file" --at 03:30 --cron
says out "30 3 * * * PATH="
finished
