// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/differences.h"

#include <algorithm>

namespace kmatrix::compare {

namespace {

bool is_by(const std::string& axis, Verdict verdict) {
  return axis == "series" ? is_by_series(verdict) : to_string(verdict) == "by_" + axis;
}

bool is_open(Verdict verdict) {
  return verdict == Verdict::undecided || verdict == Verdict::infrastructure;
}

/// Is a verdict that is open about the series? Not if only cells without a partner differ.
bool is_of_series(const CaseAttribution& attribution) {
  return std::any_of(attribution.strata.begin(), attribution.strata.end(),
                     [](const auto& stratum) { return is_open(stratum.verdict); });
}

/// The cells that a verdict speaks of, by index: of one about the series, those of its strata.
std::vector<std::size_t> concerned(const std::string& axis, const CaseAttribution& attribution) {
  std::vector<std::size_t> cells;
  for (const auto& stratum : attribution.strata)
    if (axis == "series" && stratum.verdict == attribution.verdict)
      cells.insert(cells.end(), {stratum.base_cell, stratum.series_cell});
  for (std::size_t i = 0; cells.empty() && i < attribution.seen.size(); ++i)
    if (attribution.seen[i].observed()) cells.push_back(i);
  return cells;
}

}  // namespace

std::vector<CausedDifference> differences_by(const std::string& axis,
                                             const Attributed& attributed) {
  std::vector<CausedDifference> differences;
  for (const auto& each : attributed.cases) {
    if (!is_by(axis, each.verdict) && !is_open(each.verdict)) continue;
    if (axis == "series" && is_open(each.verdict) && !is_of_series(each)) continue;
    CausedDifference difference{each.suite, each.name, each.where, {}, is_open(each.verdict)};
    if (difference.text.empty()) difference.text = to_string(each.verdict);
    if (!each.counts.empty()) difference.text += " (" + each.counts + ")";
    for (const auto index : concerned(axis, each))
      if (auto name = attributed.observed.name_of(each.suite, index); !name.empty())
        difference.cells.push_back(std::move(name));
    differences.push_back(std::move(difference));
  }
  return differences;
}

}  // namespace kmatrix::compare
