#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The machine layer alone on real machines: panics, hangs, floods, kills. It takes kernel and disks
# from the cache, where the quickstart test has put them.
. "$(dirname "$0")/lib.sh"

newest() { ls -t "$@" 2>/dev/null | head -n 1; }

KMATRIX_TEST_IMAGE=$(newest "$base"/cache/kernels/*/Image)
KMATRIX_TEST_ROOT=$(newest "$base"/cache/images/*.erofs)
KMATRIX_TEST_CELL=$(newest "$base"/cache/disks/*.erofs)
export KMATRIX_TEST_IMAGE KMATRIX_TEST_ROOT KMATRIX_TEST_CELL
[ -n "$KMATRIX_TEST_IMAGE" ] || fail "there is no kernel in the cache: run the quickstart test first"
"${MACHINE_BOOT_TEST:?}" --gtest_filter=-MachineTest.Victim >"$work/out" 2>&1 || { tail -n 60 "$work/out" >&2; fail "machine_boot_test"; }
if grep -q 'SKIPPED' "$work/out"; then grep SKIPPED "$work/out" >&2; fail "a test was skipped"; fi
finished
