#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Commands of an experiment itself, which end with exit codes and speak KTAP.
. "$(dirname "$0")/lib.sh"
outcome() { json "[c['outcome'] for c in cases if c['suite'] == '$1' and c['name'] == '$2'] == ['$3']"; }
message() { json "[c['message'] for c in cases if c['suite'] == '$1' and c['name'] == '$2'] == ['$3']"; }

expect_code 1 kmatrix run "$here/experiments/script.yaml"
expect_code 0 kmatrix show --json
outcome script passes passed
outcome script fails failed
message script fails "exit code 1; last line: 2 and 2 are 5"
outcome script skips skipped
message script skips "there is no such device"
outcome script stays-here passed
json "not any(c['name'] == 'denied' for c in cases)"
outcome script floods timed_out
outcome script after-the-flood passed
json "[c['seconds'] < 600 for c in cases if c['name'] == 'floods'] == [True]"

outcome script speaks passed
outcome script speaks/reads passed
outcome script speaks/writes skipped
outcome script speaks/seeks xfailed
outcome script nests failed
outcome script nests/pages/small passed
outcome script nests/pages/large failed
message script nests/pages/large "small is 4096"
outcome script nests/prefixed/one passed
outcome script lies failed
message script lies "no subtest is bad, but exit code 3"
outcome script lies/says passed
json "len([c for c in cases if c['suite'] == 'script']) == 16"

outcome strict speaks passed
outcome strict fails unresolved
message strict fails "no result of KTAP in the output"
json "len([c for c in cases if c['suite'] == 'strict']) == 5"
# Two machines share a suite: each of the two cases had one of its own.
outcome shared one passed
outcome shared other passed
json "sorted(c['boot'] for c in cases if c['suite'] == 'shared') == [1, 2]"
finished
