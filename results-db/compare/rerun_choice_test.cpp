// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/rerun_choice.h"

#include <gtest/gtest.h>

namespace kmatrix::compare {
namespace {

/// Base and series on two configs; cells 0 (base) and 1 (series) are on clang, 2 and 3 on gcc.
class RerunChoice : public ::testing::Test {
 protected:
  static std::vector<Coordinates> four_cells() {
    return {{"v7.2", "base", "clang", "tcg"},
            {"v7.2", "one", "clang", "tcg"},
            {"v7.2", "base", "gcc", "tcg"},
            {"v7.2", "one", "gcc", "tcg"}};
  }
  /// A letter a run: . passed, F failed, i infra_error.
  void saw(const std::vector<std::string>& cells) {
    CaseObservations observed{"suite", "case", {}};
    for (std::size_t cell = 0; cell < cells.size(); ++cell)
      for (const char letter : cells[cell])
        observed.observations.push_back({cell, letter == '.'   ? Kind::passed
                                               : letter == 'F' ? Kind::failed
                                                               : Kind::infra_error});
    cases_.push_back(observed);
  }
  std::vector<Rerun> next(const RerunBudget& budget = {}) const {
    return choose_reruns(attribute(layout_, cases_), budget);
  }
  /// The cells that come next, in order.
  std::string cells(const RerunBudget& budget = {}) const {
    std::string text;
    for (const auto& rerun : next(budget)) text += std::to_string(rerun.cell);
    return text;
  }

  Layout layout_ = lay_out(four_cells());
  std::vector<CaseObservations> cases_;
};

TEST_F(RerunChoice, RunsAPairThatDiffersAgain) {
  saw({".", "F", "..", ".."});
  const auto round = next();
  ASSERT_EQ(round.size(), 2U);
  EXPECT_EQ(round[0].why, RerunWhy::ambiguous);
  EXPECT_EQ(to_string(round[0].why), "ambiguous");
  EXPECT_EQ(round[0].cell + round[1].cell, 1U);
}

TEST_F(RerunChoice, LetsTheSidesTakeTurnsInBeingFirst) {
  // the second pair begins with the series, the third with the base
  saw({".", "F", "..", ".."});
  const std::string second = cells();
  cases_.clear();
  saw({"..", "FF", "..", ".."});
  const std::string third = cells();
  EXPECT_EQ(second, "10");
  EXPECT_EQ(third, "01");
}

TEST_F(RerunChoice, BelievesACaseThatDiffersNowhereAfterTwoRuns) {
  saw({".", ".", ".", "."});
  EXPECT_EQ(cells(), "1032");
  EXPECT_EQ(next()[0].why, RerunWhy::quiet);
  cases_.clear();
  saw({"..", "..", "..", ".."});
  EXPECT_EQ(cells(), "");
}

TEST_F(RerunChoice, BelievesAPreExistingFailureLikewise) {
  saw({"FF", "FF", "..", ".."});
  EXPECT_EQ(cells(), "");
}

TEST_F(RerunChoice, LooksAtTheOtherPairsOfACaseThatTheSeriesChanges) {
  saw({"........", "FFFFFFFF", "..", ".."});
  const auto round = next();
  ASSERT_EQ(round.size(), 2U);
  EXPECT_EQ(round[0].why, RerunWhy::sibling);
  EXPECT_EQ(round[0].cell, 2U);
}

TEST_F(RerunChoice, StopsWhenAllIsDecided) {
  saw({"........", "FFFFFFFF", "...", "..."});
  EXPECT_EQ(cells(), "");
}

TEST_F(RerunChoice, StopsWhenWhatIsLeftIsTooSmall) {
  saw({std::string(16, '.'), "F" + std::string(15, '.'), "..", ".."});
  EXPECT_EQ(cells(), "");
  RerunBudget budget;
  budget.smallest = .1;
  EXPECT_NE(cells(budget), "");
}

TEST_F(RerunChoice, StopsWhenTheBudgetOfACellIsSpent) {
  saw({"..", "F.", "..", ".."});
  RerunBudget budget;
  budget.runs = 2;
  EXPECT_EQ(cells(budget), "");
  budget.runs = 3;
  EXPECT_EQ(cells(budget), "01");
}

TEST_F(RerunChoice, RunsMoreAtATimeTheMoreWasRun) {
  saw({"........", "FF.F..F.", "..", ".."});
  EXPECT_EQ(cells(), "0110");
}

TEST_F(RerunChoice, GivesWhatRemainsToTheCaseWithMostEvidence) {
  saw({".", "F", ".", "."});
  saw({"...", "FFF", "...", "..."});
  RerunBudget budget;
  budget.total = 2;
  const auto round = next(budget);
  ASSERT_EQ(round.size(), 2U);
  EXPECT_EQ(round[0].case_index, 1U);
  budget.total = 1;
  EXPECT_TRUE(next(budget).empty());
}

TEST_F(RerunChoice, RunsAgainWhatFailedThroughUsButNotForever) {
  saw({"..", "i.", "..", ".."});
  EXPECT_EQ(cells(), "1");
  cases_.clear();
  saw({".", "iiii", "..", ".."});
  EXPECT_EQ(cells(), "");
}

TEST_F(RerunChoice, DoesNotRunAgainWhatIsCertain) {
  saw({"", ".", "..", ".."});
  cases_[0].observations.push_back({0, Kind::unavailable, true});
  EXPECT_EQ(cells(), "");
}

TEST_F(RerunChoice, DoesNotRunAgainWhereTheKernelIsTheSame) {
  saw({"F", "", "..", ".."});
  cases_[0].observations.push_back({1, Kind::failed, false, true});
  EXPECT_EQ(cells(), "");
  EXPECT_EQ(attribute(layout_, cases_)[0].strata[0].verdict, Verdict::pre_existing);
}

TEST_F(RerunChoice, RunsASharedBaseOnce) {
  auto cells = four_cells();
  cells.push_back({"v7.2", "two", "clang", "tcg"});
  layout_ = lay_out(cells);
  saw({".", "F", "..", "..", "F"});
  EXPECT_EQ(this->cells(), "104");
}

TEST_F(RerunChoice, IsTheSameForTheSameEvidence) {
  saw({".", "F", ".", "F"});
  saw({"..", "F.", ".", "."});
  EXPECT_EQ(cells(), cells());
  EXPECT_FALSE(cells().empty());
}

}  // namespace
}  // namespace kmatrix::compare
