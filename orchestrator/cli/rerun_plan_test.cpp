// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/rerun_plan.h"

#include <gtest/gtest.h>

#include "support/text.h"

namespace kmatrix::cli {
namespace {

class RerunPlanTest : public testing::Test {
 protected:
  RerunPlanTest() {
    earlier_.run.id.value = 3;
    rerun_.of = 3;
    rerun_.failed = true;
  }
  void cell(const std::string& name, std::size_t kernel, const std::string& state = "done") {
    while (matrix_.kernels.size() <= kernel)
      matrix_.kernels.push_back({"k" + std::to_string(matrix_.kernels.size()), "", "", "", "", {}});
    matrix_.cells.push_back({name, kernel, "m", "s", false});
    store::CellRow row;
    row.id = static_cast<std::int64_t>(matrix_.cells.size());
    row.name = name;
    row.state = state;
    earlier_.cells.push_back(row);
  }
  void result(const std::string& name, const std::string& outcome) {
    store::CaseRow row;
    row.cell = earlier_.cells.back().id;
    row.name = name;
    row.outcome = outcome;
    earlier_.cases.push_back(row);
  }
  void incident(const std::string& case_name) {
    store::IncidentRow row;
    row.cell = earlier_.cells.back().id;
    row.case_name = case_name;
    row.kind = "warning";
    earlier_.incidents.push_back(row);
  }
  /// "cell[skipped,skipped]: why" a line.
  std::string planned() const {
    const auto plan = plan_rerun(matrix_, earlier_, rerun_);
    if (!plan) return plan.error().message;
    std::string text;
    for (std::size_t i = 0; i < plan->matrix.cells.size(); ++i) {
      text += plan->matrix.cells[i].name + "[";
      if (const auto skip = plan->skip.find(i); skip != plan->skip.end())
        for (const auto& name : skip->second) text += name + ";";
      text += "]: " + plan->whys[i] + "\n";
    }
    return text;
  }

  plan::Matrix matrix_;
  report::StoredRun earlier_;
  Rerun rerun_;
};

TEST_F(RerunPlanTest, TakesWhatWasNotGoodAndNothingElse) {
  cell("a/good", 0);
  result("one", "passed");
  cell("a/mixed", 0);
  result("one", "passed");
  result("two", "failed");
  result("three", "skipped");
  result("four", "timed_out");
  cell("b/blocked", 1, "blocked");
  cell("b/unavailable", 1, "unavailable");
  cell("b/ours", 1, "infra_error");
  result("one", "missing");
  EXPECT_EQ(planned(),
            "a/mixed[one;three;]: rerun of run 3: 1 failed, 1 timed_out\n"
            "b/blocked[]: rerun of run 3: blocked\n"
            "b/ours[]: rerun of run 3: 1 missing\n");
  const auto plan = plan_rerun(matrix_, earlier_, rerun_);
  EXPECT_EQ(plan->matrix.kernels.size(), 2U);
}

TEST_F(RerunPlanTest, RunsTheCaseThatABadSubtestBelongsTo) {
  cell("a", 0);
  result("direct/x.tc", "passed");
  result("direct/x.tc (instance)", "failed");
  result("direct/x", "passed");
  result("attach", "passed");
  result("attach/kprobe", "failed");
  EXPECT_EQ(planned(), "a[direct/x;]: rerun of run 3: 2 failed\n");
}

TEST_F(RerunPlanTest, RunsACaseThatPassedButLeftAnIncident) {
  cell("a", 0);
  result("one", "passed");
  result("two", "passed");
  incident("two");
  EXPECT_EQ(planned(), "a[one;]: rerun of run 3: 1 passed\n");
}

TEST_F(RerunPlanTest, IsNarrowedByGlobs) {
  cell("a", 0);
  result("one", "failed");
  result("two", "failed");
  cell("b", 0);
  result("one", "failed");
  rerun_.cells = {"a*"};
  rerun_.cases = {"t*"};
  EXPECT_EQ(planned(), "a[one;]: rerun of run 3: 1 failed\n");
  rerun_.cases = {"t*", "x*"};
  EXPECT_EQ(planned(), "run 3 has no case that matches 'x*'");
  rerun_.cells = {"c"};
  EXPECT_EQ(planned(), "run 3 has no cell that matches 'c'");
}

TEST_F(RerunPlanTest, TakesEverythingUnlessAskedForWhatFailed) {
  cell("a", 0);
  result("one", "passed");
  cell("b", 1, "unavailable");
  EXPECT_EQ(planned(), "nothing of run 3 is to run again");
  rerun_.failed = false;
  EXPECT_EQ(planned(), "a[]: rerun of run 3\nb[]: rerun of run 3\n");
}

TEST(ReplayPlan, RunsTheProcessesOfTheChosenCasesAlone) {
  const std::vector<std::string> names = {"a", "a/one", "b", "b/one", "b/two", "c (1)", "c"};
  const auto rest = [&](const std::vector<std::string>& chosen) {
    return support::join(not_chosen(names, chosen), " ");
  };
  EXPECT_EQ(rest({"a"}), "b b/one b/two c (1) c");
  EXPECT_EQ(rest({"b/two"}), "a a/one b/one c (1) c");
  EXPECT_EQ(rest({"b", "a"}), "c (1) c");
  EXPECT_EQ(rest({"c"}), "a a/one b b/one b/two");
}

TEST(ReplayPlan, HasTheOneCellOfTheBundle) {
  plan::Matrix matrix;
  matrix.cells.push_back({"t/s/c/m/x", 0, "m", "x", false});
  const auto plan = plan_replay(matrix, {"digest", "x of run 3", {"b"}, 1});
  EXPECT_EQ(plan.whys, std::vector<std::string>{"replay of x of run 3"});
  EXPECT_EQ(plan.skip.at(0), std::set<std::string>{"b"});
  EXPECT_TRUE(plan_replay(matrix, {"digest", "x of run 3", {}, 1}).skip.empty());
}

}  // namespace
}  // namespace kmatrix::cli
