// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "cli/command_line.h"
#include "store/store.h"

namespace kmatrix::cli {

/// --tree, --series, --config and --machine (a name or a glob each) and --since of a command that
/// looks at many runs.
void add_filter(CLI::App* command, store::CellFilter& filter);

/// The filter with `since` as the store compares it. Input error: no time that is known here, which
/// are 2026-01-31, 2026-01-31T12:00:00Z, and 12h, 7d or 4w before `now`.
Result<store::CellFilter> checked_filter(store::CellFilter filter,
                                         std::chrono::system_clock::time_point now);

/// For a filter that left nothing over. Input error: a name or glob that nothing in the database
/// has ("did you mean").
Status check_names(const store::Store& store, const store::CellFilter& filter);

}  // namespace kmatrix::cli
