// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/attribution.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "plan/outcome.h"

namespace kmatrix::compare {
namespace {

/// Two trees, three configs, base and direct-calls.
std::vector<Coordinates> twelve_cells() {
  std::vector<Coordinates> cells;
  for (const char* tree : {"v6.12", "v7.2"})
    for (const char* config : {"clang-cfi", "gcc-os", "gcc"})
      for (const char* series : {"base", "direct-calls"})
        cells.push_back({tree, series, config, "arm64-tcg"});
  return cells;
}

/// One case among many that pass always.
class Attribution : public ::testing::Test {
 protected:
  explicit Attribution(const std::vector<Coordinates>& cells = twelve_cells())
      : layout_(lay_out(cells)) {}

  /// In the cells with these values ("" is any), the outcomes; in all others, as many passes.
  void saw(const Coordinates& where, const std::vector<Kind>& kinds, bool certain = false) {
    for (std::size_t i = 0; i < layout_.cells.size(); ++i) {
      const auto& cell = layout_.cells[i];
      const auto fits = [](const std::string& asked, const std::string& has) {
        return asked.empty() || asked == has;
      };
      if (!fits(where.tree, cell.tree) || !fits(where.series, cell.series) ||
          !fits(where.config, cell.config))
        continue;
      told_[i].clear();
      for (const Kind kind : kinds) told_[i].push_back({i, kind, certain});
    }
  }
  void passes(int times) { saw({}, std::vector<Kind>(static_cast<std::size_t>(times))); }

  CaseAttribution judged(std::size_t others = 20) const {
    std::vector<CaseObservations> cases(others + 1);
    for (const auto& cell : told_)
      for (const auto& each : cell) cases[0].observations.push_back(each);
    for (std::size_t i = 1; i < cases.size(); ++i)
      for (std::size_t cell = 0; cell < layout_.cells.size(); ++cell)
        cases[i].observations.push_back({cell, Kind::passed});
    return attribute(layout_, cases)[0];
  }
  static std::size_t count(const CaseAttribution& attribution, Verdict verdict) {
    return static_cast<std::size_t>(
        std::count_if(attribution.strata.begin(), attribution.strata.end(),
                      [&](const auto& stratum) { return stratum.verdict == verdict; }));
  }
  static const Effect& effect(const CaseAttribution& attribution, const std::string& of) {
    return *std::find_if(attribution.effects.begin(), attribution.effects.end(),
                         [&](const Effect& each) { return each.of == of; });
  }
  static std::vector<Kind> times(int count, Kind kind) {
    return std::vector<Kind>(static_cast<std::size_t>(count), kind);
  }

  Layout layout_;
  std::vector<std::vector<Observation>> told_ =
      std::vector<std::vector<Observation>>(layout_.cells.size());
};

TEST_F(Attribution, OfACaseThatPassesIsSame) {
  passes(1);
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::same);
  EXPECT_EQ(said.where, "");
  EXPECT_EQ(count(said, Verdict::same), 6U);
}

TEST_F(Attribution, SaysWhatASeriesFixesAndWhere) {
  passes(5);
  saw({"", "base", "clang-cfi", ""}, times(5, Kind::failed));
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::fixed);
  EXPECT_EQ(said.where, "fails only on clang-cfi without direct-calls");
  EXPECT_EQ(said.counts, "10 of 10 against 0 of 10");
  EXPECT_EQ(count(said, Verdict::fixed), 2U);
  EXPECT_EQ(count(said, Verdict::same), 4U);
  EXPECT_TRUE(effect(said, "series").holds);
  EXPECT_NEAR(effect(said, "series").difference.estimate, -1. / 3, 1e-9);
  const auto& interaction = effect(said, "series x config");
  EXPECT_TRUE(interaction.holds);
  EXPECT_EQ(interaction.value, "clang-cfi");
  EXPECT_EQ(interaction.event, "better");
  EXPECT_EQ(interaction.difference.estimate, 1);
  EXPECT_GT(interaction.difference.interval.low, 0);
}

TEST_F(Attribution, SaysWhatASeriesBreaksEverywhere) {
  passes(4);
  saw({"", "direct-calls", "", ""}, times(4, Kind::crashed));
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::regressed);
  EXPECT_EQ(said.where, "crashes only with direct-calls");
  EXPECT_EQ(said.counts, "0 of 24 against 24 of 24");
  EXPECT_EQ(count(said, Verdict::regressed), 6U);
  EXPECT_FALSE(effect(said, "series x config").holds);
}

/// A tree that has the series, beside one without it, or alone.
std::vector<Coordinates> cells_without_partners(bool alone) {
  std::vector<Coordinates> cells;
  for (const char* config : {"clang-cfi", "gcc"}) {
    cells.push_back({"v7.3", "base", config, "arm64-tcg"});
    if (!alone)
      for (const char* series : {"base", "direct-calls"})
        cells.push_back({"v6.12", series, config, "arm64-tcg"});
  }
  return cells;
}
struct WithoutPartners : Attribution {
  WithoutPartners() : Attribution(cells_without_partners(false)) {}
};
struct WithoutSeries : Attribution {
  WithoutSeries() : Attribution(cells_without_partners(true)) {}
};

TEST_F(WithoutSeries, ADifferenceBetweenConfigsIsOpen) {
  passes(1);
  EXPECT_EQ(judged().verdict, Verdict::same);
  saw({"", "", "clang-cfi", ""}, times(1, Kind::failed));
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::undecided);
  EXPECT_EQ(said.where, "fails only on clang-cfi");
  saw({}, times(1, Kind::failed));
  EXPECT_EQ(judged().verdict, Verdict::same);
}

TEST_F(WithoutPartners, WhatNoOtherCellShowsIsOpen) {
  passes(1);
  EXPECT_EQ(judged().verdict, Verdict::same);
  saw({"v7.3", "", "", ""}, times(1, Kind::failed));
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::undecided);
  EXPECT_EQ(said.where, "fails only in v7.3");
  saw({}, times(1, Kind::failed));
  EXPECT_EQ(judged().verdict, Verdict::pre_existing);
}

TEST_F(Attribution, TellsTimeoutsFromFailures) {
  saw({}, times(5, Kind::failed));
  saw({"", "direct-calls", "", ""}, times(5, Kind::timed_out));
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::changed);
  EXPECT_EQ(said.counts, "30 of 30 against 0 of 30");
  EXPECT_EQ(said.where, "fails only without direct-calls; with it: times out");
}

TEST_F(Attribution, TakesASkippedCaseForADifference) {
  passes(5);
  saw({"", "direct-calls", "", ""}, times(5, Kind::skipped));
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::changed);
  EXPECT_EQ(said.where, "is skipped only with direct-calls");
}

TEST_F(Attribution, TakesMissingCasesAndIncidentsForDifferences) {
  passes(4);
  saw({"", "direct-calls", "", ""}, times(4, Kind::missing));
  EXPECT_EQ(judged().where, "is missing only with direct-calls");
  saw({}, times(5, Kind::clean));
  saw({"", "direct-calls", "gcc", ""}, times(5, Kind::reported));
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::regressed);
  EXPECT_EQ(said.where, "is reported only on gcc with direct-calls");
}

TEST_F(Attribution, NeverBlamesTheSeriesForAOneOff) {
  passes(1);
  saw({"v7.2", "direct-calls", "gcc", ""}, {Kind::failed});
  const auto said = judged(0);
  EXPECT_EQ(said.verdict, Verdict::undecided);
  EXPECT_EQ(said.where, "fails only on gcc in v7.2 with direct-calls");
  EXPECT_EQ(said.counts, "1 of 1 against 0 of 11");
}

TEST_F(Attribution, CallsFlakyWhatDoesBothInOneCell) {
  passes(4);
  saw({"v7.2", "direct-calls", "gcc", ""},
      {Kind::failed, Kind::passed, Kind::passed, Kind::passed});
  const auto said = judged(0);
  EXPECT_EQ(said.verdict, Verdict::flaky);
  EXPECT_EQ(said.where, "fails now and then");
  EXPECT_EQ(said.counts, "1 of 48");
  EXPECT_EQ(count(said, Verdict::flaky), 1U);
}

TEST_F(Attribution, CallsPreExistingWhatIsBadOnBothSides) {
  saw({}, {Kind::failed});
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::pre_existing);
  EXPECT_EQ(said.where, "fails everywhere");
  EXPECT_EQ(said.counts, "12 of 12");
}

TEST_F(Attribution, BlamesTheConfigForWhatIsBadThereOnBothSides) {
  passes(3);
  saw({"", "", "gcc-os", ""}, times(3, Kind::failed));
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::by_config);
  EXPECT_EQ(said.where, "fails only on gcc-os");
  EXPECT_EQ(said.counts, "12 of 12 against 0 of 24");
  EXPECT_EQ(effect(said, "config").value, "gcc-os");
  EXPECT_EQ(effect(said, "config").difference.estimate, 1);
  EXPECT_FALSE(effect(said, "series").holds);
}

TEST_F(Attribution, BlamesTheTreeLikewise) {
  passes(3);
  saw({"v6.12", "", "", ""}, times(3, Kind::timed_out));
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::by_tree);
  EXPECT_EQ(said.where, "times out only in v6.12");
}

TEST_F(Attribution, NeedsNoChanceForWhatFollowsFromTheKernel) {
  passes(1);
  saw({"", "base", "clang-cfi", ""}, {Kind::unavailable}, true);
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::fixed);
  EXPECT_EQ(said.where, "is unavailable only on clang-cfi without direct-calls");
  EXPECT_EQ(said.counts, "2 of 2 against 0 of 2");
  EXPECT_TRUE(effect(said, "series").certain);
  EXPECT_EQ(count(said, Verdict::fixed), 2U);
  saw({}, {Kind::passed});
  saw({"", "direct-calls", "gcc", ""}, {Kind::blocked}, true);
  EXPECT_EQ(judged().verdict, Verdict::regressed);
  EXPECT_EQ(judged().where, "is blocked only on gcc with direct-calls");
}

TEST_F(Attribution, OfASuiteThatAConfigCannotRunIsByConfig) {
  passes(1);
  saw({"", "", "gcc", ""}, {Kind::unavailable}, true);
  EXPECT_EQ(judged().verdict, Verdict::by_config);
  EXPECT_EQ(judged().where, "is unavailable only on gcc");
}

TEST_F(Attribution, DoesNotTakeOurErrorsForEvidence) {
  passes(5);
  saw({"", "direct-calls", "", ""}, times(5, Kind::infra_error));
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::infrastructure);
  EXPECT_EQ(said.where, "");
  saw({"", "direct-calls", "", ""}, {Kind::infra_error, Kind::passed, Kind::passed});
  EXPECT_EQ(judged().verdict, Verdict::same);
}

TEST_F(Attribution, BlamesTheSeriesWhereItIsToBlameAndNotForAFlakeBesides) {
  passes(8);
  saw({"", "direct-calls", "clang-cfi", ""}, times(8, Kind::failed));
  auto flake = times(8, Kind::passed);
  flake[3] = Kind::failed;
  saw({"v7.2", "direct-calls", "gcc", ""}, flake);
  const auto said = judged();
  EXPECT_EQ(said.verdict, Verdict::regressed);
  EXPECT_EQ(count(said, Verdict::regressed), 2U);
  EXPECT_EQ(count(said, Verdict::flaky), 1U);
  EXPECT_EQ(said.where, "fails only on clang-cfi with direct-calls");
}

TEST_F(Attribution, AsksForMoreEvidenceTheMoreCasesThereAre) {
  passes(1);
  saw({"", "direct-calls", "", ""}, times(1, Kind::failed));
  EXPECT_EQ(judged(0).verdict, Verdict::regressed);
  EXPECT_EQ(judged(200).verdict, Verdict::undecided);
  EXPECT_GT(effect(judged(200), "series").fdr, effect(judged(0), "series").fdr);
}

TEST(Kind, KnowsEveryOutcomeAndAgreesOnWhatIsBad) {
  for (int i = 0; i <= static_cast<int>(plan::Outcome::infra_error); ++i) {
    const auto outcome = static_cast<plan::Outcome>(i);
    const auto kind = parse_kind(plan::to_string(outcome));
    ASSERT_TRUE(kind) << plan::to_string(outcome);
    EXPECT_EQ(is_bad(*kind), plan::is_bad(outcome)) << plan::to_string(outcome);
    EXPECT_EQ(to_string(*kind), plan::to_string(outcome));
  }
  EXPECT_TRUE(parse_kind("unavailable"));
  EXPECT_FALSE(parse_kind("planned"));
}

TEST(Verdict, HasAWord) {
  EXPECT_EQ(to_string(Verdict::same), "same");
  EXPECT_EQ(to_string(Verdict::undecided), "undecided");
}

}  // namespace
}  // namespace kmatrix::compare
