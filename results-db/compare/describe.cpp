// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "compare/attribution.h"
#include "support/text.h"

namespace kmatrix::compare {

namespace {

/// The effect that the verdict speaks of; none for verdicts that speak of no cause.
const Effect* cause_of(const CaseAttribution& attribution) {
  const std::string of = is_by_series(attribution.verdict)            ? "series"
                         : attribution.verdict == Verdict::by_config  ? "config"
                         : attribution.verdict == Verdict::by_tree    ? "tree"
                         : attribution.verdict == Verdict::by_tests   ? "tests"
                         : attribution.verdict == Verdict::by_machine ? "machine"
                                                                      : "";
  for (const auto& effect : attribution.effects)
    if (effect.of == of && effect.holds) return &effect;
  return nullptr;
}

/// "fails", or "fails or crashes" where each is a quarter of what is bad.
std::string verbs(const CaseAttribution& attribution, const std::vector<bool>& marked,
                  const std::string& event) {
  if (event != "bad") return verb(parse_kind(event).value_or(Kind::failed));
  std::array<int, kinds> count{};
  int all = 0;
  for (std::size_t cell = 0; cell < marked.size(); ++cell)
    for (std::size_t i = 0; i < kinds; ++i) {
      const auto kind = static_cast<Kind>(i);
      if (!marked[cell] || !is_bad(kind) || !is_evidence(kind)) continue;
      count.at(i) += attribution.seen[cell].count.at(i);
      all += attribution.seen[cell].count.at(i);
    }
  std::vector<std::string> words;
  for (std::size_t i = 0; i < kinds; ++i)
    if (count.at(i) > 0 && 4 * count.at(i) >= all) words.push_back(verb(static_cast<Kind>(i)));
  return support::join(words, " or ");
}

/// The strata that the verdict is about; all, if none is by itself.
std::vector<const StratumAttribution*> concerned(const CaseAttribution& attribution,
                                                 const Effect& effect) {
  std::vector<const StratumAttribution*> all, some;
  for (const auto& stratum : attribution.strata) {
    if (stratum.series != effect.value) continue;
    all.push_back(&stratum);
    if (is_by_series(stratum.verdict)) some.push_back(&stratum);
  }
  return some.empty() ? all : some;
}

/// "; with it: crashes": the other side of a change between two outcomes that are not good.
std::string other_side(const CaseAttribution& attribution, const Effect& effect,
                       const std::vector<bool>& marked) {
  std::vector<bool> others(marked.size());
  bool with = false;
  for (const auto* stratum : concerned(attribution, effect))
    for (const auto cell : {stratum->base_cell, stratum->series_cell}) {
      if (marked[cell]) continue;
      others[cell] = true;
      with = cell == stratum->series_cell;
    }
  const auto words = verbs(attribution, others, "bad");
  return words.empty() ? "" : (with ? "; with it: " : "; without it: ") + words;
}

struct Share {
  int count = 0, runs = 0;
  void add(const Seen& seen, const std::string& event) {
    count += hits(seen, event);
    runs += seen.runs;
  }
  std::string text() const { return fmt::format("{} of {}", count, runs); }
};

/// Base against series.
std::string series_counts(const CaseAttribution& attribution, const Effect& effect) {
  Share base, with;
  for (const auto* stratum : concerned(attribution, effect)) {
    base.add(attribution.seen[stratum->base_cell], effect.event);
    with.add(attribution.seen[stratum->series_cell], effect.event);
  }
  return base.text() + " against " + with.text();
}

/// Where it happens against where it does not; all cells together, if that is everywhere.
std::string counts_of(const CaseAttribution& attribution, const std::vector<bool>& marked,
                      const std::string& event) {
  Share here, elsewhere;
  for (std::size_t cell = 0; cell < marked.size(); ++cell)
    (marked[cell] ? here : elsewhere).add(attribution.seen[cell], event);
  return elsewhere.runs == 0 ? here.text() : here.text() + " against " + elsewhere.text();
}

/// The cells in which the event is more than half as frequent as where it is most frequent.
void mark(const CaseAttribution& attribution, const std::string& event, std::vector<bool>& marked,
          std::vector<bool>& clear) {
  double most = 0;
  std::vector<double> rates;
  for (const auto& seen : attribution.seen) {
    rates.push_back(seen.runs == 0 ? -1 : static_cast<double>(hits(seen, event)) / seen.runs);
    most = std::max(most, rates.back());
  }
  for (const double rate : rates) {
    marked.push_back(most > 0 && rate > most / 2);
    clear.push_back(rate >= 0 && !marked.back());
  }
}

}  // namespace

void describe(const Layout& layout, CaseAttribution& attribution) {
  const Effect* cause = cause_of(attribution);
  const std::string event = cause == nullptr ? "bad" : cause->event;
  std::vector<bool> marked, clear;
  mark(attribution, event, marked, clear);
  std::string place = where(layout, marked, clear);
  if (place.empty()) return;
  if (attribution.verdict == Verdict::flaky) {
    marked.assign(marked.size(), true);
    place = "now and then";
  }
  attribution.where = verbs(attribution, marked, event) + " " + place;
  if (attribution.verdict == Verdict::changed && cause != nullptr)
    attribution.where += other_side(attribution, *cause, marked);
  attribution.counts = cause != nullptr && cause->of == "series"
                           ? series_counts(attribution, *cause)
                           : counts_of(attribution, marked, event);
}

}  // namespace kmatrix::compare
