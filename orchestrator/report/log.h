// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "store/store.h"

namespace kmatrix::report {

/// One piece of a log with a heading. Its text is as it was written, and not safe for a terminal.
struct LogPiece {
  std::string title, text;
  std::filesystem::path file;  ///< empty: it is of none
};

/// The consoles of a cell; of one that never booted its kernel's build log, or the reason.
Result<std::vector<LogPiece>> log_of_cell(const store::Store& store, const store::CellRow& cell);
/// What a case came to, what its process printed, and its part of the console. Input error: the
/// cell has no such case.
Result<std::vector<LogPiece>> log_of_case(const store::Store& store, const store::CellRow& cell,
                                          const std::string& name);

/// The pieces below each other, safe for a terminal.
std::string log_text(const std::vector<LogPiece>& pieces);

}  // namespace kmatrix::report
