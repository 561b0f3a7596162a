#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A compile error in the series: the kernel is not built, its cells are blocked, the log is kept.
. "$(dirname "$0")/lib.sh"
expect_code 1 kmatrix run "$here/experiments/build-failure.yaml"
says err "init/main.c"
says err "no_such_thing"
says err "log: "
says err "again: kmatrix"
expect_code 0 kmatrix show --json
json 'd["kernels"][0]["state"] == "failed" and "no_such_thing" in d["kernels"][0]["first_error"]'
json 'd["cells"][0]["state"] == "blocked" and "no_such_thing" in d["cells"][0]["reason"]'
expect_code 0 kmatrix log latest boot
says out "no_such_thing"
[ -z "$(ls "$base/cache/tmp" 2>/dev/null)" ] || fail "temporary folders are left: $(ls "$base/cache/tmp")"
finished
