// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/query.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "store/fixture.h"

namespace kmatrix::store {
namespace {

class QueryTest : public StoreInAFile {
 protected:
  QueryTest() : store_(Store::open(file()).value()) {
    const auto cell = add_cell(store_);
    for (const auto* outcome : {"passed", "failed", "infra_error"})
      EXPECT_TRUE(store_.put_case(some_case(cell, outcome, outcome)));
  }
  QueryConnection open() { return QueryConnection::open(file()).value(); }
  Store store_;
};

TEST_F(QueryTest, GivesColumnsAndValuesOfEveryType) {
  auto db = open();
  const auto rows = db.run("SELECT 1 AS a, 2.5 AS b, 'x' AS c, NULL AS d", {}).value();
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"a", "b", "c", "d"}));
  ASSERT_EQ(rows.rows.size(), 1U);
  EXPECT_EQ(std::get<std::int64_t>(rows.rows[0][0]), 1);
  EXPECT_EQ(std::get<double>(rows.rows[0][1]), 2.5);
  EXPECT_EQ(std::get<std::string>(rows.rows[0][2]), "x");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(rows.rows[0][3]));
}

TEST_F(QueryTest, BindsNamedParametersAndLeavesOthersNull) {
  auto db = open();
  const auto rows =
      db.run("SELECT :a, :b", {{"a", std::int64_t{7}}, {"other", std::string("no")}}).value();
  EXPECT_EQ(to_text(rows.rows[0][0]), "7");
  EXPECT_EQ(to_text(rows.rows[0][1]), "");
}

TEST_F(QueryTest, WritesNothing) {
  auto db = open();
  for (const auto* query :
       {"DELETE FROM run", "CREATE TABLE x (y)", "PRAGMA journal_mode = DELETE",
        "ATTACH '/tmp/x.db' AS x", "INSERT INTO run DEFAULT VALUES", "BEGIN IMMEDIATE"}) {
    const auto result = db.run(query, {});
    ASSERT_FALSE(result) << query;
    EXPECT_EQ(result.error().kind, ErrorKind::input) << query;
  }
  EXPECT_EQ(store_.runs().value().size(), 1U);
}

TEST_F(QueryTest, DoesNotLoadExtensions) {
  EXPECT_FALSE(open().run("SELECT load_extension('x')", {}));
}

TEST_F(QueryTest, InterruptsWhatRunsAway) {
  auto db = open();
  const auto began = std::chrono::steady_clock::now();
  const auto result = db.run(
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
      "SELECT count(*) FROM n",
      {}, {10, std::chrono::milliseconds(50)});
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("longer than 50 ms"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
  EXPECT_TRUE(db.run("SELECT 1", {}));
}

TEST_F(QueryTest, SaysThatRowsWereCut) {
  auto db = open();
  const auto rows = db.run("SELECT case_name FROM result", {}, {2}).value();
  EXPECT_EQ(rows.rows.size(), 2U);
  EXPECT_TRUE(rows.cut);
  EXPECT_FALSE(db.run("SELECT case_name FROM result", {}, {3}).value().cut);
}

TEST_F(QueryTest, TellsWhereAQueryIsWrong) {
  auto db = QueryConnection::open_empty().value();
  QueryProblem problem;
  EXPECT_FALSE(db.look_at("SELECT run,\n  nonsense FROM result", &problem));
  EXPECT_EQ(problem.offset, 14);
  EXPECT_FALSE(db.look_at("SELECT 1; SELECT 2", &problem));
  EXPECT_EQ(problem.offset, 10);
  EXPECT_FALSE(db.look_at(" -- nothing", &problem));
}

TEST_F(QueryTest, KnowsWhichTablesAQueryReadsBesideTheViews) {
  auto db = QueryConnection::open_empty().value();
  EXPECT_EQ(db.look_at("SELECT * FROM case_result").value().tables,
            std::vector<std::string>{"case_result"});
  EXPECT_EQ(db.look_at("SELECT count(*) FROM result JOIN case_rerun").value().tables,
            std::vector<std::string>{"case_rerun"});
  EXPECT_TRUE(db.look_at("SELECT count(*) AS run FROM result").value().tables.empty());
  for (const auto* view : {"result", "cell_result", "run_summary", "change", "flake",
                           "incident_report", "incident_seen", "build", "boot", "claim_result",
                           "verdict_result", "effect", "selftests_build"}) {
    const auto shape = db.look_at(fmt::format("SELECT * FROM {} WHERE run = :run",
                                              std::string(view) == "incident_seen"
                                                  ? "(SELECT last_run AS run FROM incident_seen)"
                                                  : view));
    ASSERT_TRUE(shape) << view;
    for (const auto& table : shape->tables) EXPECT_EQ(table, view);
    EXPECT_EQ(shape->parameters, std::vector<std::string>{"run"});
  }
}

TEST_F(QueryTest, AnInfrastructureFailureIsNotBad) {
  const auto rows =
      open().run("SELECT case_name, bad, unknown FROM result ORDER BY case_name", {}).value();
  ASSERT_EQ(rows.rows.size(), 3U);
  EXPECT_EQ(to_text(rows.rows[0][0]) + to_text(rows.rows[0][1]) + to_text(rows.rows[0][2]),
            "failed10");
  EXPECT_EQ(to_text(rows.rows[1][0]) + to_text(rows.rows[1][1]) + to_text(rows.rows[1][2]),
            "infra_error01");
}

/// Another run of the same cell, in which every case has this outcome.
std::int64_t again(Store& store, const std::string& outcome, const std::string& key) {
  const RunId run = store.add_run(some_run()).value();
  const KernelRow kernel = some_kernel(run);
  CellRow row = some_cell(kernel, store.put_kernel(kernel).value());
  row.cell_key = key;
  const auto cell = store.put_cell(row).value();
  EXPECT_TRUE(store.put_case(some_case(cell, "passed", outcome)));
  return cell;
}

TEST_F(QueryTest, ChangesAreNewFailuresFixesAndFlakes) {
  again(store_, "failed", "other key");
  again(store_, "passed", "other key");
  again(store_, "infra_error", "other key");
  const auto rows = open().run("SELECT kind, same_inputs FROM change ORDER BY run", {}).value();
  ASSERT_EQ(rows.rows.size(), 3U);
  EXPECT_EQ(to_text(rows.rows[0][0]), "new failure");
  EXPECT_EQ(to_text(rows.rows[1][0]), "fix");
  EXPECT_EQ(to_text(rows.rows[1][1]), "1");
  EXPECT_EQ(to_text(rows.rows[2][0]), "no outcome");
  const auto flakes = open().run("SELECT run FROM flake", {}).value();
  EXPECT_EQ(flakes.rows.size(), 1U);
}

TEST_F(QueryTest, AnEffectHasBothSides) {
  const RunId run = store_.add_run(some_run()).value();
  for (const auto* series : {"base", "mine"}) {
    const KernelRow kernel = some_kernel(run, series);
    const auto cell = store_.put_cell(some_cell(kernel, store_.put_kernel(kernel).value())).value();
    const bool base = std::string(series) == "base";
    EXPECT_TRUE(store_.put_case(some_case(cell, "both", base ? "failed" : "passed")));
    EXPECT_TRUE(store_.put_case(some_case(cell, base ? "only base" : "only mine")));
  }
  const auto rows =
      open().run("SELECT case_name, base, with_series FROM effect ORDER BY case_name", {}).value();
  ASSERT_EQ(rows.rows.size(), 3U);
  EXPECT_EQ(to_text(rows.rows[0][1]) + to_text(rows.rows[0][2]), "failedpassed");
  EXPECT_EQ(to_text(rows.rows[1][2]), "done");
  EXPECT_EQ(to_text(rows.rows[2][1]), "done");
}

}  // namespace
}  // namespace kmatrix::store
