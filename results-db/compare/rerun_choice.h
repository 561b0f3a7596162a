// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compare/attribution.h"

namespace kmatrix::compare {

struct RerunBudget {
  int runs = 20;          ///< of a case in a cell, the first pass included
  std::size_t total = 0;  ///< reruns that may still be spent; 0: any number
  int quiet = 2;          ///< runs of a pair that does not differ, until that is believed
  int siblings = 3;       ///< runs of the pairs that stay as they are, of a case that is changed
  int infra_tries = 4;    ///< that failed through us, more than did not, until a cell is given up
  double smallest = 0.6;  ///< effects smaller than this are not pursued
  double confidence = default_confidence;
};

enum class RerunWhy {
  infrastructure,  ///< one side has no evidence
  quiet,           ///< does not differ, and did not run often enough to believe it
  ambiguous,       ///< the sides differ, by chance or not
  sibling          ///< the series changes the case elsewhere
};
std::string to_string(RerunWhy why);

struct Rerun {
  std::size_t case_index = 0, cell = 0;
  RerunWhy why = RerunWhy::ambiguous;
};
/// One round: what to run next, in this order; more at a time the more was run, since each round
/// needs fresh machines. The sides of a pair follow each other and take turns in being first.
/// Nothing: all is decided, or the budget is spent. `cases` as conclude() left them, with all of
/// their evidence. A round must be run to its end before the next one is chosen.
std::vector<Rerun> choose_reruns(const std::vector<CaseAttribution>& cases,
                                 const RerunBudget& budget = {});

}  // namespace kmatrix::compare
