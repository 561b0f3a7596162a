// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/history.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace kmatrix::report {
namespace {

store::Observation seen(std::int64_t run, const std::string& outcome, std::int64_t reused = 0) {
  store::Observation each;
  each.run = run;
  each.started = "2026-01-31T12:00:00Z";
  each.cell = "v1/base/cfi/tcg/boot";
  each.suite = "boot";
  each.case_name = "a";
  each.outcome = outcome;
  each.reused_run = reused;
  each.seconds = 1.5;
  return each;
}

TEST(History, HasALineARunAndAStripACell) {
  History history{"a", {}, 3, {seen(9, "failed"), seen(8, "passed", 5), seen(5, "passed")}, 1};
  history.seen[0].message = "exit\x1b[2J";
  history.seen[0].incidents = 2;
  history.seen[0].incident = "WARNING in f";
  EXPECT_EQ(
      history_text(history, false),
      "run  started               cell                  outcome            time   message      "
      "incident\n"
      "9    2026-01-31T12:00:00Z  v1/base/cfi/tcg/boot  failed             1.5 s  exit\\x1b[2J  "
      "WARNING in f and 1 more\n"
      "8    2026-01-31T12:00:00Z  v1/base/cfi/tcg/boot  passed (in run 5)  1.5 s\n"
      "5    2026-01-31T12:00:00Z  v1/base/cfi/tcg/boot  passed             1.5 s\n"
      "older ones are left out (--limit 3)\n"
      "\noldest to newest (. passed, F failed)\n"
      "  v1/base/cfi/tcg/boot  .F  1 passed, 1 failed\n");
}

TEST(History, CountsTheRerunsOfARun) {
  History history{"a", {}, -1, {seen(9, "failed"), seen(8, "passed")}, 0};
  history.seen[0].reruns = {"passed", "failed"};
  const std::string text = history_text(history, false);
  EXPECT_NE(text.find("  failed; again: passed failed  "), std::string::npos) << text;
  EXPECT_NE(text.find("  .F.F  2 passed, 2 failed"), std::string::npos) << text;
  EXPECT_EQ(history_json(history)["results"][0]["reruns"].dump(), R"(["passed","failed"])");
}

TEST(History, NamesTheCaseWhereThereAreSeveral) {
  History history{"*", {}, -1, {seen(9, "passed"), seen(9, "passed")}, 0};
  history.seen[1].case_name = "b";
  const std::string text = history_text(history, false);
  EXPECT_NE(text.find("  boot:b  "), std::string::npos) << text;
  EXPECT_NE(text.find("v1/base/cfi/tcg/boot  boot:a  .  1 passed"), std::string::npos) << text;
}

TEST(History, CutsALongStripAtItsOldEnd) {
  History history{"a", {}, -1, {}, 0};
  history.seen.push_back(seen(200, "crashed"));
  for (int run = 199; run > 100; --run) history.seen.push_back(seen(run, "passed"));
  const std::string text = history_text(history, false);
  EXPECT_NE(text.find("  .." + std::string(57, '.') + "C  99 passed, 1 crashed"), std::string::npos)
      << text;
}

TEST(History, JsonHasNullForWhatIsMissing) {
  const auto json = history_json({"a", {"v1", "", "", "", ""}, -1, {seen(9, "passed", 3)}, 0});
  EXPECT_EQ(json["filter"]["tree"], "v1");
  EXPECT_TRUE(json["filter"]["since"].is_null());
  EXPECT_TRUE(json["limit"].is_null());
  EXPECT_TRUE(json["results"][0]["message"].is_null());
  EXPECT_EQ(json["results"][0]["reused_run"], 3);
  EXPECT_TRUE(json["cells"][0]["oldest_to_newest"].is_null());
  EXPECT_TRUE(json["cells"][0]["counts"].empty());
}

TEST(History, EveryOutcomeHasALetterOfItsOwn) {
  std::set<char> letters;
  for (const char* outcome : {"passed", "failed", "skipped", "xfailed", "unresolved", "timed_out",
                              "crashed", "missing", "blocked", "infra_error"})
    letters.insert(letter_of(outcome));
  EXPECT_EQ(letters.size(), 10U);
  EXPECT_EQ(letters.count(letter_of("unheard of")), 0U);
}

TEST(Incidents, AreOnceEachWithTheirPlaces) {
  std::vector<store::IncidentSeen> seen(3);
  seen[0] = {"warning", "WARNING in f", "c1", "a", "", 2, 1, 1, 1, "T1", "T1"};
  seen[1] = {"warning", "WARNING in f", "c2", "", "known", 1, 1, 3, 3, "T3", "T3"};
  seen[2] = {"oops", "oops in g", "c1", "b", "", 1, 1, 4, 4, "T4", "T4"};
  EXPECT_EQ(incidents_text(seen, false),
            "oops  oops in g\n"
            "  1 time, first in run 4 (T4), last in run 4 (T4)\n"
            "    c1  b  1 time  run 4\n"
            "warning  WARNING in f\n"
            "  3 times, first in run 1 (T1), last in run 3 (T3)\n"
            "    c1  a        2 times  run 1\n"
            "    c2  no case  1 time   run 3  ignored: known\n");
  const auto json = incidents_json(seen, {});
  EXPECT_EQ(json["incidents"].size(), 2U);
  EXPECT_EQ(json["incidents"][1]["places"].size(), 2U);
  EXPECT_TRUE(json["incidents"][1]["places"][1]["case"].is_null());
}

TEST(FlakyReport, HasTheRateAndTheOutcomesInOrder) {
  const auto cases = compare::flaky({{"c", "s", "a", "k", "2 failed,1 passed,3 passed"}});
  EXPECT_EQ(flaky_text(cases, false),
            "rate  case  cell  outcomes            oldest to newest\n"
            "33 %  a     c     2 passed, 1 failed  .F.\n"
            "1 flaky case (. passed, F failed)\n");
  EXPECT_EQ(flaky_json(cases, {})["cases"][0]["seen"][1]["outcome"], "failed");
}

TEST(DiffReport, SaysWhatChangedInSections) {
  compare::RunDiff diff;
  diff.cells = 2;
  diff.same = 7;
  diff.cases = {{compare::Change::regression, "c", "a", "passed", "failed", "exit 1"},
                {compare::Change::added, "d", "", "", "done", ""}};
  diff.incidents = {{compare::Change::regression, "c", "warning", "WARNING in f", ""}};
  diff.durations = {{"c", "slow", 1, 3.5}};
  store::RunRow before, now;
  before.id.value = 1;
  now.id.value = 2;
  before.experiment = now.experiment = "demo";
  before.started = now.started = "T";
  EXPECT_EQ(diff_text(before, now, diff, false),
            "before  run 1, demo, T\n"
            "now     run 2, demo, T\n"
            "\nregressions\n"
            "  c  a  passed  ->  failed  exit 1\n"
            "\nnew\n"
            "  d  (the cell)  -  ->  done\n"
            "\nincidents\n"
            "  new  warning  WARNING in f  c\n"
            "\ntook much longer, or much less\n"
            "  c  slow  1.0 s  ->  3.5 s  3.5 times\n"
            "\n1 regression, 0 fixes, 1 new, 1 new incident; 7 cases the same; 2 cells in both "
            "runs\n");
  EXPECT_EQ(diff_json(before, now, diff)["cases"][1]["case"], nullptr);
}

}  // namespace
}  // namespace kmatrix::report
