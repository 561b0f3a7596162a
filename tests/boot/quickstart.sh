#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The main job: real kernels with and without the series, built, booted, tested and compared.
. "$(dirname "$0")/lib.sh"
file=$top/matrices/quickstart.yaml

expect_code 0 kmatrix run "$file"
expect_code 0 kmatrix show --json
json 'd["run"]["state"] == "done"'
json 'sorted((k["series"], k["state"] in ("built", "cached")) for k in d["kernels"]) == [("base", True), ("direct-calls", True)]'
json '{(c["series"], c["suite"]): c["state"] for c in d["cells"]} == {("base", "boot"): "done", ("base", "ftrace-direct"): "unavailable", ("base", "ftrace-samples"): "unavailable", ("direct-calls", "boot"): "done", ("direct-calls", "ftrace-direct"): "done", ("direct-calls", "ftrace-samples"): "done"}'
json 'all(c["reason"] == "DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set" for c in d["cells"] if c["state"] == "unavailable")'
json 'sorted(c["name"] for c in cases if c["suite"] == "ftrace-samples") == ["ftrace-direct", "ftrace-direct-modify", "ftrace-direct-multi", "ftrace-direct-multi-modify", "ftrace-direct-too"]'
json 'sorted(c["name"] for c in cases if c["suite"] == "ftrace-direct") == ["direct/ftrace-direct.tc", "direct/kprobe-direct.tc"]'
json 'all(c["outcome"] == "passed" for c in cases)'
json 'incidents == []'

expect_code 0 kmatrix compare --axis series
says out "DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set"
expect_code 0 kmatrix log latest direct-calls/clang-cfi/arm64-tcg/ftrace-samples ftrace-direct-modify
says out "kmatrix-sample: PASS"
says out "kmatrix: START"

# Nothing changed: nothing is built or booted, and the run has the same results.
expect_code 0 kmatrix plan "$file" --json
json 'all(k["cached"] for k in d["kernels"])'
expect_code 0 timeout 10 "$KMATRIX" --db "$work/results.db" --cache "$base/cache" run "$file"
[ "$(grep -c unchanged "$work/err")" = 4 ] || { cat "$work/err" >&2; fail "cells ran again"; }
expect_code 0 kmatrix show --json
json 'len(cases) == 9 and all(c["outcome"] == "passed" for c in cases)'
# Unless that is asked for.
expect_code 0 kmatrix run "$file" --only suite=boot --again
if grep -q 'unchanged\|built ' "$work/err"; then fail "--again did not run again"; fi
expect_code 0 kmatrix runs --json
json 'len(d["runs"]) == 3'
# A cache may be named relative to where one is.
cd "$base"
expect_code 0 "$KMATRIX" --db "$work/results.db" --cache cache run "$file" --only suite=boot --again
finished
