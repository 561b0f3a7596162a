// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "store/sqlite.h"
#include "store/store.h"

// What a row of a query in queries/ says. The readers take the columns in the order of the files.
namespace kmatrix::store {

RunRow read_run(Statement& row);
KernelRow read_kernel(Statement& row);
SelftestsRow read_selftests(Statement& row);
CellRow read_cell(Statement& row);
LastCell read_last_cell(Statement& row);
CaseRow read_case(Statement& row);
IncidentRow read_incident(Statement& row);
EffortRow read_effort(Statement& row);
TimeRow read_time(Statement& row);

}  // namespace kmatrix::store
