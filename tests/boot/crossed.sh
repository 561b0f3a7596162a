#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of one tree on a kernel of another, and a difference that comes from the tests.
. "$(dirname "$0")/lib.sh"
expect_code 1 kmatrix run "$here/experiments/crossed.yaml" # one of its claims does not hold
expect_code 0 kmatrix show --json
json "[c['suite'] for c in d['cells']] == ['tests', 'tests@v6.12']"
json "[(c['suite'], c['name'], c['outcome']) for c in cases] == [
  ('tests', '00basic/basic1.tc', 'passed'), ('tests', 'kmatrix/a-pass.tc', 'passed'),
  ('tests@v6.12', '00basic/basic1.tc', 'passed')]"
json "all(c['identical_to'] is None for c in d['cells'])"
expect_code 1 kmatrix claims --json
json "[c['state'] for c in d['claims']] == ['holds', 'does not hold']"
expect_code 0 kmatrix verdicts --json
json "[(v['case'], v['verdict']) for v in d['cases'] if v['verdict'] != 'same'] == [('kmatrix/a-pass.tc', 'by_tests')]"

# Both trees travel.
expect_code 0 kmatrix bundle latest tests@v6.12 -o "$work/crossed.kmatrix"
expect_code 0 kmatrix replay "$work/crossed.kmatrix" --json
json "d['same'] is True and 'tests' in d['same_keys']"
json "[c['name'] for c in d['cases']] == ['00basic/basic1.tc']"
finished
