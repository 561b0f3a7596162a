#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel that panics at boot, and a guest that hangs before its agent: blocked, with the reason.
. "$(dirname "$0")/lib.sh"

variant() { # NAME KERNEL-ARGUMENTS
  sed -e "s,series/arm64,$top/matrices/series/arm64,; s,\[fragments,[$top/matrices/fragments," \
    -e "s,memory_mib: 1024,memory_mib: 512\, boot_timeout_s: 8\, kernel_args: \"$2\"," \
    "$top/matrices/quickstart.yaml" > "$work/$1.yaml"
}

variant panics "init=/no/such/program"
expect_code 1 kmatrix run "$work/panics.yaml" --only suite=boot --only series=base
expect_code 0 kmatrix show --json
json 'd["cells"][0]["state"] == "blocked" and "panic" in d["cells"][0]["reason"]'
json 'any(i["kind"] == "panic" and "Requested init" in i["title"] for i in incidents)'
json '[c["outcome"] for c in cases] == ["blocked"]'
no_machine_left

variant hangs "init=/bin/cat"
expect_code 1 kmatrix run "$work/hangs.yaml" --only suite=boot --only series=base
expect_code 0 kmatrix show --json
json 'd["cells"][0]["state"] == "blocked" and "8 s" in d["cells"][0]["reason"]'
finished
