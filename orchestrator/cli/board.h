// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/clock.h"

namespace kmatrix::cli {

/// What a run is at, for the lines that are drawn again and again on a terminal.
struct BoardState {
  struct Build {
    std::string kernel;
    int objects = 0, expected = 0;  ///< expected: 0 is unknown
    support::Seconds since{0};
  };
  struct Boot {
    std::string cell, case_name;
    std::size_t done = 0, total = 0;  ///< cases
    support::Seconds since{0};        ///< that this case (or the boot) began
  };
  std::size_t done = 0, failed = 0, total = 0;  ///< kernels and cells
  support::Seconds elapsed{0};
  std::optional<support::Seconds> left;  ///< of the whole run
  std::vector<Build> builds;
  std::vector<Boot> boots;
};

/// The lines, of less than `width` columns each and less than `height` of them; what has no place
/// is counted on the last one. ASCII without escapes. Pure.
std::vector<std::string> board_lines(const BoardState& state, std::size_t width,
                                     std::size_t height);

}  // namespace kmatrix::cli
