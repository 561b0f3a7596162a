#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is wrong with an experiment comes out before the first object is compiled.
. "$(dirname "$0")/lib.sh"

variant() { # NAME SED-SCRIPT: the quickstart with a change
  sed -e "s,series/arm64,$top/matrices/series/arm64,; s,\[fragments,[$top/matrices/fragments,; $2" \
    "$top/matrices/quickstart.yaml" > "$work/$1.yaml"
}

# A patch that does not apply is named with its hunk and file.
variant patch "s,patches: .*},patches: $here/series/does-not-apply},"
expect_code 2 kmatrix run "$work/patch.yaml"
says err "0001-arm64-ftrace-rename-a-function.patch:"
says err "hunk 2"
says err "arch/arm64/kernel/ftrace.c"

# A config that cannot hold: GCC has no kCFI, and the error says what stopped the symbol.
variant config 's,clang-19: {llvm: 19},clang-19: {gcc: true\, cross: aarch64-linux-gnu-},'
expect_code 2 kmatrix run "$work/config.yaml"
says err "CFI_CLANG"
grep -qE 'epends on' "$work/err" || fail "no word of what CFI_CLANG depends on"

# An expect that does not hold.
variant expect 's,DYNAMIC_FTRACE_WITH_CALL_OPS: n,DYNAMIC_FTRACE_WITH_CALL_OPS: y,'
expect_code 2 kmatrix run "$work/expect.yaml"
says err "DYNAMIC_FTRACE_WITH_CALL_OPS"

# A suite that the config cannot run, and nobody said so.
variant unannounced '/^expect:/,$d'
expect_code 2 kmatrix run "$work/unannounced.yaml"
says err "DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set"
says err "result: unavailable"

# A symbol that the tree does not know.
variant symbol 's,set: {CFI_CLANG: y},set: {CFI_CLANG: y\, FTRAEC: y},'
expect_code 2 kmatrix run "$work/symbol.yaml"
says err "FTRAEC"
says err "did you mean"

# None of them left a run, a build or a half-applied tree behind.
expect_code 0 kmatrix runs --json
json 'd["runs"] == []'
[ -z "$(ls "$base/cache/tmp" 2>/dev/null)" ] || fail "temporary folders are left: $(ls "$base/cache/tmp")"
finished
