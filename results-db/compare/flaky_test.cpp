// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/flaky.h"

#include <gtest/gtest.h>

namespace kmatrix::compare {
namespace {

using Pairs = std::vector<std::pair<std::string, std::size_t>>;

TEST(Flaky, CountsOutcomesAndOrdersRuns) {
  const auto list = flaky({{"c", "s", "a", "k", "12 failed,3 passed,7 passed,4 passed"}});
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].outcomes, (Pairs{{"passed", 3}, {"failed", 1}}));
  EXPECT_EQ(list[0].seen.front().first, 3);
  EXPECT_EQ(list[0].seen.back().second, "failed");
  EXPECT_DOUBLE_EQ(list[0].rate, 0.25);
}

TEST(Flaky, MergesTheKeysOfACaseAndComparesOnlyWithinEach) {
  const auto list = flaky({{"c", "s", "a", "k", "1 passed,2 failed"},
                           {"c", "s", "a", "l", "3 failed,4 failed,5 passed"},
                           {"c", "s", "b", "k", "1 passed,2 passed,3 passed,4 failed"}});
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].case_name, "a");
  EXPECT_EQ(list[0].keys, 2U);
  EXPECT_DOUBLE_EQ(list[0].rate, 0.4);
  EXPECT_EQ(list[1].case_name, "b");
}

TEST(Flaky, TextsThatAreNoneAreLeftOut) {
  const auto list = flaky({{"c", "s", "a", "k", ",,x,1 passed,"}});
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].seen.size(), 1U);
  EXPECT_TRUE(flaky({}).empty());
}

}  // namespace
}  // namespace kmatrix::compare
