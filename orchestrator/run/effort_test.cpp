// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/effort.h"

#include <gtest/gtest.h>

#include "support/process.h"

namespace kmatrix::run {
namespace {

using plan::JobKind;
using support::Seconds;
using Chain = std::vector<std::size_t>;

const std::vector<plan::Job> jobs{{JobKind::root_disk, 0, {}},
                                  {JobKind::build, 0, {}},
                                  {JobKind::build, 1, {}},
                                  {JobKind::cell, 0, {0, 1}},
                                  {JobKind::cell, 1, {0, 2}}};

std::vector<Seconds> seconds(const std::vector<int>& each) { return {each.begin(), each.end()}; }

TEST(CriticalPath, IsTheLongestChain) {
  EXPECT_EQ(critical_path(jobs, seconds({1, 100, 60, 10, 30})), (Chain{1, 3}));
  EXPECT_EQ(critical_path(jobs, seconds({1, 100, 60, 10, 90})), (Chain{2, 4}));
  EXPECT_EQ(critical_path(jobs, seconds({200, 100, 60, 10, 20})), (Chain{0, 4}));
}

TEST(CriticalPath, LeavesOutWhatDidNotRun) {
  EXPECT_EQ(critical_path(jobs, seconds({1, 100, 0, 0, 0})), (Chain{1}));
  EXPECT_EQ(critical_path(jobs, seconds({0, 0, 0, 10, 0})), (Chain{3}));
  EXPECT_EQ(critical_path(jobs, seconds({0, 0, 0, 0, 0})), Chain{});
  EXPECT_EQ(critical_path({}, {}), Chain{});
}

TEST(CpuTime, CountsTheChildrenToo) {
  const auto before = cpu_time();
  support::BoostProcessRunner runner;
  support::Command command;
  command.argv = {"sh", "-c", "i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done"};
  ASSERT_TRUE(runner.run(command)->good());
  EXPECT_GT(cpu_time() - before, Seconds(0.02));
}

}  // namespace
}  // namespace kmatrix::run
