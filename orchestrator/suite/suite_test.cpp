// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/suite.h"

#include <gtest/gtest.h>

namespace kmatrix::suite {
namespace {

using plan::Outcome;

std::unique_ptr<Suite> boot_suite() {
  spec::Suite spec;
  spec.runner = spec::RunnerKind::boot;
  spec.case_timeout = std::chrono::seconds(30);
  return make_suite(spec, {"/source", "/data"}).value();
}

TEST(BootSuite, NeedsNothingAndRunsOneProgram) {
  const auto suite = boot_suite();
  EXPECT_TRUE(suite->needed().empty());
  ASSERT_EQ(suite->cases().size(), 1U);
  EXPECT_EQ(suite->cases()[0].name, "boot");
  EXPECT_EQ(suite->cases()[0].argv, (std::vector<std::string>{"/bin/uname", "-a"}));
  EXPECT_EQ(suite->cases()[0].timeout, std::chrono::seconds(30));
}

TEST(BootSuite, JudgesByTheExitCode) {
  const auto suite = boot_suite();
  const auto outcome = [&](Finished finished) {
    return suite->judge(suite->cases()[0], finished).at(0).outcome;
  };
  EXPECT_EQ(outcome({0, false, "Linux", 0, 0}), Outcome::passed);
  EXPECT_EQ(outcome({127, false, "", 0, 0}), Outcome::failed);
  EXPECT_EQ(outcome({137, true, "", 0, 0}), Outcome::timed_out);
}

TEST(MakeSuite, MakesTheSuiteOfTheRunner) {
  spec::Suite spec;
  spec.runner = spec::RunnerKind::samples;
  EXPECT_EQ(make_suite(spec, {"/source", "/data"}).value()->cases().size(), 5U);
  spec.runner = spec::RunnerKind::ftracetest;
  EXPECT_FALSE(make_suite(spec, {"/source", "/data"}));
}

}  // namespace
}  // namespace kmatrix::suite
