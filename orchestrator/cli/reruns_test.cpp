// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/reruns.h"

#include <gtest/gtest.h>

namespace kmatrix::cli {
namespace {

/// base and direct-calls of one kernel and suite, which ran once.
class Reruns : public testing::Test {
 protected:
  Reruns() {
    for (const auto* series : {"base", "direct-calls"}) {
      store::CellRow row;
      row.id = static_cast<std::int64_t>(stored_.cells.size()) + 1;
      row.name = std::string("v7.2/") + series + "/cfi/tcg/s";
      row.tree = "v7.2";
      row.series = series;
      row.config = "cfi";
      row.machine = "tcg";
      row.suite = "s";
      row.state = "done";
      stored_.cells.push_back(row);
      matrix_.cells.push_back({row.name, matrix_.cells.size(), "tcg", "s", false});
    }
    budget_.per_case = 12;
    budget_.least = 1;
  }

  void result(std::size_t cell, const std::string& name, const std::string& outcome) {
    stored_.cases.push_back(row(cell, name, outcome));
  }
  void again(std::size_t cell, const std::string& name, const std::string& outcome) {
    stored_.reruns.push_back(row(cell, name, outcome));
  }
  store::CaseRow row(std::size_t cell, const std::string& name, const std::string& outcome) const {
    store::CaseRow row;
    row.cell = stored_.cells[cell].id;
    row.name = name;
    row.outcome = outcome;
    return row;
  }
  std::vector<RerunPass> planned() const { return plan_reruns(matrix_, budget_, stored_); }
  using Names = std::set<std::string>;

  plan::Matrix matrix_;
  report::StoredRun stored_;
  spec::Reruns budget_;
};

TEST_F(Reruns, RunADifferenceAgainOnBothSides) {
  for (const auto* name : {"a", "b"})
    for (const std::size_t cell : {0U, 1U})
      result(cell, name, *name == 'a' && cell == 1 ? "failed" : "passed");
  const auto passes = planned();
  ASSERT_FALSE(passes.empty());
  for (std::size_t cell : {0U, 1U}) {
    ASSERT_EQ(passes[0].skip.count(cell), 1U);
    EXPECT_EQ(passes[0].skip.at(cell), Names{"b"});
  }
  EXPECT_EQ(passes[0].cases, 2U);
}

TEST_F(Reruns, RunTheProcessOfASubtest) {
  for (const std::size_t cell : {0U, 1U}) {
    result(cell, "a", cell == 1 ? "failed" : "passed");
    result(cell, "a/1", cell == 1 ? "failed" : "passed");
  }
  const auto passes = planned();
  ASSERT_EQ(passes.size(), 1U);
  EXPECT_EQ(passes[0].cases, 2U);
  EXPECT_EQ(passes[0].skip.at(0), Names{});
  EXPECT_EQ(passes[0].skip.at(1), Names{});
}

TEST_F(Reruns, CountAProcessOnceWithAllOfItsSubtests) {
  for (const std::size_t cell : {0U, 1U})
    for (const auto* name : {"a", "a/1", "a/2"}) {
      result(cell, name, cell == 1 ? "failed" : "passed");
      again(cell, name, cell == 1 ? "failed" : "passed");
    }
  budget_.total = 4;
  EXPECT_FALSE(planned().empty());
  budget_.total = 2;
  EXPECT_TRUE(planned().empty());
}

TEST_F(Reruns, RunEveryCaseAsOftenAsIsAskedFor) {
  for (const std::size_t cell : {0U, 1U}) result(cell, "a", "passed");
  EXPECT_TRUE(planned().empty());
  budget_.least = 2;
  ASSERT_EQ(planned().size(), 1U);
  EXPECT_EQ(planned()[0].cases, 2U);
}

TEST_F(Reruns, EndWhenTheDifferenceIsSure) {
  for (const std::size_t cell : {0U, 1U}) {
    result(cell, "a", cell == 1 ? "failed" : "passed");
    for (int i = 0; i < 11; ++i) again(cell, "a", cell == 1 ? "failed" : "passed");
  }
  EXPECT_TRUE(planned().empty());
}

TEST_F(Reruns, KeepToTheirBudget) {
  for (const std::size_t cell : {0U, 1U}) result(cell, "a", cell == 1 ? "failed" : "passed");
  budget_.total = 2;
  const auto passes = planned();
  ASSERT_EQ(passes.size(), 1U);
  EXPECT_EQ(passes[0].cases, 2U);
  budget_.total = 1;
  EXPECT_TRUE(planned().empty());
  budget_.total = 100;
  budget_.per_case = 1;
  EXPECT_TRUE(planned().empty());
}

TEST_F(Reruns, LeaveCellsAloneThatDidNotRun) {
  result(0, "a", "passed");
  stored_.cells[1].state = "unavailable";
  EXPECT_TRUE(planned().empty());
}

}  // namespace
}  // namespace kmatrix::cli
