// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/test_progs_output.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "suite/corpus.h"

namespace kmatrix::suite {
namespace {

using plan::Outcome;

std::vector<Judged> judge(const std::string& test, const std::string& output, int code = 0) {
  Finished finished;
  finished.code = code;
  finished.output = output;
  return judge_test_progs(test, finished);
}

/// tests/corpus/test_progs: field "test"; "outcome [raw] name: message", with its errno in front of
/// the message.
std::string outcomes(const Golden& golden) {
  std::string text;
  for (const auto& each : judge_test_progs(golden.fields.at("test"), golden.finished))
    text += fmt::format("{} [{}] {}:{} {}\n", to_string(each.outcome), each.raw, each.name,
                        each.error != 0 ? fmt::format(" errno {}:", each.error) : "", each.message);
  return text;
}

TEST(TestProgsOutput, ReadsWhatRealGuestsPrinted) { check_corpus("test_progs", 20, outcomes); }

TEST(TestProgsOutput, KeepsEachSubtestAsACase) {
  const auto all = judge("fentry_test",
                         "#102/1   fentry_test/fentry:OK\n"
                         "#102/2   fentry_test/fentry many args:OK\n"
                         "#102     fentry_test:OK\n"
                         "Summary: 1/2 PASSED, 0 SKIPPED, 0 FAILED\n");
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].name, "fentry_test");
  EXPECT_EQ(all[0].outcome, Outcome::passed);
  EXPECT_EQ(all[0].raw, "OK");
  EXPECT_EQ(all[1].name, "fentry_test/fentry");
  EXPECT_EQ(all[2].name, "fentry_test/fentry many args");
  EXPECT_EQ(all[2].outcome, Outcome::passed);
}

TEST(TestProgsOutput, ReadsResultsBehindOtherText) {
  const auto all = judge("atomics",
                         "trailing text without newline#12/1    atomics/add:OK\n"
                         "#12      atomics:OK\n");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].name, "atomics/add");
}

TEST(TestProgsOutput, DoesNotTakeOtherTestsForItsOwn) {
  const auto all = judge("lsm", "#500     verifier_lsm:OK\n#201     lsm_cgroup:FAIL\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].outcome, Outcome::unresolved);
}

TEST(TestProgsOutput, FailsWithItsAssertionAndErrno) {
  const auto all = judge("fexit_sleep",
                         "test_fexit_sleep:PASS:fexit_skel_load 0 nsec\n"
                         "test_fexit_sleep:FAIL:fexit_attach unexpected error: -524 (errno 524)\n"
                         "#120     fexit_sleep:FAIL\n"
                         "\nAll error logs:\n"
                         "test_fexit_sleep:FAIL:fexit_attach unexpected error: -524 (errno 524)\n"
                         "#120     fexit_sleep:FAIL\n"
                         "Summary: 0/0 PASSED, 0 SKIPPED, 1 FAILED\n",
                         1);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].outcome, Outcome::failed);
  EXPECT_EQ(all[0].error, 524);
  EXPECT_EQ(all[0].message,
            "test_fexit_sleep:FAIL:fexit_attach unexpected error: -524 (errno 524)");
}

TEST(TestProgsOutput, KnowsHowLibbpfSaysAnErrno) {
  EXPECT_EQ(errno_in("libbpf: prog 'test1': failed to attach: -ENOTSUPP\n"), 524);
  EXPECT_EQ(errno_in("libbpf: prog 'test1': failed to attach: ERROR: strerror_r(-524)=22\n"), 524);
  EXPECT_EQ(errno_in("libbpf: prog 'test1': failed to attach: unknown error (-524)\n"), 524);
  EXPECT_EQ(errno_in("libbpf: prog 'x': BPF program load failed: -EINVAL\n"), 22);
  EXPECT_EQ(errno_in("libbpf: a: failed: -EINVAL\nlibbpf: b: failed: -ENOTSUPP\n"), 524);
  EXPECT_EQ(errno_in("x:FAIL:link unexpected link: actual -1 != expected 0 errno 16\n"), 16);
  EXPECT_EQ(errno_in("x:FAIL:fentry_attach unexpected error: -1 (errno 524)\n"), 524);
  EXPECT_EQ(errno_in("x:FAIL:fexit_attach fexit attach failed: -1\n"), 0);
  EXPECT_EQ(errno_in("x:FAIL:load unexpected error: -1 (errno 1)\n"), 1);
  EXPECT_EQ(errno_in("x:PASS:attach -524\n"), 0);
  EXPECT_EQ(errno_in("libbpf: prog 'test-7': loaded\n"), 0);
}

TEST(TestProgsOutput, KnowsSkips) {
  EXPECT_EQ(judge("map_kptr", "#1 map_kptr:SKIP\n")[0].outcome, Outcome::skipped);
  const auto some = judge("map_kptr",
                          "#1/1 map_kptr/a:SKIP\n#1/2 map_kptr/b:OK\n"
                          "#1 map_kptr:OK (SKIP: 1/2)\n");
  ASSERT_EQ(some.size(), 3U);
  EXPECT_EQ(some[0].outcome, Outcome::passed);
  EXPECT_EQ(some[0].raw, "OK (SKIP: 1/2)");
  EXPECT_EQ(some[1].outcome, Outcome::skipped);
  EXPECT_EQ(judge("xdp", "#1 xdp:SKIP (not built)\n")[0].outcome, Outcome::blocked);
}

TEST(TestProgsOutput, SaysWhyATestWasSkipped) {
  const auto all = judge("perf_skip",
                         "test_perf_skip:SKIP:no hardware breakpoints\n#1/1 perf_skip/a:SKIP\n"
                         "#1 perf_skip:SKIP\n");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].message, "no hardware breakpoints");
  EXPECT_EQ(all[1].message, "no hardware breakpoints");
}

TEST(TestProgsOutput, PutsTogetherWhatTheKernelsLogHasTorn) {
  const auto all = judge("x",
                         "[    1.000001][  T302] bpf_testmod: loaded\n"
                         "#1/1 x/[    1.000002][  T302] a line\n"
                         "first:[    1.000003] another\n"
                         "OK\n#1 x:O[    1.000004] and one\nK\n");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].outcome, Outcome::passed);
  EXPECT_EQ(all[1].name, "x/first");
  EXPECT_EQ(all[1].outcome, Outcome::passed);
}

TEST(TestProgsOutput, KnowsExitCodes) {
  EXPECT_NE(judge("x", "Summary: 0/0 PASSED\n", 2)[0].message.find("exit code 2"),
            std::string::npos);
  EXPECT_NE(judge("x", "", 3)[0].message.find("set up"), std::string::npos);
  EXPECT_EQ(judge("x", "", 3)[0].outcome, Outcome::unresolved);
  EXPECT_EQ(judge("x", "#1 x:OK\n", 1)[0].outcome, Outcome::unresolved);
  EXPECT_EQ(judge("x", "", 139)[0].outcome, Outcome::unresolved);
}

TEST(TestProgsOutput, KeepsSubtestsBeforeACrash) {
  const auto all = judge("x", "#1/1 x/a:OK\n#1/2 x/b", 139);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].outcome, Outcome::unresolved);
  EXPECT_EQ(all[1].outcome, Outcome::passed);
}

TEST(TestProgsOutput, DoesNotBelieveALastLineThatWasCutOff) {
  const auto all = judge("x", "#1/1 x/a:OK\n#1/2 x/b:OK");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].outcome, Outcome::unresolved);
  EXPECT_EQ(all[0].message, "no result in the output (exit code 0); last line: #1/2 x/b:OK");
}

TEST(TestProgsOutput, TimesOut) {
  Finished finished;
  finished.timed_out = true;
  finished.output = "#1/1 x/a:OK\n";
  const auto all = judge_test_progs("x", finished);
  EXPECT_EQ(all[0].outcome, Outcome::timed_out);
  EXPECT_NE(all[0].message.find("x/a"), std::string::npos);
}

TEST(TestProgsOutput, MarksWhatWasLeftBehind) {
  Finished finished;
  finished.output = "#1 x:OK\nkmatrix-bpf: LEFT 2 programs\nkmatrix-bpf: LEFT module bpf_testmod\n";
  finished.taint_after = 1U << 12 | 1U << 9;  // out of tree, as expected, and a warning
  const auto all = judge_test_progs("x", finished);
  EXPECT_EQ(all[0].outcome, Outcome::passed);
  EXPECT_TRUE(all[0].spoils);
  EXPECT_NE(all[0].message.find("left behind: 2 programs, module bpf_testmod"), std::string::npos);
  EXPECT_NE(all[0].message.find("tainted"), std::string::npos);
}

TEST(TestProgsOutput, StaysPrintableAndBounded) {
  std::string output = "#1/1 x/" + std::string(5000, 'y') + ":OK\n#1/2 x/\x1b[31m\xff:FAIL\n";
  for (const auto& each : judge("x", output)) {
    EXPECT_LE(each.name.size(), 1000U);
    EXPECT_EQ(each.name.find('\x1b'), std::string::npos);
  }
}

}  // namespace
}  // namespace kmatrix::suite
