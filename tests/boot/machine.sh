#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The machine layer alone on real machines: panics, hangs, floods, kills. Kernel and disks are those
# of a cell.
. "$(dirname "$0")/lib.sh"

expect_code 0 kmatrix run "$top/matrices/quickstart.yaml" --only suite=boot --only series=base --again
xml=$(sqlite3 "$work/results.db" "SELECT machine_xml FROM cell WHERE machine_xml <> ''")
file_of() { grep -o "[^'\">]*/$1/[0-9a-f]\{16\}[^'\"<]*" <<<"$xml" | head -n 1; }
KMATRIX_TEST_IMAGE=$(file_of kernels)
KMATRIX_TEST_ROOT=$(file_of images)
KMATRIX_TEST_CELL=$(file_of disks)
export KMATRIX_TEST_IMAGE KMATRIX_TEST_ROOT KMATRIX_TEST_CELL
[ -f "$KMATRIX_TEST_IMAGE" ] && [ -f "$KMATRIX_TEST_ROOT" ] && [ -f "$KMATRIX_TEST_CELL" ] ||
  fail "the cell's machine has no kernel and disks: $xml"
"${MACHINE_BOOT_TEST:?}" --gtest_filter=-MachineTest.Victim >"$work/out" 2>&1 || { tail -n 60 "$work/out" >&2; fail "machine_boot_test"; }
if grep -q 'SKIPPED' "$work/out"; then grep SKIPPED "$work/out" >&2; fail "a test was skipped"; fi
finished
