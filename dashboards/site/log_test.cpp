// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/log.h"

#include <gtest/gtest.h>

#include "support/file.h"

namespace kmatrix::site {
namespace {

std::string lines(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) text += "line " + std::to_string(i) + "\r\n";
  return text;
}

TEST(Log, CountsLinesFromOneAndDropsCarriageReturns) {
  const LogFile log("a\r\n\nb");
  EXPECT_EQ(log.size(), 3);
  EXPECT_EQ(log.line(1), "a");
  EXPECT_EQ(log.line(2), "");
  EXPECT_EQ(log.line(3), "b");
  EXPECT_EQ(log.line(4), "");
}

TEST(Log, TheHitIsTheLineWithTheMessage) {
  const LogFile log("start\nerror: other\ntest:FAIL:load unexpected error: -524\nend\n");
  EXPECT_EQ(find_hit(log, 1, 4, "test:FAIL:load unexpected error: -524 (errno 524)"), 3);
  EXPECT_EQ(find_hit(log, 1, 2, "test:FAIL:load"), 2);
  EXPECT_EQ(find_hit(log, 1, 1, "x"), 0);
}

TEST(Log, AnExcerptHasTheLinesAroundAndTheHit) {
  const LogFile log(lines(1000));
  const auto few = excerpt_of(log, 500, 505, 0);
  EXPECT_EQ(few.first, 494);
  EXPECT_EQ(few.last, 511);
  const auto many = excerpt_of(log, 1, 1000, 300);
  EXPECT_LE(many.last - many.first, 160);
  EXPECT_LE(many.first, 300);
  EXPECT_GE(many.last, 300);
  const auto end = excerpt_of(log, 1, 1000, 0);
  EXPECT_EQ(end.last, 1000);
}

TEST(Log, WhatIsWrittenIsEscapedAndHasOneHit) {
  const LogFile log("<script>alert(1)</script>\n\x1b[31mred\n");
  Html html;
  write_excerpt(html, log, {1, 2, 2});
  EXPECT_EQ(html.str().find("<script"), std::string::npos);
  EXPECT_EQ(html.str().find('\x1b'), std::string::npos);
  EXPECT_NE(html.str().find("id=\"hit\""), std::string::npos);
}

TEST(Log, OnlyLogsAreRead) {
  auto folder = support::TempFolder::create("/tmp", "site-log-").value();
  const auto file = [&](const char* name) { return folder.path() / name; };
  ASSERT_TRUE(support::write_file(file("console-1.log"), "x\n"));
  ASSERT_TRUE(support::write_file(file("secret"), "x\n"));
  LogReader reader;
  EXPECT_NE(reader.read(file("console-1.log")), nullptr);
  EXPECT_EQ(reader.read(file("secret")), nullptr);
  EXPECT_EQ(reader.read(file("gone.log")), nullptr);
  EXPECT_EQ(reader.read("/dev/stdin.log"), nullptr);
}

}  // namespace
}  // namespace kmatrix::site
