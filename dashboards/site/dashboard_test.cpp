// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/dashboard.h"

#include <gtest/gtest.h>

#include "support/file.h"

namespace kmatrix::site {
namespace {

std::vector<std::string> problems(const std::string& text) {
  auto read = parse_dashboard(text, "x.yaml");
  check_queries(read.dashboard, read.errors);
  std::vector<std::string> messages;
  for (const auto& error : read.errors) messages.push_back(to_string(error));
  return messages;
}

const std::string head = "title: T\npanels:\n  - title: P\n";

TEST(DashboardFile, IsReadWithItsPanels) {
  const auto read = parse_dashboard(
      "title: T\nabout: A\norder: 3\nparameters:\n  run: {about: which}\n  n: {default: 5}\n"
      "pages: SELECT run FROM run_summary\npanels:\n"
      "  - title: P\n    draw: grid\n    rows: [suite, case_name]\n    columns: cell\n"
      "    value: outcome\n    limit: 7\n    query: SELECT * FROM result WHERE run = :run\n",
      "dir/x.yaml");
  ASSERT_TRUE(read.errors.empty());
  const auto& dashboard = read.dashboard;
  EXPECT_EQ(dashboard.name, "x");
  EXPECT_EQ(dashboard.order, 3);
  EXPECT_TRUE(dashboard.has_parameter("run"));
  EXPECT_EQ(store::to_text(*dashboard.parameters[1].fallback), "5");
  ASSERT_EQ(dashboard.panels.size(), 1U);
  EXPECT_EQ(dashboard.panels[0].rows.size(), 2U);
  EXPECT_EQ(dashboard.panels[0].limit, 7U);
}

TEST(DashboardFile, AMisspeltKeyHasItsPlaceAndAHint) {
  EXPECT_EQ(problems(head + "    qery: SELECT 1 AS a\n"),
            std::vector<std::string>{
                "x.yaml:4:5: unknown key 'qery' in panel 1 (did you mean 'query'?)"});
}

TEST(DashboardFile, AWrongColumnIsFoundInTheLineOfTheSql) {
  EXPECT_EQ(problems(head + "    query: |\n      SELECT run,\n        outcom FROM result\n"),
            std::vector<std::string>{
                "x.yaml:6:9: panel 'P': the query is wrong: no such column: outcom"});
}

TEST(DashboardFile, AWrongViewHasAHint) {
  EXPECT_EQ(problems(head + "    query: SELECT run FROM results\n"),
            std::vector<std::string>{"x.yaml:4:12: panel 'P': the query is wrong: no such table: "
                                     "results (did you mean 'result'?)"});
}

TEST(DashboardFile, TablesAreNotTheInterface) {
  const auto found = problems(head + "    query: SELECT id FROM case_result\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("the table 'case_result' may change"), std::string::npos);
}

TEST(DashboardFile, AGridNamesColumnsOfItsQuery) {
  const auto found = problems(head +
                              "    draw: grid\n    rows: [suit]\n    columns: cell\n"
                              "    value: outcome\n    query: SELECT suite, cell, outcome FROM "
                              "result\n");
  EXPECT_EQ(found, std::vector<std::string>{"x.yaml:5:12: unknown column 'suit' in the query of "
                                            "panel 'P' (did you mean 'suite'?)"});
}

TEST(DashboardFile, AChartNamesColumnsAndFetchesNothing) {
  const auto found = problems(head +
                              "    draw: chart\n    query: SELECT run, seconds FROM run_summary\n"
                              "    chart:\n      mark: bar\n      data: {url: \"http://x/\"}\n"
                              "      encoding:\n        x: {field: rum, type: ordinal}\n"
                              "        href: {field: run}\n");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_NE(found[0].find("x.yaml:8:7: a chart has no 'data' here"), std::string::npos);
  EXPECT_NE(found[1].find("x.yaml:10:20: unknown column 'rum'"), std::string::npos);
  EXPECT_NE(found[2].find("x.yaml:11:9: a chart has no 'href' here"), std::string::npos);
}

TEST(DashboardFile, ParametersMustBeKnownUsedAndHaveAValue) {
  const auto unknown = problems(head + "    query: SELECT run FROM result WHERE run = :rum\n");
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_NE(unknown[0].find("unknown parameter 'rum'"), std::string::npos);
  const auto unused = problems("title: T\nparameters:\n  run: {default: 1}\n" + head.substr(9) +
                               "    query: SELECT run FROM result\n");
  ASSERT_EQ(unused.size(), 1U);
  EXPECT_NE(unused[0].find("no query uses the parameter 'run'"), std::string::npos);
  const auto without = problems("title: T\nparameters:\n  run: {}\n" + head.substr(9) +
                                "    query: SELECT run FROM result WHERE run = :run\n");
  ASSERT_EQ(without.size(), 1U);
  EXPECT_NE(without[0].find("has no value to begin with"), std::string::npos);
}

TEST(DashboardFile, QueriesOnlyRead) {
  for (const char* query : {"DELETE FROM run", "ATTACH 'x' AS y", "PRAGMA user_version = 1"}) {
    const auto found = problems(head + "    query: " + query + "\n");
    ASSERT_EQ(found.size(), 1U) << query;
    EXPECT_NE(found[0].find("may only read"), std::string::npos) << found[0];
  }
}

TEST(DashboardFile, KeysOfAnotherDrawingAreReported) {
  const auto found = problems(head + "    query: SELECT 1 AS a\n    columns: a\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("'columns' is for draw: grid"), std::string::npos);
}

TEST(DashboardFile, WhatIsNoDashboardNeverThrows) {
  for (const char* text : {"", "[]", "x", "title: [", "panels: 3", "title: T\npanels: []",
                           "title: T\npanels: [1]", "parameters: 3\n", "\x01"})
    EXPECT_FALSE(problems(text).empty()) << text;
}

TEST(DashboardFile, TheShippedOnesAreGood) {
  const auto files =
      dashboard_files(std::filesystem::path(KMATRIX_SOURCE_DIR) / "dashboards").value();
  EXPECT_GE(files.size(), 7U);
  for (const auto& file : files)
    for (const auto& error : check_dashboard(file).errors) ADD_FAILURE() << to_string(error);
}

TEST(DashboardFile, TheViewsAreDocumented) {
  const auto text =
      support::read_file(std::filesystem::path(KMATRIX_SOURCE_DIR) / "docs/dashboards.md").value();
  for (const auto& view : stable_views())
    EXPECT_NE(text.find("`" + view + "`"), std::string::npos) << view;
}

}  // namespace
}  // namespace kmatrix::site
