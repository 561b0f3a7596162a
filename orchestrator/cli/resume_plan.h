// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plan/matrix.h"
#include "run/prepare.h"
#include "store/store.h"

namespace kmatrix::cli {

/// What the store has of a run.
struct StoredRows {
  std::vector<store::KernelRow> kernels;
  std::vector<store::CellRow> cells;
  std::vector<store::CaseRow> cases;
};

/// What of an interrupted run stays as it is; all else is done (again). Indices are those of the
/// Matrix; rows are those of the store.
struct ResumePlan {
  std::map<std::size_t, store::KernelRow> finished_kernels;
  std::map<std::size_t, store::CellRow> finished_cells;
  /// Cells that were cut in the middle: the cases that have an outcome.
  std::map<std::size_t, std::set<std::string>> finished_cases;
  std::map<std::size_t, store::CellRow> cut_cells;
  /// Cells whose inputs are no longer those of their results, which are dropped.
  std::map<std::size_t, store::CellRow> changed_cells;
};

/// Pure. A kernel is finished if it was built with the key that it has now, or failed to; a cell
/// if it came to an end that is not our own fault, with the key that it has now.
ResumePlan plan_resume(const plan::Matrix& matrix, const run::Prepared& prepared,
                       const std::vector<support::Digest>& cell_keys, const StoredRows& stored);

}  // namespace kmatrix::cli
