// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/board.h"

#include <gtest/gtest.h>

namespace kmatrix::cli {
namespace {

using support::Seconds;
using Lines = std::vector<std::string>;

BoardState state() {
  BoardState state;
  state.done = 3;
  state.total = 8;
  state.elapsed = Seconds(250.7);
  state.left = Seconds(431);
  state.builds.push_back({"v6.12/base/clang-cfi", 412, 677, Seconds(125.2)});
  state.boots.push_back({"v6.12/direct-calls/clang-cfi/arm64-tcg/ftrace-direct",
                         "direct/ftrace-direct.tc", 1, 2, Seconds(31)});
  return state;
}

TEST(Board, SaysWhatIsBuiltAndBootedAndHowFar) {
  EXPECT_EQ(board_lines(state(), 120, 30),
            (Lines{"[3/8] 4 min 10 s so far, about 7 min 11 s left",
                   "  build  v6.12/base/clang-cfi                                  "
                   "412/677 objects, 2 min 05 s",
                   "  boot   v6.12/direct-calls/clang-cfi/arm64-tcg/ftrace-direct  "
                   "2/2 direct/ftrace-direct.tc, 31 s"}));
}

TEST(Board, SaysWhatFailedAndLeavesOutWhatIsNotKnown) {
  auto some = state();
  some.failed = 2;
  some.left.reset();
  some.builds[0].expected = 0;
  some.boots[0] = {"cell", "boot", 0, 5, Seconds(0.2)};
  EXPECT_EQ(board_lines(some, 120, 30),
            (Lines{"[3/8] 2 failed, 4 min 10 s so far",
                   "  build  v6.12/base/clang-cfi  412 objects, 2 min 05 s",
                   "  boot   cell                  boot, 0 s"}));
}

TEST(Board, ShortensNamesAtTheirBeginning) {
  const auto lines = board_lines(state(), 80, 30);
  EXPECT_EQ(lines[2],
            "  boot   ...lang-cfi/arm64-tcg/ftrace-direct  2/2 direct/ftrace-direct.tc, 31 s");
}

TEST(Board, NeverFillsALineNorTheScreen) {
  auto many = state();
  for (int i = 0; i < 50; ++i) many.boots.push_back(many.boots[0]);
  for (std::size_t width = 1; width < 130; ++width) {
    for (std::size_t height = 1; height < 60; ++height) {
      const auto lines = board_lines(many, width, height);
      ASSERT_LE(lines.size(), std::max<std::size_t>(height, 2) - 1);
      for (const auto& line : lines)
        ASSERT_LE(line.size(), std::max<std::size_t>(width, 2) - 1) << line;
    }
  }
}

TEST(Board, CountsWhatHasNoPlace) {
  auto many = state();
  for (int i = 0; i < 9; ++i) many.boots.push_back(many.boots[0]);
  const auto lines = board_lines(many, 100, 6);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[4], "  and 8 more");
  EXPECT_EQ(board_lines(many, 100, 13).size(), 12U);
  EXPECT_EQ(board_lines(many, 100, 13).back(), board_lines(many, 100, 30).back());
}

TEST(Board, WhatAGuestNamedCannotDrawOnTheTerminal) {
  auto evil = state();
  evil.boots[0].case_name = "a\x1b[2J\n\xC3\xA9\xF0";
  for (const auto& line : board_lines(evil, 120, 30))
    for (const char each : line) EXPECT_TRUE(each >= ' ' && each <= '~') << line;
}

}  // namespace
}  // namespace kmatrix::cli
