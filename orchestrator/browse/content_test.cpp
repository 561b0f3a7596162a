// SPDX-License-Identifier: GPL-2.0-or-later
#include "browse/content.h"

#include <gtest/gtest.h>

#include "report/fixture.h"
#include "report/report.h"

namespace kmatrix::browse {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const Content& content) {
  Lines lines;
  for (const auto& row : content.rows) lines.push_back(plain_text(row.text));
  return lines;
}

TEST(Content, ListsCellsWithTheirSignsDifferencesFirst) {
  auto run = report::quickstart();
  run.cell("base", "boot");
  run.result("boot", "passed");
  run.cell("direct-calls", "boot");
  run.result("boot", "passed");
  std::swap(run.whole().cells[0], run.whole().cells[4]);
  const auto content = cells_content(run.whole());
  EXPECT_EQ(content.title, "run 3 quickstart (done)");
  EXPECT_EQ(plain_text(content.header).substr(0, 10), "      cell");
  const auto lines = lines_of(content);
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0],
            "*  +  v6.12/direct-calls/clang-cfi/arm64-tcg/ftrace-direct   "
            "1 min 11 s  2 passed");
  EXPECT_EQ(lines[1].substr(0, 5), "*  - ");
  EXPECT_EQ(lines[4].substr(0, 5), "   + ");
  ASSERT_TRUE(content.rows[0].into);
  EXPECT_EQ(content.rows[0].into->kind, Place::Kind::cases);
  // Without a case there is only a log to see.
  EXPECT_EQ(content.rows[1].into->kind, Place::Kind::log);
}

TEST(Content, ListsCasesWithWhatTheyAreElsewhere) {
  auto run = report::bad_run();
  const auto content = cases_content(run.whole(), 1);
  ASSERT_TRUE(content);
  EXPECT_EQ(content->title, "v6.12/base/clang-cfi/arm64-tcg/ftrace-direct");
  EXPECT_EQ(
      lines_of(*content),
      (Lines{
          R"(*  !  crashed   direct/b.tc                             1.5 s  1 blocked  panic\x1b[2J: bad ...)",
          "*  .  missing   direct/c.tc                             -      1 blocked",
          "*  +  passed    direct/a.tc                             -      1 blocked",
          "   !  incident  CFI failure at caller (target: callee)                    "
          "console-1.log line 317"}));
  EXPECT_EQ(content->rows[0].into->case_name, "direct/b.tc");
  EXPECT_EQ(content->rows[3].into->sought, "CFI failure at caller (target: callee)");
  ASSERT_TRUE(content->log);
  EXPECT_EQ(content->log->cell, 1);
  EXPECT_FALSE(cases_content(run.whole(), 99));
}

TEST(Content, OffersTheAxesThatHaveSeveralValues) {
  auto run = report::quickstart();
  const auto content = axes_content(run.whole());
  EXPECT_EQ(lines_of(content),
            (Lines{"  series  base, direct-calls", "  suite   ftrace-direct, ftrace-samples"}));
  EXPECT_EQ(content.rows[1].into->axis, compare::Axis::suite);
  EXPECT_TRUE(axes_content(report::RunBuilder().whole()).rows.empty());
}

TEST(Content, ComparesAsTheCommandDoes) {
  auto run = report::quickstart();
  const auto content = compare_content(run.whole(), compare::Axis::series);
  EXPECT_FALSE(content.list);
  std::string text;
  for (const auto& line : lines_of(content)) text += line + "\n";
  EXPECT_EQ(text, report::compare_text(run.along({compare::Axis::series}), false));
}

TEST(Content, ListsRunsWithTheirStates) {
  store::RunRow run;
  run.id.value = 7;
  run.experiment = "evil\x1b[2J";
  run.state = "interrupted";
  const auto content = runs_content({run});
  ASSERT_EQ(content.rows.size(), 1U);
  EXPECT_NE(plain_text(content.rows[0].text).find(R"(/  7    evil\x1b[2J)"), std::string::npos)
      << plain_text(content.rows[0].text);
  EXPECT_EQ(content.rows[0].key, "7");
  EXPECT_TRUE(runs_content({}).rows.empty());
}

}  // namespace
}  // namespace kmatrix::browse
