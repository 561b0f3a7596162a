// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "compare/attribution.h"
#include "store/store.h"

namespace kmatrix::compare {

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
  /// Of the cell that stands at a place (index into `cells`) with a suite; the one that ran.
  std::map<std::pair<std::string, std::size_t>, std::string> names = {};
  /// "": there is none.
  std::string name_of(const std::string& suite, std::size_t cell) const;
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
