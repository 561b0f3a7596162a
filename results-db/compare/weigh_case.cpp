// SPDX-License-Identifier: GPL-2.0-or-later
//
// From the observations of one case to streams of events, and from those to evidence.
#include <algorithm>

#include "compare/attribution.h"

namespace kmatrix::compare {

namespace {

std::uint32_t bit_of(Kind kind) { return 1U << static_cast<unsigned>(kind); }

/// "bad" first, then the kinds. What is none of them has passed, or was clean.
struct KindEvents {
  std::vector<Event> events;
  std::vector<std::string> names;
};
const KindEvents& kind_events() {
  static const KindEvents all = [] {
    KindEvents made{{{0, .7}}, {"bad"}};
    for (std::size_t i = 0; i < kinds; ++i) {
      const auto kind = static_cast<Kind>(i);
      if (is_bad(kind) && is_evidence(kind)) made.events[0].bits |= bit_of(kind);
      if (!is_evidence(kind) || kind == Kind::passed || kind == Kind::clean) continue;
      made.events.push_back({bit_of(kind), 0});
      made.names.push_back(to_string(kind));
    }
    for (std::size_t i = 1; i < made.events.size(); ++i)
      made.events[i].weight = .3 / static_cast<double>(made.events.size() - 1);
    return made;
  }();
  return all;
}

constexpr double rough_confidence = 0.8;

/// Of pairs of runs, for interactions.
constexpr std::uint32_t worse = 1, better = 2, changed = 4;
const std::vector<Event>& pair_events() {
  static const std::vector<Event> all{{worse, .4}, {better, .4}, {changed, .2}};
  return all;
}
const char* pair_event_name(std::size_t event) {
  constexpr std::array<const char*, 3> names{"worse", "better", "changed"};
  return names.at(event);
}

std::uint32_t bits_of(const std::string& event) {
  const auto& [events, names] = kind_events();
  const auto found = std::find(names.begin(), names.end(), event);
  return events.at(static_cast<std::size_t>(found - names.begin())).bits;
}

/// By cell. What is certain is no evidence of chance, and has no stream; nor has what was copied,
/// or a run would count twice.
std::vector<Stream> streams_of(const CaseObservations& observed, std::size_t cells) {
  std::vector<Stream> streams(cells);
  for (const auto& each : observed.observations)
    if (is_evidence(each.kind) && !each.certain && !each.copied)
      streams[each.cell].push_back(bit_of(each.kind));
  return streams;
}

std::vector<Seen> seen_of(const CaseObservations& observed, std::size_t cells) {
  std::vector<Seen> seen(cells);
  for (const auto& each : observed.observations) {
    auto& cell = seen[each.cell];
    ++cell.count.at(static_cast<std::size_t>(each.kind));
    if (!is_evidence(each.kind)) continue;
    ++cell.runs;
    if (is_bad(each.kind)) ++cell.bad;
    cell.certain = cell.certain || each.certain;
    cell.copied = cell.copied || each.copied;
  }
  return seen;
}

std::uint32_t kinds_of(const Seen& seen) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < kinds; ++i)
    if (is_evidence(static_cast<Kind>(i)) && seen.count.at(i) > 0)
      bits |= bit_of(static_cast<Kind>(i));
  return bits;
}

/// In the blocks of a stratum.
std::uint32_t kinds_of(const Streams& streams, std::size_t count) {
  std::uint32_t bits = 0;
  for (const auto& stream : streams)
    for (std::size_t i = 0; i < std::min(count, stream.size()); ++i) bits |= stream[i];
  return bits;
}

bool are_several(std::uint32_t bits) { return (bits & (bits - 1)) != 0; }

/// Does the certain state of one of two cells tell it from the other?
bool is_certain(const Seen& a, const Seen& b) {
  return (a.certain || b.certain) && a.runs > 0 && b.runs > 0 && (kinds_of(a) & kinds_of(b)) == 0;
}

std::vector<Streams> side_by_side(const Contrast& contrast, const std::vector<Stream>& streams) {
  std::vector<Streams> strata;
  for (const auto& stratum : contrast.strata) {
    Streams row;
    for (const auto& cell : stratum) row.push_back(cell ? streams[*cell] : Stream{});
    strata.push_back(std::move(row));
  }
  return strata;
}

/// The mean of the strata's differences; their intervals hold together at 1 - alpha.
Difference mean_difference(const std::vector<Streams>& strata, std::uint32_t bits,
                           std::size_t value, double alpha) {
  const auto known = std::count_if(strata.begin(), strata.end(), [value](const Streams& streams) {
    return blocks(streams) > 0 && !streams[value].empty();
  });
  if (known == 0) return {};
  const auto count = static_cast<double>(known);
  Difference mean{0, {0, 0}};
  for (const auto& streams : strata) {
    if (blocks(streams) == 0 || streams[value].empty()) continue;
    const Difference each = difference(streams, bits, value, alpha / count);
    mean.estimate += each.estimate / count;
    mean.interval.low += each.interval.low / count;
    mean.interval.high += each.interval.high / count;
  }
  return mean;
}

/// Notes in `effect` if a certain state tells a cell of a stratum from another one.
void look_for_certain(const Contrast& contrast, const std::vector<Seen>& seen, Effect& effect) {
  for (const auto& stratum : contrast.strata)
    for (std::size_t i = 0; i < stratum.size(); ++i)
      for (const auto& other : stratum) {
        if (!stratum[i] || !other || !seen[*stratum[i]].certain) continue;
        const auto& cell = seen[*stratum[i]];
        if (!is_certain(cell, seen[*other])) continue;
        effect.certain = true;
        if (contrast.axis != Axis::series) effect.value = contrast.values[i];
        const bool turned = (cell.bad == cell.runs) != (seen[*other].bad == seen[*other].runs);
        const auto kind = std::max_element(cell.count.begin(), cell.count.end());
        effect.event = turned ? "bad" : to_string(static_cast<Kind>(kind - cell.count.begin()));
        return;
      }
}

void weigh_series(const Contrast& contrast, const std::vector<Stream>& streams,
                  CaseAttribution& attribution) {
  const auto strata = side_by_side(contrast, streams);
  const Evidence evidence = weigh(strata, kind_events().events, contrast.subsets);
  for (std::size_t i = 0; i < strata.size(); ++i) {
    StratumAttribution each;
    each.series = contrast.values[1];
    each.base_cell = contrast.strata[i][0].value();
    each.series_cell = contrast.strata[i][1].value();
    const auto& base = attribution.seen[each.base_cell];
    const auto& with = attribution.seen[each.series_cell];
    if (!base.observed() && !with.observed()) continue;
    each.pairs = blocks(strata[i]);
    each.differs = are_several(kinds_of(base) | kinds_of(with));
    each.pairs_differ = are_several(kinds_of(strata[i], each.pairs));
    each.certain = is_certain(base, with);
    each.log_e = evidence.strata[i].log_e;
    each.event = kind_events().names[evidence.strata[i].event];
    if (each.pairs_differ)
      each.rough = difference(strata[i], bits_of(each.event), 1, 1 - rough_confidence).interval;
    attribution.strata.push_back(std::move(each));
  }
  Effect effect;
  effect.of = to_string(Axis::series);
  effect.value = contrast.values[1];
  effect.event = kind_events().names[evidence.event];
  effect.log_e = evidence.log_e;
  look_for_certain(contrast, attribution.seen, effect);
  attribution.effects.push_back(std::move(effect));
}

/// A stream a stratum of `series`, of pairs of runs.
std::vector<Stream> pair_streams(const Contrast& series, const std::vector<Stream>& streams) {
  std::vector<Stream> pairs;
  const std::uint32_t bad = bits_of("bad");
  for (const auto& stratum : series.strata) {
    const Stream& base = streams[stratum[0].value()];
    const Stream& with = streams[stratum[1].value()];
    Stream made;
    for (std::size_t i = 0; i < std::min(base.size(), with.size()); ++i) {
      const bool was_bad = (base[i] & bad) != 0, is_now = (with[i] & bad) != 0;
      made.push_back(was_bad != is_now ? (is_now ? worse : better)
                                       : (base[i] != with[i] ? changed : 0));
    }
    pairs.push_back(std::move(made));
  }
  return pairs;
}

Effect weigh_contrast(const Contrast& contrast, const std::vector<Stream>& streams,
                      const std::vector<Event>& events, double alpha, std::size_t& event) {
  const auto strata = side_by_side(contrast, streams);
  const Evidence evidence = weigh(strata, events, contrast.subsets);
  Effect effect;
  event = evidence.event;
  effect.value = contrast.values[evidence.value];
  effect.log_e = evidence.log_e;
  effect.difference = mean_difference(strata, events[evidence.event].bits, evidence.value, alpha);
  return effect;
}

}  // namespace

int hits(const Seen& seen, const std::string& event) {
  const std::uint32_t bits = bits_of(event);
  int sum = 0;
  for (std::size_t i = 0; i < kinds; ++i)
    if ((bits >> i & 1U) != 0) sum += seen.count.at(i);
  return sum;
}

CaseAttribution weigh_case(const Layout& layout, const CaseObservations& observed) {
  CaseAttribution attribution;
  attribution.suite = observed.suite;
  attribution.name = observed.name;
  attribution.seen = seen_of(observed, layout.cells.size());
  const auto streams = streams_of(observed, layout.cells.size());
  for (const auto& contrast : layout.series) weigh_series(contrast, streams, attribution);
  return attribution;
}

void weigh_rest(const Layout& layout, const CaseObservations& observed, double confidence,
                CaseAttribution& attribution) {
  const auto streams = streams_of(observed, layout.cells.size());
  for (auto& stratum : attribution.strata)
    stratum.difference = difference({streams[stratum.base_cell], streams[stratum.series_cell]},
                                    bits_of(stratum.event), 1, 1 - confidence);
  std::size_t event = 0;
  for (std::size_t i = 0; i < layout.series.size(); ++i) {
    auto& effect = attribution.effects[i];
    effect.difference = mean_difference(side_by_side(layout.series[i], streams),
                                        bits_of(effect.event), 1, 1 - confidence);
  }
  for (const auto& contrast : layout.others) {
    auto effect = weigh_contrast(contrast, streams, kind_events().events, 1 - confidence, event);
    effect.of = to_string(contrast.axis);
    effect.event = kind_events().names[event];
    look_for_certain(contrast, attribution.seen, effect);
    attribution.effects.push_back(std::move(effect));
  }
  for (std::size_t i = 0; i < layout.interactions.size(); ++i) {
    const auto& contrast = layout.interactions[i];
    if (contrast.strata.empty()) continue;
    auto effect = weigh_contrast(contrast, pair_streams(layout.series[i], streams), pair_events(),
                                 1 - confidence, event);
    effect.of = "series x config";
    effect.event = pair_event_name(event);
    attribution.effects.push_back(std::move(effect));
  }
}

}  // namespace kmatrix::compare
