// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/experiment_file.h"
#include "cli/workshop.h"
#include "compare/claims.h"
#include "compare/differences.h"
#include "report/report.h"

namespace kmatrix::cli {

/// What each case of a run comes to.
compare::Attributed attribute(const report::StoredRun& stored, double confidence);

/// Holds the claims of an experiment against a run. Objects are those that the cache has.
std::vector<store::ClaimRow> evaluate_claims(const ReadExperiment& read,
                                             const report::StoredRun& stored,
                                             const compare::Attributed& attributed,
                                             Workshop& workshop);

/// Verdicts and claims, kept with the run.
Status conclude(const ReadExperiment& read, const report::StoredRun& stored, Workshop& workshop,
                store::Store& store);

}  // namespace kmatrix::cli
