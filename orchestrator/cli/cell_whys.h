// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "cli/experiment_file.h"
#include "run/prepare.h"
#include "store/store.h"

namespace kmatrix::cli {

/// A new run: after all that are in the database.
inline constexpr store::RunId newest_run{std::numeric_limits<std::int64_t>::max()};

/// Why each cell of `run` is run or not, in one line; parallel to Matrix::cells. `parts`: what its
/// results depend on; `reuse`: by cell, the results that it takes over. `again`: nothing is.
Result<std::vector<std::string>> why_cells(const ReadExperiment& read,
                                           const run::Prepared& prepared, const store::Store& store,
                                           const std::vector<plan::CellParts>& parts,
                                           const std::map<std::size_t, store::CellRow>& reuse,
                                           bool again, store::RunId run);

}  // namespace kmatrix::cli
