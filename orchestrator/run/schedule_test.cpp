// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/schedule.h"

#include <gtest/gtest.h>

namespace kmatrix::run {
namespace {

using plan::Job;
using plan::JobKind;
using plan::Slot;
using support::Seconds;

Job disk() { return {JobKind::root_disk, 0, {}, Slot::light}; }
Job build(std::size_t kernel, int cores = 2) {
  return {JobKind::build, kernel, {}, Slot::build, cores, 1000};
}
Job cell(std::size_t index, std::vector<std::size_t> depends, int cpus = 2, int memory = 500) {
  return {JobKind::cell, index, std::move(depends), Slot::boot, cpus, memory};
}
std::vector<Job> diamond() {
  return {disk(), build(0), build(1), cell(0, {0, 1}), cell(1, {0, 2})};
}
const Room room{2, 4000, 0, 1};

/// All that can be started now.
std::vector<std::size_t> start_all(Schedule& schedule) {
  std::vector<std::size_t> started;
  while (const auto job = schedule.next()) started.push_back(*job);
  return started;
}
using Jobs = std::vector<std::size_t>;

TEST(Schedule, StartsWhatHasRoomAndNothingElse) {
  Schedule schedule(diamond(), room, {});
  EXPECT_EQ(start_all(schedule), (Jobs{0, 1}));
  EXPECT_EQ(schedule.running(), 2);
}

TEST(Schedule, BootsOneKernelWhileTheNextIsBuilt) {
  Schedule schedule(diamond(), room, {});
  start_all(schedule);
  schedule.finished(0, true);
  schedule.finished(1, true);
  EXPECT_EQ(start_all(schedule), (Jobs{2, 3}));
}

TEST(Schedule, GivesTheRoomOfAPostponedJobToOthers) {
  for (const bool good : {true, false}) {
    Schedule schedule({cell(0, {}, 1), cell(1, {}, 1), cell(2, {}, 1)}, room, {});
    EXPECT_EQ(start_all(schedule), (Jobs{0, 1}));
    schedule.postpone(1, 0);
    EXPECT_EQ(schedule.running(), 1);
    EXPECT_EQ(start_all(schedule), (Jobs{2}));
    schedule.finished(2, true);
    EXPECT_EQ(start_all(schedule), (Jobs{}));
    EXPECT_TRUE(schedule.finished(0, good).empty());
    EXPECT_EQ(start_all(schedule), (Jobs{1}));
    schedule.finished(1, true);
    EXPECT_TRUE(schedule.done());
  }
}

TEST(Schedule, BlocksDependentsOfAFailedBuild) {
  Schedule schedule(diamond(), room, {});
  start_all(schedule);
  EXPECT_EQ(schedule.finished(1, false), (Jobs{3}));
  schedule.finished(0, true);
  EXPECT_EQ(schedule.next(), 2U);
  schedule.finished(2, true);
  EXPECT_EQ(schedule.next(), 4U);
  EXPECT_FALSE(schedule.done());
  schedule.finished(4, true);
  EXPECT_TRUE(schedule.done());
}

TEST(Schedule, BlocksIndirectDependentsOnce) {
  Schedule schedule({build(0), cell(0, {0}), cell(1, {0, 1})}, room, {});
  schedule.next();
  EXPECT_EQ(schedule.finished(0, false), (Jobs{1, 2}));
  EXPECT_TRUE(schedule.done());
}

TEST(Schedule, StartsTheLongestExpectedPathFirst) {
  // The second kernel is built faster, but its cell takes long.
  const std::vector<Seconds> expected{Seconds(1), Seconds(100), Seconds(60), Seconds(10),
                                      Seconds(300)};
  Schedule schedule(diamond(), room, expected);
  EXPECT_EQ(start_all(schedule), (Jobs{2, 0}));
}

TEST(Schedule, FinishesAKernelFirstWhereMachinesAreWhatIsShort) {
  // Two kernels with selftests, and tests that take longer than both. The second kernel is on the
  // longest path, but the machine would have nothing to do until its build ends.
  const auto selftests = [](std::size_t index, std::size_t of) {
    return Job{JobKind::selftests, index, {of}, Slot::build, 2, 1000};
  };
  const std::vector<Job> jobs{build(0), selftests(0, 0), cell(0, {0, 1}),
                              build(1), selftests(1, 3), cell(1, {3, 4})};
  const std::vector<Seconds> expected{Seconds(15), Seconds(10), Seconds(60),
                                      Seconds(15), Seconds(10), Seconds(60)};
  Schedule schedule(jobs, room, expected);
  EXPECT_EQ(schedule.expected_left({}), Seconds(145));
  EXPECT_EQ(start_all(schedule), (Jobs{0}));
  schedule.finished(0, true);
  EXPECT_EQ(start_all(schedule), (Jobs{1}));
  schedule.finished(1, true);
  EXPECT_EQ(start_all(schedule), (Jobs{2, 3}));
}

TEST(Schedule, TheKernelThatIsBuiltFastestComesFirstThen) {
  const std::vector<Job> jobs{build(0), cell(0, {0}), build(1), cell(1, {2})};
  Schedule schedule(jobs, room, {Seconds(20), Seconds(61), Seconds(5), Seconds(60)});
  EXPECT_EQ(schedule.expected_left({}), Seconds(126));
  EXPECT_EQ(start_all(schedule), (Jobs{2}));
}

TEST(Schedule, AMachineTakesItsCpusAndItsMemory) {
  const std::vector<Job> cells{cell(0, {}, 1), cell(1, {}, 1), cell(2, {}, 1)};
  Schedule two_cores(cells, {2, 4000, 0, 1}, {});
  EXPECT_EQ(start_all(two_cores), (Jobs{0, 1}));
  Schedule little_memory(cells, {8, 1200, 0, 1}, {});
  EXPECT_EQ(start_all(little_memory), (Jobs{0, 1}));
  little_memory.finished(0, true);
  EXPECT_EQ(start_all(little_memory), (Jobs{2}));
  Schedule plenty(cells, {8, 8000, 0, 1}, {});
  EXPECT_EQ(start_all(plenty), (Jobs{0, 1, 2}));
  Schedule as_told(cells, {8, 8000, 1, 1}, {});
  EXPECT_EQ(start_all(as_told), (Jobs{0}));
}

TEST(Schedule, BuildsTakeTheCoresOfTheirJobs) {
  Schedule schedule({build(0, 8), build(1, 8), build(2, 8)}, {16, 64000, 0, 1}, {});
  EXPECT_EQ(start_all(schedule), (Jobs{0, 1}));
}

TEST(Schedule, AJobThatNeverFitsRunsAlone) {
  Schedule schedule({cell(0, {}, 1), cell(1, {}, 64), cell(2, {}, 1), cell(3, {}, 1, 1 << 20)},
                    room, {Seconds(1), Seconds(9), Seconds(1), Seconds(1)});
  EXPECT_EQ(start_all(schedule), (Jobs{1}));
  schedule.finished(1, true);
  EXPECT_EQ(start_all(schedule), (Jobs{0, 2}));
  schedule.finished(0, true);
  EXPECT_EQ(start_all(schedule), Jobs{});
  schedule.finished(2, true);
  EXPECT_EQ(start_all(schedule), (Jobs{3}));
  schedule.finished(3, true);
  EXPECT_TRUE(schedule.done());
}

TEST(Schedule, AMachineThatIsTooBigWaitsForTheBuild) {
  Schedule schedule({build(0), cell(0, {}, 4)}, room, {Seconds(9), Seconds(1)});
  EXPECT_EQ(start_all(schedule), (Jobs{0}));
  schedule.finished(0, true);
  EXPECT_EQ(start_all(schedule), (Jobs{1}));
}

TEST(Schedule, KnowsWhatIsLeft) {
  const std::vector<Seconds> expected{Seconds(1), Seconds(100), Seconds(100), Seconds(10),
                                      Seconds(20)};
  Schedule schedule(diamond(), room, expected);
  EXPECT_EQ(schedule.expected_left({}), Seconds(210));  // build 2, build 1, cell 1
  start_all(schedule);
  EXPECT_EQ(schedule.expected_left({}), Seconds(210));
  EXPECT_EQ(schedule.expected_left({{2, Seconds(40)}}), Seconds(150));
  schedule.finished(0, true);
  schedule.finished(2, true);
  start_all(schedule);
  EXPECT_EQ(schedule.expected_left({{1, Seconds(5)}, {4, Seconds(30)}}), Seconds(40));
  // Cell 1 comes after build 1 and cell 2: what is expected of it is known better by now.
  schedule.expect({Seconds(1), Seconds(100), Seconds(100), Seconds(15), Seconds(20)});
  EXPECT_EQ(schedule.expected_left({{1, Seconds(5)}, {4, Seconds(30)}}), Seconds(45));
}

TEST(Schedule, WhatWasPostponedTakesNoTime) {
  Schedule schedule({cell(0, {}, 1), cell(1, {}, 1)}, room, {Seconds(100), Seconds(100)});
  EXPECT_EQ(start_all(schedule), (Jobs{0, 1}));
  schedule.postpone(1, 0);
  EXPECT_EQ(schedule.expected_left({{0, Seconds(40)}}), Seconds(40));
}

}  // namespace
}  // namespace kmatrix::run
