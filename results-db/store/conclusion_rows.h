// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace kmatrix::store {

/// A claim of a run's experiment, in the order of the file.
struct ClaimRow {
  std::string text, place;  ///< "x.yaml:60:5"
  std::string state;        ///< holds, does not hold, undecided
  std::string basis;        ///< what it was looked for in
  std::string evidence;     ///< JSON: {against: [{where, what, found, detail}], missing: [...]}
  bool operator==(const ClaimRow&) const = default;
};

/// What a case came to over the cells of a run (docs/attribution.md). `same` has no row.
struct VerdictRow {
  std::string suite, case_name, verdict;
  std::string where;   ///< "fails only on clang-cfi without direct-calls"
  std::string counts;  ///< "0 of 3 against 3 of 3"
  bool operator==(const VerdictRow&) const = default;
};

}  // namespace kmatrix::store
