// SPDX-License-Identifier: GPL-2.0-or-later
//
// Experiments whose truth is known, run without a machine: what is blamed wrongly, what is found,
// and what it costs. KMATRIX_SIMULATIONS=20 runs more of them and prints the table of
// docs/attribution.md.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "compare/rerun_choice.h"
#include "support/text.h"

namespace kmatrix::compare {
namespace {

/// The same numbers with every standard library.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  double uniform(double low = 0, double high = 1) {
    return low + (high - low) * static_cast<double>(engine_() >> 11U) * 0x1p-53;
  }
  bool happens(double rate) { return uniform() < rate; }
  std::size_t below(std::size_t count) {
    return static_cast<std::size_t>(uniform(0, static_cast<double>(count)));
  }

 private:
  std::mt19937_64 engine_;
};

/// Two trees, base and series, three configs.
std::vector<Coordinates> twelve_simulated_cells() {
  std::vector<Coordinates> cells;
  for (const char* tree : {"v6.12", "v7.2"})
    for (const char* config : {"clang-cfi", "gcc-os", "gcc"})
      for (const char* series : {"base", "fix"}) cells.push_back({tree, series, config, "arm64"});
  return cells;
}

enum class Shape { everywhere, one_config, one_pair };
constexpr std::array<const char*, 3> shape_words{"everywhere", "in one config", "in one pair"};

/// What a case does in a cell: `kind` at `rate`, else `otherwise`.
struct Behaviour {
  double rate = 0;
  Kind kind = Kind::failed, otherwise = Kind::passed;
  bool certain = false;
};
struct Truth {
  std::string name;  ///< of its class, a line of the table
  std::vector<Behaviour> cells;
  std::vector<bool> concerned;  ///< by cell: the series has an effect in its stratum
  Verdict effect = Verdict::same;
  double size = 0;
  Shape shape = Shape::everywhere;
};

constexpr double infra_rate = 0.03;

class World {
 public:
  explicit World(std::uint64_t seed) : chance_(seed), layout_(lay_out(twelve_simulated_cells())) {}

  /// About one case in four has an effect, of every kind and size.
  void populate() {
    add(430, "passes always", [&](Truth&) {});
    add(150, "flaky, 0 to 30 %", [&](Truth& truth) { flaky(truth, chance_.uniform(0, .3)); });
    add(20, "flaky, 30 %", [&](Truth& truth) { flaky(truth, .3); });
    add(60, "fails always", [&](Truth& truth) { flaky(truth, 1); });
    add(20, "fails mostly, 70 to 100 %",
        [&](Truth& truth) { flaky(truth, chance_.uniform(.7, 1)); });
    add(40, "fails on one config", [&](Truth& truth) { on_one(truth, Axis::config); });
    add(20, "fails in one tree", [&](Truth& truth) { on_one(truth, Axis::tree); });
    add(10, "unavailable on one config", [&](Truth& truth) { unavailable(truth, false); });
    add_effects(1.0, {30, 30, 20});
    add_effects(0.9, {40, 40, 20});
    add_effects(0.5, {15, 15, 5});
    add_effects(0.3, {15, 5, 0});
    add(15, "becomes available", [&](Truth& truth) { unavailable(truth, true); });
  }
  /// One case in a hundred has an effect: the evidence asked for is largest.
  void populate_sparsely() {
    add(790, "passes always", [&](Truth&) {});
    add(200, "flaky, 0 to 30 %", [&](Truth& truth) { flaky(truth, chance_.uniform(0, .3)); });
    add_effects(0.9, {3, 5, 2});
  }
  /// Flakes and nothing else: the most expensive that there is.
  void populate_with_flakes() {
    add(1000, "flaky, 0 to 30 %", [&](Truth& truth) { flaky(truth, chance_.uniform(0, .3)); });
  }

  /// The first pass, and reruns until nothing is left to choose.
  void run(const RerunBudget& budget) {
    attributions_.resize(truths_.size());
    reruns_.assign(truths_.size(), 0);
    for (std::size_t i = 0; i < truths_.size(); ++i) {
      observed_.push_back({"suite", fmt::format("case-{}", i), {}});
      for (std::size_t cell = 0; cell < layout_.cells.size(); ++cell) observe(i, cell);
      weigh_again(i);
      const auto& strata = attributions_[i].strata;
      differed_.push_back(std::any_of(strata.begin(), strata.end(),
                                      [](const auto& stratum) { return stratum.pairs_differ; }));
    }
    for (;;) {
      conclude(attributions_, budget.confidence);
      const auto round = choose_reruns(attributions_, budget);
      if (round.empty()) break;
      ++rounds_;
      std::set<std::size_t> touched;
      for (const auto& rerun : round) {
        observe(rerun.case_index, rerun.cell);
        ++reruns_[rerun.case_index];
        touched.insert(rerun.case_index);
      }
      for (const std::size_t index : touched) weigh_again(index);
    }
    for (std::size_t i = 0; i < truths_.size(); ++i)
      weigh_rest(layout_, observed_[i], budget.confidence, attributions_[i]);
    conclude(attributions_, budget.confidence);
  }

  const std::vector<Truth>& truths() const { return truths_; }
  const std::vector<CaseAttribution>& attributions() const { return attributions_; }
  std::size_t reruns(std::size_t index) const { return reruns_[index]; }
  std::size_t cells() const { return layout_.cells.size(); }
  std::size_t rounds() const { return rounds_; }
  /// Somewhere, in the first pass.
  bool differed(std::size_t index) const { return differed_[index]; }

 private:
  template <class Make>
  void add(int count, const std::string& name, const Make& make) {
    for (int i = 0; i < count; ++i) {
      Truth truth{name, std::vector<Behaviour>(layout_.cells.size()),
                  std::vector<bool>(layout_.cells.size())};
      make(truth);
      truths_.push_back(std::move(truth));
    }
  }
  void add_effects(double size, std::array<int, 3> counts) {
    for (std::size_t i = 0; i < counts.size(); ++i)
      add(counts.at(i), fmt::format("effect {:.1f} {}", size, shape_words.at(i)),
          [&](Truth& truth) { effect(truth, size, static_cast<Shape>(i)); });
  }
  Kind any_bad() {
    constexpr std::array<Kind, 4> bad{Kind::failed, Kind::timed_out, Kind::crashed, Kind::missing};
    return bad.at(chance_.below(bad.size()));
  }
  void flaky(Truth& truth, double rate) {
    const Kind kind = any_bad();
    for (auto& cell : truth.cells) cell = {rate, kind};
  }
  void on_one(Truth& truth, Axis axis) {
    flaky(truth, chance_.uniform(0, .1));
    const auto values = values_of(layout_.cells, axis);
    const auto& value = values[chance_.below(values.size())];
    const double rate = chance_.happens(.5) ? 1 : .9;
    for (std::size_t i = 0; i < truth.cells.size(); ++i)
      if (value_of(layout_.cells[i], axis) == value) truth.cells[i].rate = rate;
  }
  void unavailable(Truth& truth, bool with_base_only) {
    const auto config = layout_.cells[chance_.below(layout_.cells.size())].config;
    if (with_base_only) truth.effect = Verdict::fixed;
    for (std::size_t i = 0; i < truth.cells.size(); ++i) {
      if (layout_.cells[i].config != config) continue;
      truth.concerned[i] = with_base_only;
      if (!with_base_only || layout_.cells[i].series == "base")
        truth.cells[i] = {1, Kind::unavailable, Kind::passed, true};
    }
  }
  bool is_in(std::size_t cell, Shape shape, const Coordinates& at) const {
    const auto& here = layout_.cells[cell];
    if (shape == Shape::everywhere) return true;
    return here.config == at.config && (shape == Shape::one_config || here.tree == at.tree);
  }
  /// Regressed, fixed, timing out instead of failing or skipped instead of passed, by `size`; a
  /// little flaky besides.
  void effect(Truth& truth, double size, Shape shape) {
    truth.size = size;
    truth.shape = shape;
    const Coordinates at = layout_.cells[chance_.below(layout_.cells.size())];
    const double flake = chance_.happens(.5) ? 0 : chance_.uniform(0, std::min(.1, 1 - size));
    const Kind kind = any_bad();
    const std::size_t what = chance_.below(6);
    truth.effect = what < 2 ? Verdict::regressed : what < 4 ? Verdict::fixed : Verdict::changed;
    for (std::size_t i = 0; i < truth.cells.size(); ++i) {
      const bool on_bad_side =
          (layout_.cells[i].series == "fix") == (truth.effect != Verdict::fixed);
      truth.concerned[i] = is_in(i, shape, at);
      truth.cells[i] = {flake + (truth.concerned[i] && on_bad_side ? size : 0), kind};
      if (what == 4) {
        truth.cells[i].kind = Kind::timed_out;
        truth.cells[i].otherwise = Kind::failed;
      } else if (what == 5) {
        truth.cells[i].kind = Kind::skipped;
      }
    }
  }

  void observe(std::size_t index, std::size_t cell) {
    const auto& does = truths_[index].cells[cell];
    Observation made{cell, chance_.happens(does.rate) ? does.kind : does.otherwise, does.certain};
    if (!does.certain && chance_.happens(infra_rate)) made.kind = Kind::infra_error;
    observed_[index].observations.push_back(made);
  }
  void weigh_again(std::size_t index) {
    attributions_[index] = weigh_case(layout_, observed_[index]);
  }

  Chance chance_;
  Layout layout_;
  std::vector<Truth> truths_;
  std::vector<CaseObservations> observed_;
  std::vector<CaseAttribution> attributions_;
  std::vector<std::size_t> reruns_;
  std::vector<bool> differed_;
  std::size_t rounds_ = 0;
};

/// A line of the table.
struct Line {
  std::size_t cases = 0, by_series = 0, right = 0, exact = 0, reruns = 0;
  std::map<Verdict, std::size_t> others;
};
struct Score {
  std::vector<std::string> order;
  std::map<std::string, Line> lines;
  std::size_t without = 0, falsely = 0;        ///< cases without an effect, and those blamed
  std::size_t differed = 0;                    ///< of them: differed in the first pass
  std::size_t wide = 0, wide_found = 0;        ///< effects of 0.9 in two pairs or more
  std::size_t large = 0, large_found = 0;      ///< of 0.9 wherever
  std::size_t strata = 0, strata_falsely = 0;  ///< without an effect, of cases with one
  std::size_t reruns = 0, everything = 0, rounds = 0;

  void add(const World& world, const RerunBudget& budget) {
    everything += world.truths().size() * world.cells() * static_cast<std::size_t>(budget.runs);
    rounds = std::max(rounds, world.rounds());
    for (std::size_t i = 0; i < world.truths().size(); ++i)
      add(world.truths()[i], world.attributions()[i], world.reruns(i));
    for (std::size_t i = 0; i < world.truths().size(); ++i)
      if (world.truths()[i].effect == Verdict::same && world.differed(i)) ++differed;
  }
  void add(const Truth& truth, const CaseAttribution& said, std::size_t cost) {
    if (lines.count(truth.name) == 0) order.push_back(truth.name);
    Line& line = lines[truth.name];
    const bool blamed = is_by_series(said.verdict);
    const bool found = truth.effect != Verdict::same && said.verdict == truth.effect;
    ++line.cases;
    line.by_series += blamed ? 1 : 0;
    line.right += found ? 1 : 0;
    line.reruns += cost;
    reruns += cost;
    if (!blamed) ++line.others[said.verdict];
    if (truth.effect == Verdict::same) {
      ++without;
      falsely += blamed ? 1 : 0;
      return;
    }
    bool exact = found;
    for (const auto& stratum : said.strata) {
      const bool named = is_by_series(stratum.verdict);
      const bool concerned = truth.concerned[stratum.base_cell];
      exact = exact && named == concerned;
      if (concerned) continue;
      ++strata;
      strata_falsely += named ? 1 : 0;
    }
    line.exact += exact ? 1 : 0;
    if (truth.size != .9) return;
    ++large;
    large_found += found ? 1 : 0;
    if (truth.shape == Shape::one_pair) return;
    ++wide;
    wide_found += found ? 1 : 0;
  }

  static std::string percent(std::size_t part, std::size_t whole) {
    if (whole == 0) return "-";
    return fmt::format("{:.2f} %", 100. * static_cast<double>(part) / static_cast<double>(whole));
  }
  std::string text() const {
    std::string table =
        "| truth | cases | by the series | rightly | all pairs right | else | reruns a case |\n"
        "|---|---:|---:|---:|---:|---|---:|\n";
    for (const auto& name : order) {
      const Line& line = lines.at(name);
      std::vector<std::string> others;
      for (const auto& [verdict, count] : line.others)
        others.push_back(fmt::format("{} {}", to_string(verdict), count));
      const bool effect = line.right > 0;
      table += fmt::format(
          "| {} | {} | {} | {} | {} | {} | {:.1f} |\n", name, line.cases,
          percent(line.by_series, line.cases), effect ? percent(line.right, line.cases) : "-",
          effect ? percent(line.exact, line.cases) : "-", support::join(others, ", "),
          static_cast<double>(line.reruns) / static_cast<double>(line.cases));
    }
    return table +
           fmt::format(
               "\nfalse attributions: {} of {} cases ({}), of which {} differed in the first pass; "
               "pairs without an effect, of cases with "
               "one: {} of {}\neffects of 0.9 in two pairs or more: {} of {} ({}); anywhere: {} of "
               "{} ({})\nreruns: {} of {} ({}), in {} rounds\n",
               falsely, without, percent(falsely, without), differed, strata_falsely, strata,
               wide_found, wide, percent(wide_found, wide), large_found, large,
               percent(large_found, large), reruns, everything, percent(reruns, everything),
               rounds);
  }
};

std::uint64_t experiments() {
  const char* asked = std::getenv("KMATRIX_SIMULATIONS");
  return asked == nullptr ? 1 : std::stoull(asked);
}

Score simulate(void (World::*populate)(), const RerunBudget& budget, std::uint64_t count) {
  Score score;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    World world(seed);
    (world.*populate)();
    world.run(budget);
    score.add(world, budget);
  }
  return score;
}

/// What docs/attribution.md promises, whatever the mixture of cases.
void expect_bounds(const Score& score) {
  fmt::print("{}", score.text());
  EXPECT_LE(100 * score.falsely, score.without);
  EXPECT_GT(100 * score.differed, 10 * score.without);  // one pass blames one case in ten or more
  EXPECT_GE(100 * score.wide_found, 99 * score.wide);
  EXPECT_LE(4 * score.reruns, score.everything);
}

TEST(AttributionSimulation, BlamesFewFindsMostAndRerunsLittle) {
  const Score score = simulate(&World::populate, {}, experiments());
  expect_bounds(score);
  EXPECT_GE(100 * score.large_found, 99 * score.large);
}

TEST(AttributionSimulation, HoldsWhereEffectsAreRare) {
  expect_bounds(simulate(&World::populate_sparsely, {}, experiments()));
}

TEST(AttributionSimulation, HoldsWhereEveryCaseIsFlaky) {
  expect_bounds(simulate(&World::populate_with_flakes, {}, (experiments() + 1) / 2));
}

TEST(AttributionSimulation, CostsLessAndMissesMoreIfOneQuietRunIsBelieved) {
  RerunBudget hasty;
  hasty.quiet = 1;
  const Score score = simulate(&World::populate, hasty, experiments());
  const Score patient = simulate(&World::populate, {}, experiments());
  expect_bounds(score);
  EXPECT_LT(score.reruns, patient.reruns);
  EXPECT_LT(score.large_found, patient.large_found);
}

}  // namespace
}  // namespace kmatrix::compare
