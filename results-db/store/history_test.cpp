// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "store/fixture.h"
#include "store/open.h"
#include "store/sql_text.h"

namespace kmatrix::store {
namespace {

class HistoryTest : public ::testing::Test {
 protected:
  /// A cell of the base series in a run of its own.
  std::int64_t cell(const std::string& key, const std::string& suite = "ftrace-direct",
                    std::int64_t reused = 0) {
    RunRow run = some_run();
    run.rerun_of.value = rerun_of_;
    run.started = "2026-01-" + std::to_string(++day_) + "T12:00:00Z";
    const KernelRow kernel = some_kernel(store_.add_run(run).value());
    CellRow row = some_cell(kernel, store_.put_kernel(kernel).value(), suite);
    row.cell_key = key;
    row.reused_run.value = reused;
    return store_.put_cell(row).value();
  }
  void put(std::int64_t cell, const std::string& name, const std::string& outcome) {
    ASSERT_TRUE(store_.put_case(some_case(cell, name, outcome)));
  }
  std::vector<std::string> outcomes(const CellFilter& filter, std::int64_t limit = -1) {
    std::vector<std::string> seen;
    const auto rows = store_.history({"a", "ftrace-direct"}, filter, limit).value();
    for (const auto& each : rows) seen.push_back(std::to_string(each.run) + " " + each.outcome);
    return seen;
  }

  Store store_ = Store::open(":memory:").value();
  int day_ = 9;
  std::int64_t rerun_of_ = 0;
};

using Texts = std::vector<std::string>;

TEST_F(HistoryTest, HasTheNewestFirstAndEndsAtTheLimit) {
  put(cell("k"), "a", "passed");
  put(cell("k"), "a", "failed");
  put(cell("k"), "b", "passed");
  put(cell("k", "another-suite"), "a", "crashed");
  EXPECT_EQ(outcomes({}), (Texts{"2 failed", "1 passed"}));
  EXPECT_EQ(outcomes({}, 1), (Texts{"2 failed"}));
}

TEST_F(HistoryTest, IsFilteredByCoordinatesAndTime) {
  put(cell("k"), "a", "passed");
  put(cell("k"), "a", "failed");
  EXPECT_EQ(outcomes({"v6.*", "base", "clang-cfi", "arm64-tcg", ""}).size(), 2U);
  EXPECT_EQ(outcomes({"v7*", "", "", "", ""}), Texts());
  EXPECT_EQ(outcomes({"", "direct*", "", "", ""}), Texts());
  EXPECT_EQ(outcomes({"", "", "", "arm64", ""}), Texts());
  EXPECT_EQ(outcomes({"", "", "", "", "2026-01-11"}), (Texts{"2 failed"}));
}

TEST_F(HistoryTest, CountsTheIncidentsOfACaseAndNamesOneThatCounts) {
  const auto id = cell("k");
  put(id, "a", "crashed");
  for (const char* title : {"known", "new"}) {
    IncidentRow incident = some_incident(id);
    incident.case_name = "a";
    incident.title = title;
    incident.ignored = incident.title == "known" ? "as always" : "";
    ASSERT_TRUE(store_.add_incident(incident));
  }
  const auto rows = store_.history({"a", "ftrace-direct"}, {}, -1).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].incidents, 2);
  EXPECT_EQ(rows[0].incident, "new");
}

TEST_F(HistoryTest, KnowsTheNamesOfAllCasesHoweverTheyCameIn) {
  const auto first = cell("k");
  ASSERT_TRUE(store_.plan_cases(first, {"planned"}));
  ASSERT_TRUE(store_.put_cases({some_case(first, "bulk"), some_case(first, "bulk")}));
  put(first, "planned", "passed");
  const auto second = cell("k", "other");
  put(second, "bulk", "passed");
  EXPECT_EQ(store_.known_cases().value(),
            (std::vector<SuiteCase>{
                {"bulk", "ftrace-direct"}, {"bulk", "other"}, {"planned", "ftrace-direct"}}));
  EXPECT_EQ(store_.suites_of_case("bulk").value().size(), 2U);
  EXPECT_TRUE(store_.suites_of_case("none").value().empty());
}

TEST_F(HistoryTest, PutsManyCasesWithEveryColumn) {
  const auto id = cell("k");
  CaseRow row = some_case(id, "a\xFF\0b", "failed");
  row.name = std::string("a\xFF\0b", 4);
  row.error = 95;
  ASSERT_TRUE(store_.put_case(row));
  const auto one = store_.cases(RunId{1}).value().at(0);
  row.name = "plain";
  CaseRow hostile = some_case(id, "");
  hostile.name = std::string("z\xFF\0b", 4);
  ASSERT_TRUE(store_.put_cases({row, hostile}));
  const auto rows = store_.cases(RunId{1}).value();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(one.name.substr(1), rows[2].name.substr(1));
  const auto columns = [](const CaseRow& each) {
    return std::tuple(each.cell, each.outcome, each.raw, each.message, each.error, each.seconds,
                      each.boot, each.first_line, each.last_line, each.output, each.argv);
  };
  EXPECT_EQ(columns(rows[1]), columns(one));
}

TEST_F(HistoryTest, PutsAllOfManyCasesOrNone) {
  const auto id = cell("k");
  EXPECT_FALSE(store_.put_cases({some_case(id, "a"), some_case(id, "b", "no such outcome")}));
  EXPECT_TRUE(store_.cases(RunId{1}).value().empty());
}

TEST_F(HistoryTest, FindsCasesThatTheSameInputsGaveDifferentOutcomes) {
  const auto first = cell("k"), second = cell("k"), other = cell("l");
  for (const auto id : {first, second, other}) put(id, "steady", "passed");
  put(first, "flaky", "passed");
  put(second, "flaky", "failed");
  put(other, "flaky", "crashed");
  put(first, "ours", "passed");
  put(second, "ours", "infra_error");
  put(first, "lost", "passed");
  put(second, "lost", "missing");
  const auto unstable = store_.unstable_cases({}).value();
  ASSERT_EQ(unstable.size(), 1U);
  EXPECT_EQ(unstable[0].case_name, "flaky");
  EXPECT_EQ(unstable[0].cell_key, "k");
  EXPECT_TRUE(unstable[0].seen == "1 passed,2 failed" || unstable[0].seen == "2 failed,1 passed");
  EXPECT_TRUE(store_.unstable_cases({"", "", "", "", "2026-01-11"}).value().empty());
}

TEST_F(HistoryTest, WhatWasTakenOverIsNoObservation) {
  put(cell("k"), "a", "passed");
  put(cell("k", "ftrace-direct", 1), "a", "failed");
  EXPECT_TRUE(store_.unstable_cases({}).value().empty());
}

TEST_F(HistoryTest, ARerunOfSomeCasesCountsWithTheInputsOfTheWhole) {
  put(cell("k"), "a", "failed");
  rerun_of_ = 1;
  put(cell(""), "a", "passed");
  EXPECT_EQ(store_.unstable_cases({}).value().size(), 1U);
  rerun_of_ = 2;
  put(cell(""), "a", "crashed");  // of which the inputs are not known as those of a cell with a key
  const auto unstable = store_.unstable_cases({}).value();
  ASSERT_EQ(unstable.size(), 1U);
  EXPECT_EQ(unstable[0].seen.find("crashed"), std::string::npos);
}

TEST_F(HistoryTest, RerunsInARunAreObservationsToo) {
  const auto id = cell("k");
  put(id, "a", "failed");
  put(id, "b", "failed");
  for (const auto* outcome : {"passed", "infra_error", "failed"})
    ASSERT_TRUE(store_.add_rerun(some_case(id, "a", outcome)));
  ASSERT_TRUE(store_.add_rerun(some_case(id, "b", "failed")));
  const auto rows = store_.history({"a", "ftrace-direct"}, {}, -1).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].reruns, (Texts{"passed", "infra_error", "failed"}));
  const auto unstable = store_.unstable_cases({}).value();
  ASSERT_EQ(unstable.size(), 1U);
  EXPECT_EQ(unstable[0].case_name, "a");
  EXPECT_EQ(unstable[0].seen, "1 failed,1 passed,1 failed");
}

TEST_F(HistoryTest, CollectsIncidentsByTitleAndPlace) {
  const auto first = cell("k"), second = cell("k"), reused = cell("k", "ftrace-direct", 2);
  for (const auto id : {first, first, second, reused}) {
    IncidentRow incident = some_incident(id);
    incident.ignored = "";
    ASSERT_TRUE(store_.add_incident(incident));
  }
  const auto seen = store_.incidents_seen({}).value();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].count, 3);
  EXPECT_EQ(seen[0].runs, 2);
  EXPECT_EQ(seen[0].first_run, 1);
  EXPECT_EQ(seen[0].last_run, 2);
  EXPECT_EQ(seen[0].first_started, "2026-01-10T12:00:00Z");
  EXPECT_EQ(seen[0].last_started, "2026-01-11T12:00:00Z");
  EXPECT_EQ(store_.incidents_seen({"", "", "", "", "2026-01-11"}).value().at(0).count, 1);
}

TEST_F(HistoryTest, NamesTheCoordinatesOfAllRuns) {
  cell("k");
  cell("k");
  std::string text;
  const auto coordinates = store_.coordinates().value();
  for (const auto& each : coordinates) text += each.axis + " " + each.name + "\n";
  EXPECT_EQ(text, "config clang-cfi\nmachine arm64-tcg\nseries base\ntree v6.12\n");
}

TEST(HistoryMigration, NamesTheCasesThatThereAreAlready) {
  auto connection = Connection::open(":memory:").value();
  for (const auto& migration : sql::migrations) {
    if (migration.number == 11) {
      ASSERT_TRUE(connection.execute(
          "INSERT INTO experiment VALUES (1, 'e', 'x', 'f', 't');"
          "INSERT INTO run (id, experiment, started, finished, state, host, kmatrix_version, "
          "folder)"
          " VALUES (1, 1, '2026-01-31T12:00:00Z', '', 'done', 'h', '0', '/x');"
          "INSERT INTO kernel (id, run, name, tree, series, config, arch, tree_description,"
          " tree_digest, series_digest, compiler, recipe_key, kernel_key, why, state, first_error,"
          " log, release, objects, seconds) VALUES (1, 1, 'k', 't', 's', 'c', 'a', '', '', '', '',"
          " '', '', '', 'built', '', '', '', 0, 0);"
          "INSERT INTO cell (id, run, kernel, name, machine, suite, state, reason, explanation,"
          " command_line, machine_xml, folder, boot_seconds, seconds, expect_unavailable)"
          " VALUES (1, 1, 1, 'n', 'm', 'boot', 'done', '', '', '', '', '', 0, 0, 0);"
          "INSERT INTO case_result (cell, name, outcome, raw, message, seconds, boot, first_line,"
          " last_line, output, argv) VALUES (1, 'old', 'passed', '', '', 0, 0, 0, 0, '', '')"));
    }
    ASSERT_TRUE(connection.execute(migration.text)) << migration.name;
  }
  EXPECT_EQ(connection.integer("SELECT count(*) FROM suite_case WHERE name = 'old'").value(), 1);
  EXPECT_EQ(connection.integer("SELECT count(*) FROM case_result").value(), 1);
}

/// What SQLite plans to do for a query, a line a step.
std::string query_plan(std::string_view query) {
  auto connection = open_newest(":memory:").value();
  Statement statement(connection, "EXPLAIN QUERY PLAN " + std::string(query));
  std::string plan;
  while (statement.step().value()) {
    for (int column = 0; column < 3; ++column) (void)statement.integer();
    plan += statement.text() + "\n";
  }
  return plan;
}

void expect_in(const std::string& plan, const std::string& step) {
  EXPECT_NE(plan.find(step), std::string::npos) << plan;
}

TEST(QueryPlans, AHistoryReadsTheCellsOfASuiteAndOneResultOfEach) {
  const std::string plan = query_plan(sql::history);
  expect_in(plan, "SEARCH cell USING INDEX cell_by_suite (suite=?)");
  expect_in(plan,
            "SEARCH case_result USING INDEX sqlite_autoindex_case_result_1 (cell=? AND name=?)");
  expect_in(plan, "SEARCH incident USING INDEX incident_by_cell (cell=?)");
  for (const auto* table : {"cell", "run", "kernel", "case_result", "case_rerun", "incident"})
    EXPECT_EQ(plan.find(std::string("SCAN ") + table), std::string::npos) << plan;
  // The cells come in the order that is wanted, so that a limit ends the reading.
  const auto first_sort = plan.find("TEMP B-TREE");
  EXPECT_TRUE(first_sort == std::string::npos || first_sort > plan.find("SEARCH incident")) << plan;
}

TEST(QueryPlans, TheCaseNamesAreFoundByName) {
  const std::string plan = query_plan(sql::suites_of_case);
  expect_in(plan, "SEARCH suite_case USING PRIMARY KEY (name=?)");
}

TEST(QueryPlans, TheOutcomesOfARunAreFoundByItsCells) {
  const std::string plan = query_plan(sql::outcomes);
  expect_in(plan, "SEARCH cell USING COVERING INDEX sqlite_autoindex_cell_1 (run=?)");
  expect_in(plan, "SEARCH case_result USING INDEX sqlite_autoindex_case_result_1 (cell=?)");
  EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
}

TEST(QueryPlans, UnstableCasesReadOnlyTheResultsOfCellsThatRanAgain) {
  const std::string plan = query_plan(sql::unstable_cases);
  expect_in(plan, "SEARCH case_result USING INDEX sqlite_autoindex_case_result_1 (cell=?)");
  EXPECT_EQ(plan.find("SCAN case_result"), std::string::npos) << plan;
}

}  // namespace
}  // namespace kmatrix::store
