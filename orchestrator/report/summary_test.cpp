// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "report/fixture.h"

namespace kmatrix::report {
namespace {

using support::Seconds;

bool is_good(RunBuilder& run) {
  const StoredRun& whole = run.whole();
  return run_is_good(whole.cells, whole.cases, whole.incidents);
}

TEST(RunIsGood, WhenAllIsDoneOrUnavailableAsExpected) {
  auto run = quickstart();
  EXPECT_TRUE(is_good(run));
}

TEST(RunIsGood, NotWhenACellIsUnavailableAndNobodyExpectedIt) {
  auto run = quickstart();
  run.cell("x", "y", "unavailable", "X is not set");
  EXPECT_FALSE(is_good(run));
}

TEST(RunIsGood, NotWhenACellIsInAnyOtherState) {
  for (const char* state : {"planned", "blocked", "infra_error", "interrupted"}) {
    auto run = quickstart();
    run.cell("x", "y", state);
    EXPECT_FALSE(is_good(run)) << state;
  }
}

TEST(RunIsGood, OnlyWithGoodOutcomes) {
  for (const char* outcome : {"passed", "skipped", "xfailed"}) {
    auto run = quickstart();
    run.result("x", outcome);
    EXPECT_TRUE(is_good(run)) << outcome;
  }
  for (const char* outcome : {"failed", "unresolved", "timed_out", "crashed", "missing", "blocked",
                              "infra_error", "nonsense"}) {
    auto run = quickstart();
    run.result("x", outcome);
    EXPECT_FALSE(is_good(run)) << outcome;
  }
}

TEST(RunIsGood, WithPlannedCasesOfACellThatIsUnavailableAsExpected) {
  RunBuilder run;
  run.cell("x", "y", "unavailable", "X is not set").expect_unavailable = true;
  run.result("a", "missing");
  EXPECT_TRUE(is_good(run));
}

TEST(RunIsGood, NotWithAnIncident) {
  for (const char* kind : {"cfi", "oops", "bug", "panic", "kasan", "lockdep", "stall", "hung_task",
                           "warning", "reboot"}) {
    auto run = quickstart();
    run.incident(kind, "title");
    EXPECT_FALSE(is_good(run)) << kind;
  }
  auto run = quickstart();
  run.incident("other", "title");
  EXPECT_TRUE(is_good(run));
}

TEST(RunIsGood, WithAnIncidentThatIsIgnored) {
  auto run = quickstart();
  run.incident("oops", "title").ignored = "known";
  EXPECT_TRUE(is_good(run));
  run.incident("oops", "another");
  EXPECT_FALSE(is_good(run));
  EXPECT_EQ(summary_json(run.whole(), Seconds(1))["incidents"].dump(), R"({"oops":1,"ignored":1})");
}

TEST(RunIsGood, NotWithoutCells) { EXPECT_FALSE(run_is_good({}, {}, {})); }

TEST(SummaryText, OfAGoodRun) {
  EXPECT_EQ(summary_text(quickstart().whole(), Seconds(902), false),
            R"(run 3 (quickstart) done after 15 min 02 s: good
  cells      2 unavailable as expected, 2 done
  cases      4 passed
  incidents  none
)");
}

TEST(SummaryText, OfABadRun) {
  EXPECT_EQ(summary_text(bad_run().whole(), Seconds(90), false),
            R"(run 3 (quickstart) done after 1 min 30 s: not good
  cells      1 done, 1 unavailable, 1 blocked
  cases      1 passed, 1 crashed, 1 missing, 1 blocked
  incidents  1 cfi
)");
}

TEST(SummaryText, ColoursTheVerdict) {
  EXPECT_NE(summary_text(quickstart().whole(), Seconds(1), true).find("\x1b[32mgood\x1b[0m"),
            std::string::npos);
  EXPECT_NE(summary_text(bad_run().whole(), Seconds(1), true).find("\x1b[31mnot good\x1b[0m"),
            std::string::npos);
}

TEST(SummaryJson, CountsByWord) {
  const auto document = summary_json(bad_run().whole(), Seconds(90.5));
  EXPECT_EQ(document["run"]["id"], 3);
  EXPECT_EQ(document["good"], false);
  EXPECT_EQ(document["wall_seconds"], 90.5);
  EXPECT_EQ(document["cells"].dump(), R"({"done":1,"unavailable":1,"blocked":1})");
  EXPECT_EQ(document["cases"].dump(), R"({"passed":1,"crashed":1,"missing":1,"blocked":1})");
  EXPECT_EQ(document["incidents"].dump(), R"({"cfi":1})");
}

}  // namespace
}  // namespace kmatrix::report
