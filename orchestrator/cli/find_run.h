// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "cli/options.h"
#include "report/report.h"
#include "store/store.h"

namespace kmatrix::cli {

/// The run that a user named: its number, or "" or "latest" for the newest one.
Result<store::RunRow> find_run(const store::Store& store, const std::string& name);

/// The cell that a user named: its whole name, or a part of it that only one cell of the run has
/// (or only one that was booted).
Result<store::CellRow> find_cell(const store::Store& store, store::RunId run,
                                 const std::string& name);

/// The kernel that a user named, likewise.
Result<store::KernelRow> find_kernel(const store::Store& store, store::RunId run,
                                     const std::string& name);

/// The run that a user named, with all that the store has of it.
Result<report::StoredRun> stored_run(const GlobalOptions& global, const std::string& name);

}  // namespace kmatrix::cli
