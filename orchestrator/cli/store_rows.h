// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "run/observer.h"
#include "store/store.h"

namespace kmatrix::cli {

/// What happened as the database keeps it, but for the cell.
store::CaseRow case_row(const run::CaseRecord& record);
store::IncidentRow incident_row(const run::IncidentRecord& record);

}  // namespace kmatrix::cli
