// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/nightly_plan.h"

#include <gtest/gtest.h>

#include <set>

namespace kmatrix::cli {
namespace {

using namespace std::chrono_literals;

store::RunRow run(std::int64_t id, const std::string& state = "done",
                  const std::string& selection = R"({"only":[],"again":false})") {
  store::RunRow row;
  row.id.value = id;
  row.experiment_file = "/x/a.yaml";
  row.state = state;
  row.selection = selection;
  row.started = "2026-01-31T02:00:00Z";
  return row;
}

std::vector<std::int64_t> ids(const std::vector<store::RunRow>& runs) {
  std::vector<std::int64_t> numbers;
  for (const auto& each : runs) numbers.push_back(each.id.value);
  return numbers;
}

TEST(NightlyPlan, OnlyRunsOfTheWholeExperimentCount) {
  auto other = run(8);
  other.experiment_file = "/x/b.yaml";
  const std::vector<store::RunRow> runs = {
      other,
      run(7, "done", R"({"only":["suite=boot"],"again":false})"),
      run(6, "done", R"({"only":[],"again":true,"trees":["v1=/linux"]})"),
      run(5, "done",
          R"({"only":[],"again":true,"rerun":{"of":1,"failed":true,"cells":[],"cases":[]}})"),
      run(4, "done",
          R"({"only":[],"again":true,"replay":{"bundle":"d","of":"x","skip":[],"times":1}})"),
      run(3, "interrupted"),
      run(2, "done", ""),
      run(1, "done", "no JSON")};
  EXPECT_EQ(ids(whole_runs(runs, "/x/a.yaml")), (std::vector<std::int64_t>{3, 2}));
}

TEST(NightlyPlan, ANightThatWasCutShortGoesOn) {
  const auto began = std::chrono::sys_days{std::chrono::January / 31 / 2026} + 2h;
  EXPECT_EQ(run_to_continue({run(3, "interrupted"), run(2)}, began + 5h)->id.value, 3);
  EXPECT_EQ(run_to_continue({run(3, "interrupted"), run(2)}, began + 20h)->id.value, 3);
  EXPECT_FALSE(run_to_continue({run(3, "interrupted"), run(2)}, began + 20h + 1s));
  EXPECT_FALSE(run_to_continue({run(3, "running")}, began + 1h));
  EXPECT_FALSE(run_to_continue({run(3), run(2, "interrupted")}, began + 1h));
  EXPECT_FALSE(run_to_continue({}, began));
}

class BaselineTest : public testing::Test {
 protected:
  std::string chosen(const std::vector<store::RunRow>& runs, std::int64_t now) {
    const auto baseline =
        choose_baseline(runs, store::RunId{now}, [this](const store::RunRow& each) -> Result<bool> {
          ++asked_;
          return good_.count(each.id.value) != 0;
        });
    if (!baseline) return baseline.error().message;
    if (!*baseline) return "none";
    return std::to_string((*baseline)->run.id.value) + ((*baseline)->good ? " good" : " bad");
  }
  std::set<std::int64_t> good_;
  std::size_t asked_ = 0;
};

TEST_F(BaselineTest, IsTheNewestGoodRunBefore) {
  good_ = {1, 2, 5};
  EXPECT_EQ(chosen({run(5), run(4), run(3), run(2), run(1)}, 5), "2 good");
  EXPECT_EQ(chosen({run(5), run(4), run(3), run(2), run(1)}, 4), "2 good");
  EXPECT_EQ(chosen({run(3), run(2, "interrupted"), run(1)}, 3), "1 good");
}

TEST_F(BaselineTest, WithoutAGoodOneIsTheNewestThatWasDone) {
  EXPECT_EQ(chosen({run(5), run(4, "failed"), run(3), run(2)}, 5), "3 bad");
  EXPECT_EQ(chosen({run(5)}, 5), "none");
}

TEST_F(BaselineTest, LooksAtABoundedNumberOfRuns) {
  std::vector<store::RunRow> runs;
  for (int i = 1'000; i > 0; --i) runs.push_back(run(i));
  good_ = {1};
  EXPECT_EQ(chosen(runs, 1'000), "999 bad");
  EXPECT_EQ(asked_, most_looked_at);
}

}  // namespace
}  // namespace kmatrix::cli
