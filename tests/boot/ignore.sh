#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A known incident is shown with the reason why it does not count; what failed is run again alone.
. "$(dirname "$0")/lib.sh"
outcome() { json "[c['outcome'] for c in cases if c['name'] == 'kmatrix/$1.tc'] == ['$2']"; }

expect_code 1 kmatrix run "$here/experiments/ignored.yaml"
says err "no incident of this run is 'WARNING in nobody*'"
expect_code 0 kmatrix show --json
json 'len(cases) == 3'
outcome a-pass passed
outcome b-fail failed
json "all(c['outcome'] != 'crashed' for c in cases)"
json "[(i['kind'], i['ignored']) for i in incidents if 'lkdtm_EXCEPTION' in i['title']] == [('oops', 'provoked on purpose')]"
expect_code 0 kmatrix show
says out "provoked on purpose"

expect_code 1 kmatrix rerun latest --failed --case '*/b-fail.tc'
expect_code 0 kmatrix show latest --json
json '[c["name"] for c in cases] == ["kmatrix/b-fail.tc"]'
outcome b-fail failed
finished
