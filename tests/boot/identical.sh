#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels that are the same for a machine are tested once, and claims rest on that.
. "$(dirname "$0")/lib.sh"
two=v6.12/misbehaving/two/arm64-tcg/misbehaving one=v6.12/misbehaving/one/arm64-tcg/misbehaving

expect_code 1 kmatrix run "$here/experiments/identical.yaml"
says err "identical   $two to $one"
expect_code 0 kmatrix show --json
json "[c['identical_to'] for c in d['cells']] == [None, '$one']"
json "[(c['name'], c['outcome']) for c in cases] == 2 * [('kmatrix/a-pass.tc', 'passed'), ('kmatrix/b-fail.tc', 'failed')]"
json "d['cells'][1]['folder'] == d['cells'][0]['folder']"
expect_code 0 kmatrix show
says out "(identical to $one)"
expect_code 0 kmatrix claims
says out "2 cases in 1 pair of cells, 1 of them of identical kernels"
says out "4 cases in 2 cells, 1 of them with the kernel of another"
expect_code 0 kmatrix history kmatrix/b-fail.tc
says out "(identical to $one)"

# A cell that is run alone has results of its own.
expect_code 1 kmatrix run "$here/experiments/identical.yaml" --only config=two
expect_code 0 kmatrix show --json
json "[c['identical_to'] for c in d['cells']] == [None]"
finished
