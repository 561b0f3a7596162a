// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/estimate.h"

#include <gtest/gtest.h>

namespace kmatrix::run {
namespace {

using support::Seconds;

plan::Matrix matrix() {
  plan::Matrix matrix;
  plan::PlannedKernel kernel;
  kernel.name = "v7/base/cfi";
  kernel.config = "cfi";
  matrix.kernels.push_back(kernel);
  plan::PlannedCell cell;
  cell.name = "v7/base/cfi/tcg/direct";
  cell.machine = "tcg";
  cell.suite = "direct";
  matrix.cells.push_back(cell);
  return matrix;
}
Seconds kernel_of(const History& history) { return estimate(matrix(), history).kernels.at(0); }
Seconds cell_of(const History& history) { return estimate(matrix(), history).cells.at(0); }

TEST(Estimate, GuessesWithoutHistory) {
  EXPECT_EQ(kernel_of({}), Seconds(600));
  EXPECT_EQ(cell_of({}), Seconds(60));
}

TEST(Estimate, TakesTheNewestOfTheSameName) {
  History history;
  history.kernels = {{"v7/base/gcc", "gcc", Seconds(1)},
                     {"v7/base/cfi", "cfi", Seconds(400)},
                     {"v7/base/cfi", "cfi", Seconds(900)}};
  EXPECT_EQ(kernel_of(history), Seconds(400));
  history.cells = {{"v7/base/cfi/tcg/direct", "tcg", "direct", Seconds(70)},
                   {"v7/base/cfi/tcg/direct", "tcg", "direct", Seconds(80)}};
  EXPECT_EQ(cell_of(history), Seconds(70));
}

TEST(Estimate, GoesByTheObjectsOfAKernel) {
  History history;
  history.kernels = {{"v7/base/cfi", "cfi", Seconds(400), 800}, {"b", "cfi", Seconds(9), 9}};
  const auto expected = [&](int objects) {
    return estimate(matrix(), history, {objects}).kernels.at(0);
  };
  EXPECT_EQ(expected(1200), Seconds(600));
  EXPECT_EQ(expected(0), Seconds(400));
  history.kernels[0].objects = 0;
  EXPECT_EQ(expected(1200), Seconds(400));
}

TEST(Estimate, SelftestsTakeWhatOthersDidElseWhatTheirKernelDoes) {
  History history;
  history.kernels = {{"v7/base/cfi", "cfi", Seconds(400)}};
  const auto expected = [&] { return estimate(matrix(), history).selftests.at(0); };
  EXPECT_EQ(expected(), Seconds(400));
  history.selftests = {{"v6/base/cfi", "direct", Seconds(70)}, {"v7/base/cfi", "bpf", Seconds(9)}};
  EXPECT_EQ(expected(), Seconds(70));
  history.selftests.push_back({"v7/base/cfi", "direct", Seconds(90)});
  history.selftests.push_back({"v7/base/cfi", "direct", Seconds(95)});
  EXPECT_EQ(expected(), Seconds(90));
}

TEST(Estimate, ElseTheMedianOfWhatIsMostLikeIt) {
  History history;
  history.kernels = {{"a", "gcc", Seconds(50)}};
  EXPECT_EQ(kernel_of(history), Seconds(50));
  for (const int seconds : {500, 100, 300})
    history.kernels.push_back({"b", "cfi", Seconds(seconds)});
  EXPECT_EQ(kernel_of(history), Seconds(300));
  history.cells = {{"a", "kvm", "boot", Seconds(2)}};
  EXPECT_EQ(cell_of(history), Seconds(2));
  history.cells.push_back({"b", "kvm", "direct", Seconds(9)});
  EXPECT_EQ(cell_of(history), Seconds(9));
  history.cells.push_back({"c", "tcg", "direct", Seconds(90)});
  EXPECT_EQ(cell_of(history), Seconds(90));
}

TEST(Estimate, WhatEndedInThisRunCorrectsTheRest) {
  EXPECT_EQ(corrected(Seconds(600), {}), Seconds(600));
  EXPECT_EQ(corrected(Seconds(600), {{Seconds(600), Seconds(300)}}), Seconds(300));
  EXPECT_EQ(corrected(Seconds(100), {{Seconds(10), Seconds(10)},
                                     {Seconds(10), Seconds(30)},
                                     {Seconds(10), Seconds(900)}}),
            Seconds(300));
  // What nothing was expected of says nothing, and nothing says everything.
  EXPECT_EQ(corrected(Seconds(600), {{Seconds(0), Seconds(5)}}), Seconds(600));
  EXPECT_EQ(corrected(Seconds(600), {{Seconds(1), Seconds(9999)}}), Seconds(12000));
}

TEST(Estimate, AJobNeedsWhatItsObjectsOrCasesSay) {
  EXPECT_EQ(time_left(Seconds(400), Seconds(100), {0, 0}), Seconds(300));
  EXPECT_EQ(time_left(Seconds(400), Seconds(100), {35, 700}), Seconds(300));
  EXPECT_EQ(time_left(Seconds(400), Seconds(500), {0, 0}), Seconds(50));
  // Half of the objects in 300 s, and then the link.
  EXPECT_NEAR(time_left(Seconds(400), Seconds(300), {350, 700}).count(), 320, 0.1);
  // A quarter counts half.
  EXPECT_NEAR(time_left(Seconds(400), Seconds(150), {175, 700}).count(), (450 + 20 + 250) / 2.0,
              0.1);
  // All objects are there, or more than there were the last time.
  EXPECT_NEAR(time_left(Seconds(400), Seconds(390), {700, 700}).count(), 20, 0.1);
  EXPECT_EQ(time_left(Seconds(400), Seconds(390), {701, 700}), Seconds(39));
  // It was expected to be over, and has a tenth: only that counts.
  EXPECT_NEAR(time_left(Seconds(60), Seconds(90), {12, 120}).count(), 810 + 3, 0.1);
  // So it does where that is the first few of many.
  EXPECT_NEAR(time_left(Seconds(60), Seconds(90), {18, 738}).count(), 3600 + 3, 0.1);
  EXPECT_EQ(time_left(Seconds(60), Seconds(90), {5, 738}), Seconds(9));
}

TEST(Estimate, ACaseCountsWhatItTookBefore) {
  using Weights = std::vector<double>;
  EXPECT_EQ(weights_of({"a", "b"}, {}), (Weights{1, 1}));
  EXPECT_EQ(weights_of({"slow", "quick"}, {{"slow", Seconds(30)}, {"quick", Seconds(10)}}),
            (Weights{1.5, 0.5}));
  // Others do not matter, and one that never ran is like the rest on average.
  EXPECT_EQ(weights_of({"slow", "new", "quick"},
                       {{"slow", Seconds(30)}, {"quick", Seconds(10)}, {"gone", Seconds(900)}}),
            (Weights{1.5, 1, 0.5}));
  EXPECT_EQ(weights_of({"a"}, {{"a", Seconds(0)}}), (Weights{1}));
}

}  // namespace
}  // namespace kmatrix::run
