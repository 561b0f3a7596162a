// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/sample_suite.h"

#include <gtest/gtest.h>

#include "suite/taint.h"

namespace kmatrix::suite {
namespace {

using plan::Outcome;

constexpr std::uint64_t warned = 1U << 9, out_of_tree = 1U << 12, is_unsigned = 1U << 13;
const char* const good =
    "kmatrix-sample: load ok\nkmatrix-sample: seen 'waking up'\nkmatrix-sample: unload ok\n"
    "kmatrix-sample: PASS\n";

Judged judge(const Finished& finished) {
  const auto suite = make_sample_suite({}, "/data").value();
  return suite->judge(suite->cases().at(0), finished).at(0);
}

TEST(SampleSuite, HasTheFiveSamples) {
  const auto suite = make_sample_suite({}, "/data").value();
  ASSERT_EQ(suite->cases().size(), 5U);
  EXPECT_EQ(suite->cases()[4].argv, (std::vector<std::string>{"/kmatrix/cell/bin/ftrace-sample",
                                                              "ftrace-direct-multi-modify"}));
  EXPECT_EQ(suite->needed().at(0).from, "/data/images/guest/ftrace-sample");
  EXPECT_EQ(suite->needed().at(0).to, "bin/ftrace-sample");
}

TEST(SampleSuite, RefusesAnUnknownSample) {
  spec::Suite spec;
  spec.name = "samples";
  spec.select = {"ftrace-drect-too"};
  const auto refused = make_sample_suite(spec, "/data");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().hint, "did you mean 'ftrace-direct-too'?");
}

TEST(SampleSuite, PassesOnTheLastWord) {
  const auto judged = judge({0, false, good, 0, out_of_tree | is_unsigned});
  EXPECT_EQ(judged.outcome, Outcome::passed);
  EXPECT_EQ(judged.raw, "PASS");
  EXPECT_EQ(judged.message, "");
}

TEST(SampleSuite, FailsWithTheStepAndReason) {
  const auto judged =
      judge({1, false, "kmatrix-sample: FAIL load: modprobe: Operation not supported\n", 0, 0});
  EXPECT_EQ(judged.outcome, Outcome::failed);
  EXPECT_EQ(judged.raw, "FAIL");
  EXPECT_EQ(judged.message, "load: modprobe: Operation not supported");
}

TEST(SampleSuite, KeepsUnresolvedApart) {
  const auto judged = judge({2, false, "kmatrix-sample: UNRESOLVED there is no module x\n", 0, 0});
  EXPECT_EQ(judged.outcome, Outcome::unresolved);
  EXPECT_EQ(judged.message, "there is no module x");
}

TEST(SampleSuite, FailsACaseThatTaintsTheKernel) {
  const auto judged = judge({0, false, good, out_of_tree, out_of_tree | warned});
  EXPECT_EQ(judged.outcome, Outcome::failed);
  EXPECT_EQ(judged.message, "tainted: W (a warning)");
}

TEST(SampleSuite, DoesNotBlameACaseForAnEarlierTaint) {
  EXPECT_EQ(judge({0, false, good, warned, warned}).outcome, Outcome::passed);
}

TEST(SampleSuite, SaysHowFarACaseCameThatDidNotEnd) {
  const auto judged = judge({137, true, "kmatrix-sample: load ok\n", 0, 0});
  EXPECT_EQ(judged.outcome, Outcome::timed_out);
  EXPECT_EQ(judged.message, "the last thing that was done: load ok");
}

TEST(SampleSuite, DoesNotCallSilencePassed) {
  EXPECT_EQ(judge({0, false, "kmatrix-sample: load ok\n", 0, 0}).outcome, Outcome::unresolved);
}

TEST(SampleSuite, DoesNotBelieveAPassWithAnExitCode) {
  EXPECT_EQ(judge({139, false, good, 0, 0}).outcome, Outcome::unresolved);
}

TEST(Taint, NamesTheLettersOfTheKernelsDocumentation) {
  EXPECT_EQ(new_taint(0, (1U << 7) | (1U << 14)), "D (an oops or BUG), L (a soft lockup)");
  EXPECT_EQ(new_taint(0, 1ULL << 40), "bit 40");
  EXPECT_EQ(new_taint(0, out_of_tree | is_unsigned), "");
}

}  // namespace
}  // namespace kmatrix::suite
