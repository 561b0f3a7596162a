// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "report/report.h"

namespace kmatrix::browse {

/// What the cases of a run are in its other cells of the same suite; pure. A cell that is
/// unavailable or blocked as a whole has its state for all cases of the suite.
class Beside {
 public:
  explicit Beside(const report::StoredRun& run);
  /// Is the case something else in another cell?
  bool differs(const store::CaseRow& result) const;
  /// Has the cell a case that differs, or is it the one whose state does?
  bool differs(std::int64_t cell) const { return cells_.count(cell) != 0; }
  /// "2 passed, 1 unavailable": the other cells; "" if there is none.
  std::string others(const store::CaseRow& result) const;

 private:
  using Outcomes = std::map<std::int64_t, std::string>;  ///< by cell
  const Outcomes* outcomes_of(const store::CaseRow& result) const;

  std::map<std::int64_t, std::string> suites_;                     ///< by cell
  std::map<std::pair<std::string, std::string>, Outcomes> cases_;  ///< by suite and name
  std::set<std::int64_t> cells_;                                   ///< that differ
};

/// A character that tells an outcome, or the state of a cell or run, without its colour.
char sign_of(const std::string& word);
/// What stands for a cell in one word: its state, or of one that is done its worst outcome.
std::string word_of_cell(const store::CellRow& cell,
                         const std::vector<const store::CaseRow*>& cases);

}  // namespace kmatrix::browse
