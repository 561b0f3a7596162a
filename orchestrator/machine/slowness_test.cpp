// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/slowness.h"

#include <gtest/gtest.h>

namespace kmatrix::machine {
namespace {

using namespace std::chrono_literals;
using support::Seconds;

TEST(Slowness, IsARatioToTheReferenceMachine) {
  EXPECT_DOUBLE_EQ(slowness_of(reference_round), 1);
  EXPECT_DOUBLE_EQ(slowness_of(3 * reference_round), 3);
}

TEST(Deadline, HoldsAsPromisedOnTheReferenceMachine) {
  EXPECT_EQ(Deadline(300s, 1).allowed(), Seconds(300));
  EXPECT_EQ(Deadline(300s, 1).text(), "300 s");
}

TEST(Deadline, IsNeverShorterThanPromised) {
  EXPECT_EQ(Deadline(300s, 0.05).allowed(), Seconds(300));
  EXPECT_EQ(Deadline(300s, 0).text(), "300 s");
}

TEST(Deadline, GrowsWithTheSlownessOfTheMachineAndSaysSo) {
  EXPECT_EQ(Deadline(300s, 2.4).allowed(), Seconds(720));
  EXPECT_EQ(Deadline(300s, 2.4).text(), "300 s, scaled by 2.4 to 720 s");
  EXPECT_EQ(Deadline(10s, 2.41).text(), "10 s, scaled by 2.5 to 25 s");
}

TEST(Deadline, DoesNotGrowForEver) {
  EXPECT_EQ(Deadline(100s, 1e9).allowed(), Seconds(100 * most_slowness));
}

TEST(Deadline, OfZeroIsNone) {
  EXPECT_FALSE(Deadline().limited());
  EXPECT_FALSE(Deadline(0s, 7).limited());
  EXPECT_TRUE(Deadline(1s, 7).limited());
}

}  // namespace
}  // namespace kmatrix::machine
