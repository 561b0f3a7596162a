// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/observe.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace kmatrix::compare {
namespace {

/// Runs, written down cell by cell.
class Observe : public ::testing::Test {
 protected:
  void run(std::int64_t id) {
    runs_.emplace_back();
    runs_.back().id.value = id;
  }
  store::CellRow& cell(const std::string& series, const std::string& state = "done") {
    store::CellRow row;
    row.id = ++last_;
    row.kernel = last_;
    row.tree = "v7.2";
    row.series = series;
    row.config = "gcc";
    row.machine = "tcg";
    row.suite = "direct";
    row.state = state;
    runs_.back().cells.push_back(row);
    return runs_.back().cells.back();
  }
  void outcome(const std::string& name, const std::string& word) {
    store::CaseRow row;
    row.cell = last_;
    row.name = name;
    row.outcome = word;
    runs_.back().cases.push_back(row);
  }
  void incident(const std::string& title, const std::string& case_name,
                const std::string& ignored = "") {
    store::IncidentRow row;
    row.cell = last_;
    row.kind = "warning";
    row.title = title;
    row.case_name = case_name;
    row.ignored = ignored;
    runs_.back().incidents.push_back(row);
  }
  /// "base passed, direct-calls failed", certain ones with '!', copied ones with '*'.
  std::string of(const std::string& name) const {
    const Observed observed = observe(runs_);
    std::string text;
    for (const auto& each : observed.cases)
      if (each.name == name)
        for (const auto& made : each.observations)
          text += (text.empty() ? "" : ", ") + observed.cells[made.cell].series + " " +
                  to_string(made.kind) + (made.certain ? "!" : "") + (made.copied ? "*" : "");
    return text;
  }

  std::vector<RunRows> runs_;
  std::int64_t last_ = 0;
};

TEST_F(Observe, TakesEachRunOfACaseInItsOrder) {
  run(1);
  cell("base");
  outcome("a", "passed");
  cell("direct-calls");
  outcome("a", "failed");
  run(2);
  cell("direct-calls");
  outcome("a", "timed_out");
  EXPECT_EQ(of("a"), "base passed, direct-calls failed, direct-calls timed_out");
  EXPECT_EQ(observe(runs_).cells.size(), 2U);
}

TEST_F(Observe, CountsWhatWasTakenOverOnce) {
  run(1);
  cell("base");
  outcome("a", "passed");
  run(2);
  cell("base").reused_run.value = 1;
  outcome("a", "passed");
  EXPECT_EQ(of("a"), "base passed");
  runs_.erase(runs_.begin());
  run(3);
  cell("base").reused_run.value = 1;
  outcome("a", "passed");
  EXPECT_EQ(of("a"), "base passed");
}

TEST_F(Observe, MarksWhatAnIdenticalCellObserved) {
  run(1);
  cell("base");
  outcome("a", "passed");
  cell("direct-calls").identical_to = "v7.2/base/gcc/tcg/direct";
  outcome("a", "passed");
  EXPECT_EQ(of("a"), "base passed, direct-calls passed*");
}

/// Two kernels, each with the tests of its own tree and of the other one; only the kernels differ,
/// or only the tests.
TEST_F(Observe, TellsTheTestFromTheKernel) {
  run(1);
  for (int again = 0; again < 12; ++again) {
    if (again > 0) run(again + 1);
    for (const std::string tree : {"v6.12", "v7.2"})
      for (const std::string tests : {"v6.12", "v7.2"}) {
        auto& row = cell("base");
        row.tree = tree;
        row.suite = tests == tree ? "direct" : "direct@" + tests;
        outcome("of the kernel", tree == "v6.12" ? "failed" : "passed");
        outcome("of the test", tests == "v6.12" ? "failed" : "passed");
      }
  }
  const auto observed = observe(runs_);
  const auto attributed = attribute(lay_out(observed.cells), observed.cases);
  ASSERT_EQ(attributed.size(), 2U);
  EXPECT_EQ(attributed[0].suite, "direct");
  EXPECT_EQ(attributed[0].verdict, Verdict::by_tree);
  EXPECT_EQ(attributed[0].where, "fails only in v6.12");
  EXPECT_EQ(attributed[1].verdict, Verdict::by_tests);
  EXPECT_EQ(attributed[1].where, "fails only with the tests of v6.12");
}

TEST_F(Observe, TakesATestThatOnlyOneTreeHasForTheTests) {
  run(1);
  cell("base").suite = "direct@v6.12";
  outcome("old", "passed");
  cell("base").suite = "direct@v7.3";
  outcome("old", "passed");
  outcome("new", "passed");
  EXPECT_EQ(of("new"), "base passed, base absent!");
  const auto observed = observe(runs_);
  EXPECT_EQ(observed.cells.size(), 2U);
  const auto attributed = attribute(lay_out(observed.cells), observed.cases);
  EXPECT_EQ(attributed[0].verdict, Verdict::by_tests);
}

TEST_F(Observe, TakesSourcesWithTheSameTestsForOne) {
  run(1);
  for (const std::string series : {"base", "direct-calls"}) {
    auto& own = cell(series);
    own.name = series + "/direct";
    const auto kernel = own.kernel;
    outcome("a", "passed");
    auto& copy = cell(series);
    copy.suite = "direct@v7.2";
    copy.kernel = kernel;
    copy.identical_to = series + "/direct";
    outcome("a", "passed");
  }
  EXPECT_EQ(of("a"), "base passed, base passed*, direct-calls passed, direct-calls passed*");
  const auto observed = observe(runs_);
  EXPECT_EQ(observed.cells.size(), 2U);
  EXPECT_EQ(observed.name_of("direct", 0), "base/direct");
  EXPECT_EQ(observed.name_of("direct", 2), "");
}

TEST_F(Observe, IsCertainOfWhatFollowsFromTheKernel) {
  run(1);
  cell("base", "unavailable");
  outcome("a", "missing");
  cell("direct-calls");
  outcome("a", "passed");
  cell("broken", "blocked");
  runs_.back().kernels.push_back({});
  runs_.back().kernels.back().id = last_;
  runs_.back().kernels.back().state = "failed";
  cell("no-boot", "blocked");
  EXPECT_EQ(of("a"), "base unavailable!, direct-calls passed, broken blocked!, no-boot blocked");
}

TEST_F(Observe, KnowsACaseThatACellDoesNotHave) {
  run(1);
  cell("base");
  outcome("a", "passed");
  cell("direct-calls");
  outcome("a", "passed");
  outcome("b", "passed");
  EXPECT_EQ(of("b"), "direct-calls passed, base absent!");
}

TEST_F(Observe, LeavesOutWhatSaysNothingYet) {
  run(1);
  cell("base", "interrupted");
  outcome("a", "passed");
  outcome("b", "missing");
  cell("direct-calls");
  outcome("a", "passed");
  outcome("b", "missing");
  cell("other", "infra_error");
  outcome("a", "failed");
  outcome("b", "missing");
  EXPECT_EQ(of("a"), "base passed, direct-calls passed, other failed");
  EXPECT_EQ(of("b"), "direct-calls missing, other infra_error");
}

TEST_F(Observe, MakesACaseOfAnIncident) {
  run(1);
  cell("base");
  outcome("a", "passed");
  cell("direct-calls");
  outcome("a", "failed");
  incident("WARNING in f", "a");
  incident("WARNING in g", "");
  incident("known", "a", "is being fixed");
  run(2);
  cell("direct-calls");
  outcome("b", "passed");
  EXPECT_EQ(of("WARNING in f (warning)"), "base clean, direct-calls reported");
  EXPECT_EQ(of("WARNING in g (warning)"), "base clean, direct-calls reported, direct-calls clean");
  EXPECT_EQ(of("known (warning)"), "");
}

TEST_F(Observe, NothingGivesNothing) {
  EXPECT_TRUE(observe({}).cells.empty());
  EXPECT_TRUE(observe({}).cases.empty());
}

TEST_F(Observe, CountsTheFurtherRunsOfACase) {
  run(1);
  cell("base");
  outcome("a", "passed");
  cell("direct-calls");
  outcome("a", "failed");
  store::CaseRow again = runs_.back().cases.back();
  again.outcome = "passed";
  runs_.back().reruns = {again};
  EXPECT_EQ(of("a"), "base passed, direct-calls failed, direct-calls passed");
}

TEST_F(Observe, TakesAnExpectedFailureForAnUnavailableSuite) {
  run(1);
  cell("base").expect_unavailable = true;
  outcome("a", "xfailed");
  cell("direct-calls");
  outcome("a", "xfailed");
  EXPECT_EQ(of("a"), "base unavailable, direct-calls xfailed");
}

}  // namespace
}  // namespace kmatrix::compare
