// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/run_options.h"
#include "plan/matrix.h"
#include "report/report.h"

namespace kmatrix::cli {

/// What of an earlier run runs again. Indices are those of `matrix`.
struct RerunPlan {
  plan::Matrix matrix;                                ///< the cells that run again
  std::map<std::size_t, std::set<std::string>> skip;  ///< by cell: the cases that do not
  std::vector<std::string> whys;                      ///< by cell
};

/// Is `row` an outcome of the process of the case `name`? So are "name (instance)" and
/// "name/subtest".
bool belongs_to(const std::string& row, const std::string& name);

/// Pure. `matrix` is that of the earlier run. With `failed` only what was not good: cases with a
/// bad outcome or an incident, and cells that never came to an outcome. Input errors: a glob that
/// matches nothing, nothing to run.
Result<RerunPlan> plan_rerun(const plan::Matrix& matrix, const report::StoredRun& earlier,
                             const Rerun& rerun);

/// What of a bundle's cell runs, which is the only one of `matrix`. Pure.
RerunPlan plan_replay(const plan::Matrix& matrix, const Replay& replay);

/// The cases of a bundle's cell, of which all have a row in `names`, that do not run where only
/// `chosen` are wanted. Pure.
std::vector<std::string> not_chosen(const std::vector<std::string>& names,
                                    const std::vector<std::string>& chosen);

}  // namespace kmatrix::cli
