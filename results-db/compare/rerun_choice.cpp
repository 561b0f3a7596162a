// SPDX-License-Identifier: GPL-2.0-or-later
//
// A stratum is run again until
//   - it is decided: the case's effect holds, and the stratum's own evidence says so too; or
//   - it is futile: the interval of its difference has shrunk to effects that are too small; or
//   - its budget is spent.
// All three are judged by complete pairs of runs, so that no decision looks at half a block
// (evidence.cpp). If the total does not suffice for a round, the cases with most evidence go first:
// they are nearest to a verdict.
#include "compare/rerun_choice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>

namespace kmatrix::compare {

namespace {

bool holds(const CaseAttribution& attribution, const std::string& series) {
  return std::any_of(
      attribution.effects.begin(), attribution.effects.end(), [&](const Effect& effect) {
        return effect.of == "series" && effect.value == series && effect.holds && !effect.certain;
      });
}

bool is_futile(const StratumAttribution& stratum, double smallest) {
  const auto& interval = stratum.rough;
  return interval.low > -smallest && interval.high < smallest;
}

/// At most one pair differs: others may hide an effect yet, and the case is hardly flaky in all.
bool is_quiet(const CaseAttribution& attribution) {
  return std::count_if(attribution.strata.begin(), attribution.strata.end(),
                       [](const StratumAttribution& stratum) { return stratum.pairs_differ; }) <= 1;
}

std::optional<RerunWhy> why_again(const CaseAttribution& attribution,
                                  const StratumAttribution& stratum, const RerunBudget& budget) {
  const auto& base = attribution.seen[stratum.base_cell];
  const auto& with = attribution.seen[stratum.series_cell];
  if (base.runs == 0 || with.runs == 0) return RerunWhy::infrastructure;
  const auto pairs = static_cast<int>(stratum.pairs);
  if (base.certain || with.certain || base.copied || with.copied || pairs >= budget.runs)
    return std::nullopt;
  if (pairs < budget.quiet && !stratum.pairs_differ && is_quiet(attribution))
    return RerunWhy::quiet;
  const bool found = holds(attribution, stratum.series);
  if (!stratum.pairs_differ)
    return found && pairs < budget.siblings ? std::optional(RerunWhy::sibling) : std::nullopt;
  if (is_futile(stratum, budget.smallest)) return std::nullopt;
  if (found && stratum.log_e >= -std::log(1 - budget.confidence)) return std::nullopt;
  return RerunWhy::ambiguous;
}

/// How many pairs the stratum is to have after the next round.
int goal_of(const StratumAttribution& stratum, const RerunBudget& budget, RerunWhy why) {
  const auto pairs = static_cast<int>(stratum.pairs);
  const int more = why == RerunWhy::ambiguous ? 1 + pairs / 8 : 1;
  return std::min(budget.runs, pairs + more);
}

/// Adds the runs that complete the stratum's next pairs. `added`: so far, by cell; several series
/// share a base.
void complete(const CaseAttribution& attribution, const StratumAttribution& stratum, int goal,
              const RerunBudget& budget, Rerun next, std::map<std::size_t, int>& added,
              std::vector<Rerun>& reruns) {
  std::array<std::size_t, 2> cells{stratum.base_cell, stratum.series_cell};
  for (const std::size_t cell : cells)  // what we cannot run on one side is not run on the other
    if (attribution.seen[cell].infra() >= budget.infra_tries + attribution.seen[cell].runs) return;
  for (int pair = static_cast<int>(stratum.pairs); pair < goal; ++pair)
    for (const int side : {pair % 2, 1 - pair % 2}) {
      next.cell = cells.at(static_cast<std::size_t>(side));
      if (attribution.seen[next.cell].runs + added[next.cell] > pair) continue;
      ++added[next.cell];
      reruns.push_back(next);
    }
}

double evidence_of(const CaseAttribution& attribution) {
  double most = -std::numeric_limits<double>::infinity();
  for (const auto& effect : attribution.effects)
    if (effect.of == "series") most = std::max(most, effect.log_e);
  return most;
}

}  // namespace

std::string to_string(RerunWhy why) {
  constexpr std::array<const char*, 4> names{"infrastructure", "quiet", "ambiguous", "sibling"};
  return names.at(static_cast<std::size_t>(why));
}

std::vector<Rerun> choose_reruns(const std::vector<CaseAttribution>& cases,
                                 const RerunBudget& budget) {
  std::vector<std::size_t> order(cases.size());
  std::iota(order.begin(), order.end(), 0);
  if (budget.total > 0)
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return evidence_of(cases[a]) > evidence_of(cases[b]);
    });
  std::vector<Rerun> round;
  for (const std::size_t index : order) {
    std::vector<Rerun> of_case;
    std::map<std::size_t, int> added;
    for (const auto& stratum : cases[index].strata)
      if (const auto why = why_again(cases[index], stratum, budget))
        complete(cases[index], stratum, goal_of(stratum, budget, *why), budget, {index, 0, *why},
                 added, of_case);
    if (budget.total > 0 && round.size() + of_case.size() > budget.total) continue;
    round.insert(round.end(), of_case.begin(), of_case.end());
  }
  return round;
}

}  // namespace kmatrix::compare
