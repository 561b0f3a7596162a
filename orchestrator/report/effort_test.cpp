// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/effort.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace kmatrix::report {
namespace {

store::EffortRow effort() {
  return {{3},
          "2026-01-31T12:00:00Z",
          100,
          150,
          2,
          80,
          R"([{"name":"preparation","seconds":5.0},{"name":"a/b/c","seconds":75.0}])"};
}

TEST(Effort, IsMeasuredAgainstTheCoresAndTheCriticalPath) {
  auto row = effort();
  EXPECT_DOUBLE_EQ(utilisation_of(row), 0.75);
  EXPECT_DOUBLE_EQ(ratio_of(row), 1.25);  // 100 / max(75, 80)
  row.critical_seconds = 10;
  EXPECT_DOUBLE_EQ(ratio_of(row), 100.0 / 75);
  row.wall_seconds = row.cpu_seconds = row.critical_seconds = 0;
  EXPECT_DOUBLE_EQ(utilisation_of(row), 0);
  EXPECT_DOUBLE_EQ(ratio_of(row), 0);
}

TEST(Effort, IsALineWithItsCriticalPathBelow) {
  Table table(2);
  add_efforts(table, {effort()});
  EXPECT_EQ(table.render(false),
            "  effort         1 min 40 s with 75 % of 2 cores busy, 1.25 times what is possible\n"
            "  critical path  1 min 20 s: preparation 5.0 s, a/b/c 1 min 15 s\n");
}

TEST(Effort, IsARecordInJson) {
  const auto json = efforts_json({effort()});
  EXPECT_EQ(json.at(0).at("cores"), 2);
  EXPECT_EQ(json.at(0).at("ratio"), 1.25);
  EXPECT_EQ(json.at(0).at("critical_path").at(1).at("name"), "a/b/c");
}

TEST(Effort, SaysNothingOfTheCoresWhereTheProcessWasStopped) {
  auto row = effort();
  row.cpu_seconds = 0;
  Table table;
  add_efforts(table, {row});
  const auto text = table.render(false);
  EXPECT_EQ(text.find("busy"), std::string::npos) << text;
  EXPECT_NE(text.find("1 min 40 s"), std::string::npos) << text;
  EXPECT_TRUE(efforts_json({row}).at(0).at("utilisation").is_null());
}

TEST(Effort, APathThatCannotBeReadIsLeftOut) {
  for (const auto* path : {"", "{", "3", R"([1, {"name": "x"}])"}) {
    auto row = effort();
    row.critical_path = path;
    Table table;
    add_efforts(table, {row});
    EXPECT_EQ(table.render(false).find("critical"), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace kmatrix::report
