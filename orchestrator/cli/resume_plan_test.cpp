// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/resume_plan.h"

#include <gtest/gtest.h>

namespace kmatrix::cli {
namespace {

/// Two kernels with two cells each, all of which have the keys that the store knows.
class ResumePlanTest : public ::testing::Test {
 protected:
  ResumePlanTest() {
    for (std::size_t i = 0; i < 2; ++i) {
      plan::PlannedKernel kernel;
      kernel.name = "kernel" + std::to_string(i);
      matrix_.kernels.push_back(kernel);
      prepared_.kernels.emplace_back().record.kernel_key = "k" + std::to_string(i);
      store::KernelRow row;
      row.name = kernel.name;
      row.kernel_key = "k" + std::to_string(i);
      row.state = "built";
      stored_.kernels.push_back(row);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      plan::PlannedCell cell;
      cell.kernel = i / 2;
      cell.name = "cell" + std::to_string(i);
      matrix_.cells.push_back(cell);
      keys_.push_back({"c" + std::to_string(i)});
      store::CellRow row;
      row.id = static_cast<std::int64_t>(10 + i);
      row.name = cell.name;
      row.cell_key = "c" + std::to_string(i);
      row.state = "done";
      stored_.cells.push_back(row);
    }
  }
  void add_case(std::size_t cell, const std::string& name, const std::string& outcome) {
    store::CaseRow row;
    row.cell = stored_.cells[cell].id;
    row.name = name;
    row.outcome = outcome;
    stored_.cases.push_back(row);
  }
  ResumePlan resume() const { return plan_resume(matrix_, prepared_, keys_, stored_); }

  plan::Matrix matrix_;
  run::Prepared prepared_;
  std::vector<support::Digest> keys_;
  StoredRows stored_;
};

TEST_F(ResumePlanTest, WhatIsFinishedStays) {
  stored_.cells[1].state = "unavailable";
  stored_.cells[2].state = "blocked";
  const auto plan = resume();
  EXPECT_EQ(plan.finished_kernels.size(), 2U);
  EXPECT_EQ(plan.finished_cells.size(), 4U);
  EXPECT_TRUE(plan.cut_cells.empty());
  EXPECT_TRUE(plan.changed_cells.empty());
}

TEST_F(ResumePlanTest, ACellThatWasCutGoesOnWithTheCasesThatHaveNoOutcome) {
  stored_.cells[1].state = "planned";
  add_case(1, "a", "passed");
  add_case(1, "b", "crashed");
  add_case(1, "c", "missing");
  add_case(1, "d", "infra_error");
  add_case(0, "other", "passed");
  const auto plan = resume();
  EXPECT_EQ(plan.finished_cells.count(1), 0U);
  EXPECT_EQ(plan.finished_cases.at(1), (std::set<std::string>{"a", "b"}));
  EXPECT_EQ(plan.cut_cells.at(1).id, 11);
}

TEST_F(ResumePlanTest, ACellGoesOnWithTheCaseThatFailedThroughUs) {
  add_case(2, "a", "passed");
  add_case(2, "b", "infra_error");
  const auto plan = resume();
  EXPECT_EQ(plan.finished_cells.count(2), 0U);
  EXPECT_EQ(plan.finished_cases.at(2), (std::set<std::string>{"a"}));
}

TEST_F(ResumePlanTest, ACellThatFailedThroughUsRunsAgain) {
  stored_.cells[3].state = "infra_error";
  const auto plan = resume();
  EXPECT_EQ(plan.finished_cells.count(3), 0U);
  EXPECT_EQ(plan.cut_cells.count(3), 1U);
}

TEST_F(ResumePlanTest, ResultsOfOtherInputsAreDropped) {
  keys_[0] = {"other"};
  stored_.cells[1].state = "planned";
  keys_[1] = {"other"};
  add_case(1, "a", "passed");
  const auto plan = resume();
  EXPECT_EQ(plan.changed_cells.count(0), 1U);
  EXPECT_EQ(plan.changed_cells.count(1), 1U);
  EXPECT_EQ(plan.finished_cells.size(), 2U);
  EXPECT_TRUE(plan.finished_cases.empty());
}

TEST_F(ResumePlanTest, AKernelOfAnotherKeyIsBuiltAgain) {
  prepared_.kernels[0].record.kernel_key = "other";
  stored_.kernels[1].state = "planned";
  EXPECT_TRUE(resume().finished_kernels.empty());
}

TEST_F(ResumePlanTest, AFailedBuildIsTriedAgainOnlyForCellsThatDoNotKnowOfIt) {
  stored_.kernels[0].state = "failed";
  stored_.cells[0].state = stored_.cells[1].state = "blocked";
  EXPECT_EQ(resume().finished_kernels.count(0), 1U);
  stored_.cells[1].state = "planned";
  EXPECT_EQ(resume().finished_kernels.count(0), 0U);
}

TEST_F(ResumePlanTest, WhatTheStoreHasNotSeenYetIsNew) {
  stored_ = {};
  const auto plan = resume();
  EXPECT_TRUE(plan.finished_kernels.empty());
  EXPECT_TRUE(plan.finished_cells.empty());
  EXPECT_TRUE(plan.cut_cells.empty());
}

}  // namespace
}  // namespace kmatrix::cli
