// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/layout.h"

#include <gtest/gtest.h>

#include <functional>

namespace kmatrix::compare {
namespace {

std::vector<Coordinates> cells(const std::vector<std::string>& trees,
                               const std::vector<std::string>& series,
                               const std::vector<std::string>& configs) {
  std::vector<Coordinates> all;
  for (const auto& tree : trees)
    for (const auto& config : configs)
      for (const auto& each : series) all.push_back({tree, each, config, "tcg"});
  return all;
}

Layout three_series() {
  return lay_out(cells({"v6.12", "v7.2"}, {"base", "one", "two"}, {"clang", "gcc", "gcc-os"}));
}

std::string words(const Layout& layout, const std::function<bool(const Coordinates&)>& marks) {
  std::vector<bool> marked, clear;
  for (const auto& cell : layout.cells) {
    marked.push_back(marks(cell));
    clear.push_back(!marked.back());
  }
  return where(layout, marked, clear);
}

TEST(Layout, PutsEachSeriesBesideTheBase) {
  const Layout layout = three_series();
  ASSERT_EQ(layout.series.size(), 2U);
  EXPECT_EQ(layout.series[1].values, (std::vector<std::string>{"base", "two"}));
  EXPECT_EQ(layout.series[1].strata.size(), 6U);
  for (const auto& stratum : layout.series[1].strata) {
    EXPECT_EQ(layout.cells[*stratum[0]].series, "base");
    EXPECT_EQ(layout.cells[*stratum[1]].series, "two");
    EXPECT_EQ(layout.cells[*stratum[0]].config, layout.cells[*stratum[1]].config);
  }
  ASSERT_EQ(layout.others.size(), 2U);  // config and tree; there is one machine
  EXPECT_EQ(layout.others[0].strata.size(), 6U);
  EXPECT_EQ(layout.interactions[0].strata.size(), 2U);
}

TEST(Layout, StakesNoMoreThanThereIs) {
  for (const auto& layout : {three_series(), lay_out(cells({"v7.2"}, {"base", "one"}, {"gcc"}))}) {
    double sum = 0;
    for (const auto& subset : layout.series[0].subsets) sum += subset.weight;
    EXPECT_NEAR(sum, 1, 1e-12);
  }
}

TEST(Layout, LeavesOutACellThatStandsAlone) {
  auto some = cells({"v7.2"}, {"base", "one"}, {"gcc", "clang"});
  some.pop_back();
  const Layout layout = lay_out(some);
  EXPECT_EQ(layout.series[0].strata.size(), 1U);
  EXPECT_EQ(layout.others[0].strata.size(), 1U);
}

TEST(Layout, OfNothingIsEmpty) {
  const Layout layout = lay_out({});
  EXPECT_TRUE(layout.series.empty());
  EXPECT_TRUE(layout.others.empty());
  EXPECT_EQ(where(layout, {}, {}), "");
}

TEST(Where, NamesTheFewestAxes) {
  const Layout layout = three_series();
  EXPECT_EQ(words(layout, [](const auto& cell) { return cell.config == "gcc"; }), "only on gcc");
  EXPECT_EQ(words(layout, [](const auto& cell) { return cell.series == "two"; }), "only with two");
  EXPECT_EQ(words(layout, [](const auto& cell) { return cell.tree == "v7.2"; }), "only in v7.2");
  EXPECT_EQ(words(layout,
                  [](const auto& cell) {
                    return cell.tree == "v7.2" && cell.config != "clang" && cell.series == "one";
                  }),
            "only on gcc and gcc-os in v7.2 with one");
}

TEST(Where, NamesWhatTheBaseIsWithout) {
  const Layout layout = three_series();
  EXPECT_EQ(words(layout, [](const auto& cell) { return cell.series == "base"; }),
            "only without one and two");
  EXPECT_EQ(words(layout, [](const auto& cell) { return cell.series != "two"; }),
            "only without two");
}

TEST(Where, NamesTheExceptionIfThatIsShorter) {
  EXPECT_EQ(words(three_series(),
                  [](const auto& cell) { return cell.config != "gcc" || cell.series != "two"; }),
            "everywhere except on gcc with two");
}

TEST(Where, CountsWhatHasNoShape) {
  const Layout layout = lay_out(cells({"v7.2"}, {"base", "one"}, {"clang", "gcc"}));
  EXPECT_EQ(
      words(layout,
            [](const auto& cell) { return (cell.config == "gcc") == (cell.series == "one"); }),
      "in 2 of 4 cells: v7.2/base/clang/tcg, v7.2/one/gcc/tcg");
}

TEST(Where, SaysEverywhereAndNothing) {
  const Layout layout = three_series();
  EXPECT_EQ(words(layout, [](const auto&) { return true; }), "everywhere");
  EXPECT_EQ(words(layout, [](const auto&) { return false; }), "");
}

TEST(Where, PassesOverCellsThatNobodyKnows) {
  const Layout layout = lay_out(cells({"v7.2"}, {"base", "one"}, {"clang", "gcc"}));
  // base/clang is unknown, one/clang is bad, gcc is good
  EXPECT_EQ(where(layout, {false, true, false, false}, {false, false, true, true}),
            "only on clang");
}

}  // namespace
}  // namespace kmatrix::compare
