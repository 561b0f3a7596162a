// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "browse/browser.h"

namespace kmatrix::browse {

/// What is on the screen.
struct View {
  std::vector<Styled> lines;  ///< as many as the screen has, none wider than it
  std::optional<std::pair<std::size_t, std::size_t>> cursor = {};  ///< line and column
};

/// Pure. `unicode`: the terminal has more than ASCII.
View view(const Browser& browser, bool unicode);

}  // namespace kmatrix::browse
