#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Series that break a promise of the cover letter: each is found out by the claim that it breaks,
# and the verdicts name the cells. The right series breaks none.
. "$(dirname "$0")/lib.sh"
good=$top/matrices/series/arm64-direct-calls/v6.12

# judge NAME CODE: runs the experiment with the patches in $work/NAME in place of the series
judge() {
  expect_code "$2" kmatrix run "$here/experiments/mutants.yaml" --series direct-calls="$work/$1"
  cp "$work/out" "$work/$1.out"
  kmatrix claims --json >"$work/$1.json" 2>"$work/err" || [ $? = 1 ] || fail "claims of $1"
  kmatrix verdicts --json >"$work/$1.verdicts" 2>"$work/err" || fail "verdicts of $1"
}

# answers NAME STATE...: the claims' states in their order, "holds", "fails" or "open"
answers() {
  local mutant=$1 found; shift
  found=$(python3 -c '
import json, sys
short = {"holds": "holds", "does not hold": "fails", "undecided": "open"}
print(*(short[c["state"]] for c in json.load(open(sys.argv[1]))["claims"]))' "$work/$mutant.json")
  [ "$found" = "$*" ] || { cat "$work/$mutant.out" >&2; fail "$mutant: '$found' instead of '$*'"; }
}

# verdict NAME CASE VERDICT WHERE
verdict() {
  python3 -c '
import json, sys
_, file, case, verdict, where = sys.argv
cases = {c["case"]: c for c in json.load(open(file))["cases"]}
found = cases[case]
if found["verdict"] != verdict or where not in (found["where"] or ""):
    sys.exit("{}: {verdict}, {where}".format(case, **found))' \
    "$work/$1.verdicts" "$2" "$3" "$4" || fail "verdict of $1"
}

for mutant in good kconfig-alone refuses-to-modify drops-call-ops wrong-type; do
  mkdir -p "$work/$mutant"
  cp "$good"/*.patch "$work/$mutant"
  [ ! -d "$here/series/mutants/$mutant" ] || cp "$here/series/mutants/$mutant"/*.patch "$work/$mutant"
done
rm "$work"/kconfig-alone/0001-*

judge good 0
answers good holds holds holds holds holds
verdict good ftrace-direct-modify fixed "clang-cfi"

# The kernel does not build.
judge kconfig-alone 1
answers kconfig-alone holds holds holds fails open
verdict kconfig-alone ftrace-direct changed "clang-cfi without direct-calls; with it: is blocked"

# The samples that move a direct call fail where there is no CALL_OPS.
judge refuses-to-modify 1
answers refuses-to-modify holds holds holds fails holds
verdict refuses-to-modify ftrace-direct fixed "clang-cfi"
verdict refuses-to-modify ftrace-direct-modify changed "clang-cfi without direct-calls; with it: crashes"

# Kernels that had CALL_OPS lose it; the samples pass all the same.
judge drops-call-ops 1
answers drops-call-ops fails fails holds holds holds

# What CFI must catch, and nothing else does. The object of the sample is not what it was.
judge wrong-type 1
answers wrong-type holds fails holds fails fails
verdict wrong-type ftrace-direct fixed "clang-cfi"
verdict wrong-type ftrace-direct-modify changed "on clang-cfi without direct-calls; with it: crashes"
finished
