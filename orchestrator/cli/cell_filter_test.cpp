// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cell_filter.h"

#include <gtest/gtest.h>

namespace kmatrix::cli {
namespace {

const std::chrono::sys_days today = std::chrono::year(2026) / 1 / 31;

std::string since(const std::string& text) {
  const auto filter = checked_filter({"", "", "", "", text}, today);
  return filter ? filter->since : "! " + filter.error().message;
}

TEST(CellFilter, TakesDatesTimesAndAges) {
  EXPECT_EQ(since(""), "");
  EXPECT_EQ(since("2026-01-31"), "2026-01-31");
  EXPECT_EQ(since("2026-01-31T12:00:00Z"), "2026-01-31T12:00:00Z");
  EXPECT_EQ(since("12h"), "2026-01-30T12:00:00Z");
  EXPECT_EQ(since("7d"), "2026-01-24T00:00:00Z");
  EXPECT_EQ(since("2w"), "2026-01-17T00:00:00Z");
}

TEST(CellFilter, RefusesEverythingElse) {
  for (const char* text : {"yesterday", "7", "d", "7m", "2026-1-31", "2026-01-31 12:00", "-7d",
                           "99999999999d", "2026-01-31T12:00:00"})
    EXPECT_EQ(since(text), "! --since: '" + std::string(text) + "' is no time");
}

}  // namespace
}  // namespace kmatrix::cli
