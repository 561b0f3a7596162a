// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/verdicts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "report/table.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

using compare::CaseAttribution;
using compare::Verdict;

/// In the order in which a reader wants to see them.
constexpr std::array<Verdict, 12> order{
    Verdict::regressed, Verdict::changed,      Verdict::undecided,      Verdict::fixed,
    Verdict::by_config, Verdict::by_tree,      Verdict::by_tests,       Verdict::by_machine,
    Verdict::flaky,     Verdict::pre_existing, Verdict::infrastructure, Verdict::same};

Tone tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::regressed:
      return Tone::bad;
    case Verdict::fixed:
      return Tone::good;
    case Verdict::same:
      return Tone::dim;
    default:
      return Tone::plain;
  }
}

/// "regressed by the series"
std::string words_of(Verdict verdict) {
  auto text = to_string(verdict);
  std::replace(text.begin(), text.end(), '_', ' ');
  return is_by_series(verdict) ? text + " by the series" : text;
}

nlohmann::ordered_json interval_json(const compare::Difference& difference) {
  return {{"estimate", difference.estimate},
          {"low", difference.interval.low},
          {"high", difference.interval.high}};
}

nlohmann::ordered_json strata_json(const CaseAttribution& each,
                                   const std::vector<std::string>& names) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& stratum : each.strata)
    list.push_back({{"base", names[stratum.base_cell]},
                    {"series", names[stratum.series_cell]},
                    {"verdict", to_string(stratum.verdict)},
                    {"pairs_of_runs", stratum.pairs},
                    {"certain", stratum.certain},
                    {"event", text_or_null(stratum.event)},
                    {"effect", interval_json(stratum.difference)},
                    {"log_e", stratum.log_e}});
  return list;
}

nlohmann::ordered_json effects_json(const CaseAttribution& each) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& effect : each.effects)
    list.push_back({{"of", effect.of},
                    {"value", text_or_null(effect.value)},
                    {"event", text_or_null(effect.event)},
                    {"effect", interval_json(effect.difference)},
                    {"log_e", effect.log_e},
                    {"fdr", effect.fdr},
                    {"certain", effect.certain},
                    {"holds", effect.holds}});
  return list;
}

}  // namespace

std::string verdicts_text(const StoredRun& run, const compare::Attributed& attributed,
                          bool colour) {
  std::map<Verdict, std::vector<const CaseAttribution*>> cases;
  for (const auto& each : attributed.cases) cases[each.verdict].push_back(&each);
  Table table;
  std::vector<std::string> counts;
  for (const auto verdict : order) {
    if (cases[verdict].empty()) continue;
    counts.push_back(fmt::format("{} {}", cases[verdict].size(), words_of(verdict)));
    if (verdict == Verdict::same) continue;
    for (const auto* each : cases[verdict])
      table.add({Piece(words_of(verdict), tone_of(verdict)),
                 line_of(each->suite + ": " + each->name), line_of(each->where), each->counts});
  }
  auto text = table.render(colour);
  return text + fmt::format("{}run {} ({}): {}\n", text.empty() ? "" : "\n", run.run.id.value,
                            line_of(run.run.experiment),
                            counts.empty() ? "no case" : support::join(counts, ", "));
}

nlohmann::ordered_json verdicts_json(const compare::Attributed& attributed) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& each : attributed.cases) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < attributed.observed.cells.size(); ++i)
      names.push_back(attributed.observed.name_of(each.suite, i));
    list.push_back({{"suite", each.suite},
                    {"case", each.name},
                    {"verdict", to_string(each.verdict)},
                    {"where", text_or_null(each.where)},
                    {"counts", text_or_null(each.counts)},
                    {"strata", strata_json(each, names)},
                    {"effects", effects_json(each)}});
  }
  return {{"cases", std::move(list)}};
}

}  // namespace kmatrix::report
