// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "compare/attribution.h"
#include "store/store.h"

namespace kmatrix::compare {

/// "ftrace-direct@v7.2": the suite, and where its tests are from (spec/test_sources.h); "" for each
/// kernel's own tree.
struct SuiteName {
  std::string suite, tests;
};
SuiteName parse_suite_name(const std::string& name);

/// Where a cell stands; `crossed`: tests of several trees run on one kernel, so that those of the
/// kernel's own have to be told from them.
Coordinates coordinates_of(const store::CellRow& cell, bool crossed);

/// A run as it is stored.
struct RunRows {
  store::RunId id;
  std::vector<store::KernelRow> kernels;
  std::vector<store::CellRow> cells;
  std::vector<store::CaseRow> cases;
  std::vector<store::IncidentRow> incidents;
  std::vector<store::CaseRow> reruns = {};  ///< the further runs of cases, in their order
};

struct Observed {
  std::vector<Coordinates> cells;
  std::vector<CaseObservations> cases;
};

/// What some runs of an experiment observed, the oldest first: a case may have been run in each.
/// Results that a run took over from another one count once; those of an identical cell are marked.
/// What says nothing yet (planned, interrupted) is left out; a suite that is unavailable, a kernel
/// that did not build and a case that a cell's suite does not have are certain. A test that was
/// expected to be unavailable, and failed as such a test does (xfailed), says what the state of its
/// cell would have said. An incident that counts is a case of its suite, "WARNING in f (warning)",
/// reported or clean in each run of the case that it belongs to, or of the cell if it belongs to
/// none.
Observed observe(const std::vector<RunRows>& runs);

}  // namespace kmatrix::compare
