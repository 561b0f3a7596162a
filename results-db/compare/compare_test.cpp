// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/compare.h"

#include <gtest/gtest.h>

namespace kmatrix::compare {
namespace {

using Words = std::vector<std::string>;

/// A run, written down cell by cell.
class Compare : public ::testing::Test {
 protected:
  store::CellRow& cell(const std::string& series, const std::string& suite = "direct",
                       const std::string& config = "clang-cfi") {
    store::CellRow row;
    row.id = static_cast<std::int64_t>(cells_.size()) + 1;
    row.tree = "v6.12";
    row.series = series;
    row.config = config;
    row.machine = "arm64-tcg";
    row.suite = suite;
    row.state = "done";
    cells_.push_back(row);
    return cells_.back();
  }
  void outcome(const std::string& name, const std::string& word, const std::string& message = "") {
    store::CaseRow row;
    row.cell = cells_.back().id;
    row.name = name;
    row.outcome = word;
    row.message = message;
    cases_.push_back(row);
  }
  void incident(const std::string& kind, const std::string& title,
                const std::string& ignored = "") {
    store::IncidentRow row;
    row.cell = cells_.back().id;
    row.kind = kind;
    row.title = title;
    row.ignored = ignored;
    incidents_.push_back(row);
  }
  Comparison along(Axes axes) const { return compare(cells_, cases_, incidents_, axes); }
  Result<Comparison> of_values(const Words& values) const {
    const auto cells = select(cells_, {Axis::series}, values);
    if (!cells) return cells.error();
    return compare(*cells, cases_, incidents_, {Axis::series});
  }

 private:
  std::vector<store::CellRow> cells_;
  std::vector<store::CaseRow> cases_;
  std::vector<store::IncidentRow> incidents_;
};

TEST_F(Compare, PutsDifferencesFirstAndThenGoesByName) {
  cell("base");
  for (const char* name : {"a", "b", "d", "c"}) outcome(name, "passed");
  cell("direct-calls");
  outcome("a", "passed");
  outcome("b", "failed", "no such function");
  outcome("c", "passed");
  outcome("d", "crashed");
  const Comparison comparison = along({Axis::series});
  ASSERT_EQ(comparison.groups.size(), 1U);
  const Group& group = comparison.groups[0];
  EXPECT_EQ(group.name, "v6.12/clang-cfi/arm64-tcg/direct");
  Words order;
  for (const auto& compared : group.cases) order.push_back(compared.name);
  EXPECT_EQ(order, (Words{"b", "d", "a", "c"}));
  EXPECT_TRUE(group.cases[1].differs);
  EXPECT_FALSE(group.cases[2].differs);
  EXPECT_EQ(group.cases[0].outcomes, (Words{"passed", "failed"}));
  EXPECT_EQ(group.cases[0].messages, (Words{"", "no such function"}));
  EXPECT_EQ(comparison.different, 2U);
  EXPECT_EQ(comparison.same, 2U);
  EXPECT_EQ(comparison.alone, 0U);
}

TEST_F(Compare, UnavailableDiffersFromEveryOutcome) {
  auto& base = cell("base");
  base.state = "unavailable";
  base.reason = "X is not set";
  cell("direct-calls");
  outcome("a", "passed");
  outcome("b", "failed");
  const Comparison comparison = along({Axis::series});
  EXPECT_EQ(comparison.different, 2U);
  const Group& group = comparison.groups.at(0);
  EXPECT_EQ(group.cases[0].outcomes, (Words{"unavailable", "passed"}));
  EXPECT_EQ(group.cases[0].messages, (Words{"X is not set", ""}));
  EXPECT_EQ(group.cells[0].state, "unavailable");
  EXPECT_EQ(group.cells[0].reason, "X is not set");
  EXPECT_TRUE(group.cells[0].without_outcomes);
  EXPECT_FALSE(group.cells[1].without_outcomes);
}

TEST_F(Compare, UnavailableOnAllSidesHasNoCases) {
  cell("base").state = "unavailable";
  cell("direct-calls").state = "unavailable";
  const Comparison comparison = along({Axis::series});
  EXPECT_TRUE(comparison.groups.at(0).cases.empty());
  EXPECT_EQ(comparison.different + comparison.same + comparison.alone, 0U);
}

TEST_F(Compare, ABlockedCellSpeaksForItsCasesThatWereBlockedOrNeverRan) {
  cell("base");
  outcome("a", "passed");
  outcome("b", "passed");
  auto& blocked = cell("direct-calls");
  blocked.state = "blocked";
  blocked.reason = "its kernel did not build";
  outcome("a", "missing");
  outcome("b", "blocked");
  const Group group = along({Axis::series}).groups.at(0);
  EXPECT_TRUE(group.cells[1].without_outcomes);
  for (const auto& compared : group.cases) {
    EXPECT_EQ(compared.outcomes, (Words{"passed", "blocked"}));
    EXPECT_EQ(compared.messages[1], "its kernel did not build");
  }
}

TEST_F(Compare, ABlockedCellKeepsTheOutcomesThatItHas) {
  cell("base");
  outcome("a", "passed");
  cell("direct-calls").state = "blocked";
  outcome("a", "crashed", "panic");
  const Group group = along({Axis::series}).groups.at(0);
  EXPECT_FALSE(group.cells[1].without_outcomes);
  EXPECT_EQ(group.cases[0].outcomes, (Words{"passed", "crashed"}));
}

TEST_F(Compare, AMissingCellIsNotComparedAndNotCountedAsTheSame) {
  cell("base", "direct");
  outcome("a", "passed");
  cell("base", "samples");
  outcome("s", "passed");
  cell("direct-calls", "samples");
  outcome("s", "passed");
  const Comparison comparison = along({Axis::series});
  ASSERT_EQ(comparison.groups.size(), 2U);
  EXPECT_EQ(comparison.groups[0].cases[0].outcomes, (Words{"passed", ""}));
  EXPECT_EQ(comparison.groups[0].cells[1].state, "");
  EXPECT_FALSE(comparison.groups[0].cases[0].differs);
  EXPECT_EQ(comparison.alone, 1U);
  EXPECT_EQ(comparison.same, 1U);
  EXPECT_EQ(comparison.different, 0U);
}

TEST_F(Compare, ACaseThatOneSideDoesNotHaveIsADifference) {
  cell("base");
  outcome("a", "passed");
  outcome("old", "passed");
  cell("direct-calls");
  outcome("a", "passed");
  const Group group = along({Axis::series}).groups.at(0);
  EXPECT_EQ(group.cases[0].name, "old");
  EXPECT_EQ(group.cases[0].outcomes, (Words{"passed", "absent"}));
  EXPECT_TRUE(group.cases[0].differs);
}

TEST_F(Compare, ACaseThatGotLostIsADifference) {
  cell("base");
  outcome("a", "passed");
  cell("direct-calls");
  outcome("a", "missing");
  EXPECT_EQ(along({Axis::series}).groups.at(0).cases[0].outcomes, (Words{"passed", "missing"}));
  EXPECT_EQ(along({Axis::series}).different, 1U);
}

TEST_F(Compare, ACellThatWasNotFinishedAnswersWithItsState) {
  cell("base");
  outcome("a", "passed");
  auto& interrupted = cell("direct-calls");
  interrupted.state = "interrupted";
  interrupted.reason = "stopped";
  const Group group = along({Axis::series}).groups.at(0);
  EXPECT_EQ(group.cases[0].outcomes, (Words{"passed", "interrupted"}));
  EXPECT_EQ(group.cases[0].messages[1], "stopped");
}

TEST_F(Compare, EachAxisGroupsByTheOthers) {
  for (const char* config : {"clang-cfi", "gcc-os"})
    for (const char* series : {"base", "direct-calls"}) {
      cell(series, "direct", config);
      outcome("a", std::string(series) == "base" ? "failed" : "passed");
    }
  const Comparison by_series = along({Axis::series});
  EXPECT_EQ(by_series.values, (Words{"base", "direct-calls"}));
  ASSERT_EQ(by_series.groups.size(), 2U);
  EXPECT_EQ(by_series.groups[1].name, "v6.12/gcc-os/arm64-tcg/direct");
  EXPECT_EQ(by_series.different, 2U);
  const Comparison by_config = along({Axis::config});
  EXPECT_EQ(by_config.values, (Words{"clang-cfi", "gcc-os"}));
  EXPECT_EQ(by_config.groups.at(0).name, "v6.12/base/arm64-tcg/direct");
  EXPECT_EQ(by_config.different, 0U);
  EXPECT_EQ(by_config.same, 2U);
  const Comparison by_tree = along({Axis::tree});
  EXPECT_EQ(by_tree.values, Words{"v6.12"});
  EXPECT_EQ(by_tree.groups.size(), 4U);
  EXPECT_EQ(by_tree.alone, 4U);
}

TEST_F(Compare, ReportsIncidentsThatAppearUnderSomeValuesOnly) {
  cell("base");
  incident("warning", "WARNING: everywhere");
  incident("oops", "Oops of the base");
  cell("direct-calls");
  incident("warning", "WARNING: everywhere");
  incident("warning", "WARNING: everywhere");
  incident("cfi", "CFI failure at caller");
  incident("panic", "WARNING: everywhere");
  const auto incidents = along({Axis::series}).incidents;
  ASSERT_EQ(incidents.size(), 3U);
  EXPECT_EQ(incidents[0].kind, "cfi");
  EXPECT_EQ(incidents[0].title, "CFI failure at caller");
  EXPECT_EQ(incidents[0].values, Words{"direct-calls"});
  EXPECT_EQ(incidents[1].title, "Oops of the base");
  EXPECT_EQ(incidents[1].values, Words{"base"});
  EXPECT_EQ(incidents[2].kind, "panic");
}

TEST_F(Compare, PutsIgnoredIncidentsBehindThoseThatCount) {
  cell("base");
  incident("bug", "BUG: known", "is being fixed");
  cell("direct-calls");
  incident("bug", "BUG: known");
  incident("warning", "WARNING in f");
  const auto incidents = along({Axis::series}).incidents;
  ASSERT_EQ(incidents.size(), 3U);
  EXPECT_EQ(incidents[0].title, "BUG: known");
  EXPECT_EQ(incidents[0].values, Words{"direct-calls"});
  EXPECT_EQ(incidents[0].ignored, "");
  EXPECT_EQ(incidents[1].title, "WARNING in f");
  EXPECT_EQ(incidents[2].title, "BUG: known");
  EXPECT_EQ(incidents[2].values, Words{"base"});
  EXPECT_EQ(incidents[2].ignored, "is being fixed");
}

TEST_F(Compare, NothingGivesNothing) {
  const Comparison comparison = along({Axis::machine});
  EXPECT_EQ(comparison.axes, Axes{Axis::machine});
  EXPECT_TRUE(comparison.values.empty());
  EXPECT_TRUE(comparison.groups.empty());
}

TEST_F(Compare, PutsTheValuesOfSeveralAxesTogether) {
  cell("base");
  outcome("a", "failed");
  cell("direct-calls");
  outcome("a", "passed");
  cell("base", "direct", "gcc-os");
  outcome("a", "passed");
  const Comparison comparison = along({Axis::series, Axis::config});
  EXPECT_EQ(comparison.values, (Words{"base/clang-cfi", "direct-calls/clang-cfi", "base/gcc-os"}));
  ASSERT_EQ(comparison.groups.size(), 1U);
  EXPECT_EQ(comparison.groups[0].name, "v6.12/arm64-tcg/direct");
  EXPECT_EQ(comparison.groups[0].cases.at(0).outcomes, (Words{"failed", "passed", "passed"}));
}

TEST_F(Compare, TakesTheValuesThatAreAskedForInTheirOrder) {
  cell("base");
  outcome("a", "failed");
  cell("direct-calls");
  outcome("a", "passed");
  cell("other");
  outcome("a", "passed");
  EXPECT_EQ(of_values({"other", "direct-calls"}).value().values, (Words{"other", "direct-calls"}));
  EXPECT_EQ(of_values({"other", "direct-calls"}).value().different, 0U);
  const auto wrong = of_values({"direct-call"});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "no cell has series 'direct-call'");
  EXPECT_EQ(wrong.error().hint, "did you mean 'direct-calls'?");
}

TEST(ParseAxes, KnowsEveryAxisByItsName) {
  const Axes all{Axis::tree, Axis::series, Axis::config, Axis::machine, Axis::suite};
  EXPECT_EQ(parse_axes({"tree", "series", "config", "machine", "suite"}).value(), all);
  EXPECT_EQ(to_string(Axes{Axis::machine, Axis::tree}), "machine,tree");
}

TEST(ParseAxes, ProposesTheNearestName) {
  const auto wrong = parse_axes({"tree", "serie"});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::input);
  EXPECT_EQ(wrong.error().message, "unknown axis 'serie'");
  EXPECT_EQ(wrong.error().hint, "did you mean 'series'?");
  EXPECT_EQ(parse_axes({"colour"}).error().hint,
            "the axes are tree, series, config, machine, suite");
}

TEST(ParseAxes, RefusesAnAxisTwice) {
  EXPECT_EQ(parse_axes({"tree", "tree"}).error().message, "axis 'tree' is named twice");
}

}  // namespace
}  // namespace kmatrix::compare
