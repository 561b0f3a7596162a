// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "plan/keys.h"
#include "plan/outcome.h"

namespace kmatrix::plan {

/// What came of a cell the last time that it was part of a run.
struct LastTime {
  std::int64_t run = 0;
  CellParts parts;  ///< what its results depended on; empty: that was not recorded
  CellState state = CellState::done;
  std::string reason;            ///< for any state but done
  std::string bad;               ///< outcomes that are not good: "2 failed, 1 crashed"; or ""
  std::size_t incidents = 0;     ///< in its log
  std::filesystem::path folder;  ///< of its logs; empty: none
  bool folder_is_gone = false;
};

/// Why a cell runs instead of taking results over: what it depends on and has changed, else what
/// was not good about the last time. One line; pure. `again`: everything is to run again.
std::string why_cell_runs(const std::optional<LastTime>& last, const CellParts& now, bool again);

}  // namespace kmatrix::plan
