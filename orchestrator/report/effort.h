// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/table.h"
#include "store/store.h"

namespace kmatrix::report {

/// The share of the cores that was busy, from 0; over 1 where another process's work was measured
/// with ours.
double utilisation_of(const store::EffortRow& effort);

/// Wall time over the time that was needed at least: the greater of the work spread over all cores
/// and the critical path. 1 is perfect; 0: nothing was done.
double ratio_of(const store::EffortRow& effort);

/// Lines for the table at the head of a report, for each process that worked on the run.
void add_efforts(Table& table, const std::vector<store::EffortRow>& efforts);
nlohmann::ordered_json efforts_json(const std::vector<store::EffortRow>& efforts);

}  // namespace kmatrix::report
