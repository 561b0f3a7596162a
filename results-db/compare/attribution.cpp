// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts. The series is blamed or praised for a case only if the evidence of all strata together
// holds against the false discovery rate of the whole run, and for a stratum only if what was seen
// there is enough by itself as well; or if the difference is certain, because it follows from the
// kernels alone. All other words describe what was seen, and blame nobody.
#include "compare/attribution.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace kmatrix::compare {

namespace {

constexpr std::array<const char*, 12> verdict_names{
    "same",     "regressed",  "fixed",        "changed", "by_config",      "by_tree",
    "by_tests", "by_machine", "pre_existing", "flaky",   "infrastructure", "undecided"};

double rate(int count, int runs) {
  return runs == 0 ? 0 : static_cast<double>(count) / static_cast<double>(runs);
}

/// What an effect of the series on this event is called: better or worse, if that is what most of
/// it comes to.
Verdict direction(const Seen& base, const Seen& with, const std::string& event) {
  const double worse = rate(with.bad, with.runs) - rate(base.bad, base.runs);
  const double all = rate(hits(with, event), with.runs) - rate(hits(base, event), base.runs);
  if (worse == 0 || std::abs(worse) < std::abs(all) / 2) return Verdict::changed;
  return worse > 0 ? Verdict::regressed : Verdict::fixed;
}

bool is_mixed(const Seen& seen) {
  return seen.runs > 0 &&
         std::none_of(seen.count.begin(), seen.count.end() - 1,  // the last one is no evidence
                      [&](int count) { return count == seen.runs; });
}

/// `holds`: the case's evidence is enough; `enough`: what a stratum needs by itself.
Verdict verdict_of(const StratumAttribution& stratum, const std::vector<Seen>& seen, bool holds,
                   double enough) {
  const auto& base = seen[stratum.base_cell];
  const auto& with = seen[stratum.series_cell];
  if (base.runs == 0 || with.runs == 0)
    return base.infra() + with.infra() > 0 ? Verdict::infrastructure : Verdict::undecided;
  if (!stratum.differs) return base.bad > 0 ? Verdict::pre_existing : Verdict::same;
  if (stratum.certain) return direction(base, with, "bad");
  if (stratum.log_e >= enough)
    return holds ? direction(base, with, stratum.event) : Verdict::undecided;
  return is_mixed(base) || is_mixed(with) ? Verdict::flaky : Verdict::undecided;
}

Seen sum(const Seen& a, const Seen& b) {
  Seen both = a;
  for (std::size_t i = 0; i < kinds; ++i) both.count.at(i) += b.count.at(i);
  both.runs += b.runs;
  both.bad += b.bad;
  return both;
}

/// The series is the cause, but no stratum has enough evidence of its own.
Verdict together(const CaseAttribution& attribution, const Effect& effect) {
  Seen base, with;
  for (const auto& stratum : attribution.strata) {
    if (stratum.series != effect.value) continue;
    base = sum(base, attribution.seen[stratum.base_cell]);
    with = sum(with, attribution.seen[stratum.series_cell]);
  }
  return direction(base, with, effect.event);
}

Verdict by_axis(const std::string& of) {
  if (of == "config") return Verdict::by_config;
  if (of == "tests") return Verdict::by_tests;
  return of == "tree" ? Verdict::by_tree : Verdict::by_machine;
}

/// Does a cell without a partner, such as one of a tree that has the series, show what no cell with
/// one does, or what another of its like does not?
bool differs_outside_of_strata(const CaseAttribution& attribution) {
  std::vector<bool> paired(attribution.seen.size());
  for (const auto& stratum : attribution.strata)
    paired[stratum.base_cell] = paired[stratum.series_cell] = true;
  std::array<bool, kinds> inside{}, outside{};
  for (std::size_t cell = 0; cell < paired.size(); ++cell)
    for (std::size_t i = 0; i < kinds; ++i)
      if (is_evidence(static_cast<Kind>(i)) && attribution.seen[cell].count.at(i) > 0)
        (paired[cell] ? inside : outside).at(i) = true;
  const bool any_inside = std::find(inside.begin(), inside.end(), true) != inside.end();
  bool alone = false;
  for (std::size_t i = 0; i < kinds; ++i)
    alone = alone || (outside.at(i) && any_inside && !inside.at(i));
  return alone || std::count(outside.begin(), outside.end(), true) > 1;
}

/// The first of these that a stratum has, or that the whole has, is the case's.
constexpr std::array<Verdict, 11> weightiest_first{
    Verdict::regressed, Verdict::fixed,        Verdict::changed,       Verdict::undecided,
    Verdict::by_config, Verdict::by_tree,      Verdict::by_tests,      Verdict::by_machine,
    Verdict::flaky,     Verdict::pre_existing, Verdict::infrastructure};

Verdict overall(const CaseAttribution& attribution) {
  std::vector<Verdict> found;
  bool by_series = false;
  for (const auto& stratum : attribution.strata) {
    found.push_back(stratum.verdict);
    by_series = by_series || is_by_series(stratum.verdict);
  }
  for (const auto& effect : attribution.effects) {
    if (!effect.holds || effect.of == "series x config") continue;
    if (effect.of != "series")
      found.push_back(by_axis(effect.of));
    else if (!by_series)
      found.push_back(together(attribution, effect));
  }
  for (const Verdict each : weightiest_first)
    if (std::find(found.begin(), found.end(), each) != found.end()) return each;
  return differs_outside_of_strata(attribution) ? Verdict::undecided : Verdict::same;
}

bool holds_for(const CaseAttribution& attribution, const std::string& series, double alpha) {
  return std::any_of(
      attribution.effects.begin(), attribution.effects.end(), [&](const Effect& effect) {
        return effect.of == "series" && effect.value == series && effect.fdr <= alpha;
      });
}

/// Adjusts the effects of one kind over all cases.
void control(std::vector<CaseAttribution>& cases, double alpha) {
  std::map<std::string, std::vector<Effect*>> families;
  for (auto& each : cases)
    for (auto& effect : each.effects) families[effect.of].push_back(&effect);
  for (const auto& family : families) {
    std::vector<double> log_e;
    for (const auto* effect : family.second) log_e.push_back(effect->log_e);
    const auto fdr = false_discovery_rates(log_e);
    for (std::size_t i = 0; i < fdr.size(); ++i) {
      family.second[i]->fdr = fdr[i];
      family.second[i]->holds = family.second[i]->certain || fdr[i] <= alpha;
    }
  }
}

}  // namespace

std::string to_string(Verdict verdict) {
  return verdict_names.at(static_cast<std::size_t>(verdict));
}

bool is_by_series(Verdict verdict) {
  return verdict == Verdict::regressed || verdict == Verdict::fixed || verdict == Verdict::changed;
}

void conclude(std::vector<CaseAttribution>& cases, double confidence) {
  const double alpha = 1 - confidence, enough = -std::log(alpha);
  control(cases, alpha);
  for (auto& each : cases) {
    for (auto& stratum : each.strata)
      stratum.verdict =
          verdict_of(stratum, each.seen, holds_for(each, stratum.series, alpha), enough);
    each.verdict = overall(each);
  }
}

std::vector<CaseAttribution> attribute(const Layout& layout,
                                       const std::vector<CaseObservations>& cases,
                                       double confidence) {
  std::vector<CaseAttribution> attributions;
  for (const auto& observed : cases) {
    attributions.push_back(weigh_case(layout, observed));
    weigh_rest(layout, observed, confidence, attributions.back());
  }
  conclude(attributions, confidence);
  for (auto& each : attributions) describe(layout, each);
  return attributions;
}

}  // namespace kmatrix::compare
