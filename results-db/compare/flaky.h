// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "store/store.h"

namespace kmatrix::compare {

/// A case that did not always come out the same although nothing that it depends on had changed.
struct FlakyCase {
  std::string cell, suite, case_name;
  std::size_t keys = 0;                                       ///< sets of inputs with which it did
  std::vector<std::pair<std::string, std::size_t>> outcomes;  ///< with counts, the most usual first
  std::vector<std::pair<std::int64_t, std::string>> seen;     ///< runs and outcomes, oldest first
  /// The share of the observations that were not the usual outcome of their inputs: 0 to 1.
  double rate = 0;
};

/// Pure. One for each cell name and case, the highest rate first.
std::vector<FlakyCase> flaky(const std::vector<store::UnstableCase>& unstable);

}  // namespace kmatrix::compare
