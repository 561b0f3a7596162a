// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/ktap_judge.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <set>

#include "suite/corpus.h"

namespace kmatrix::suite {
namespace {

using plan::Outcome;

Judged first(const std::vector<Judged>& judged) { return judged.at(0); }
Judged ktap(const std::string& output, int code = 0, bool timed_out = false) {
  return first(judge_ktap("c", {code, timed_out, output, 0, 0}));
}
Judged plain(const std::string& output, int code = 0, bool timed_out = false) {
  return first(judge_exit("c", {code, timed_out, output, 0, 0}));
}

/// tests/corpus/ktap: fields "case" and "protocol"; "outcome [raw] name: message".
std::string outcomes(const Golden& golden) {
  const auto judge = golden.fields.at("protocol") == "ktap" ? judge_ktap : judge_either;
  std::string text;
  for (const auto& each : judge(golden.fields.at("case"), golden.finished))
    text +=
        fmt::format("{} [{}] {}: {}\n", to_string(each.outcome), each.raw, each.name, each.message);
  return text;
}

TEST(KtapJudge, ReadsWhatTestsPrint) { check_corpus("ktap", 25, outcomes); }

TEST(KtapJudge, JudgesByTheExitCodeAlone) {
  EXPECT_EQ(plain("x\n").outcome, Outcome::passed);
  EXPECT_EQ(plain("SKIP: no root\n\n", 4).outcome, Outcome::skipped);
  EXPECT_EQ(plain("SKIP: no root\n\n", 4).message, "SKIP: no root");
  EXPECT_EQ(plain("", 1).message, "exit code 1");
  EXPECT_EQ(plain("a\nwent wrong\n", 2).message, "exit code 2; last line: went wrong");
  EXPECT_EQ(plain("", 139).message, "exit code 139 (signal 11)");
  EXPECT_EQ(plain("", 139).raw, "139");
  EXPECT_EQ(plain("a\n", 137, true).outcome, Outcome::timed_out);
  EXPECT_EQ(plain("a\n", 137, true).message, "did not end in time; last line: a");
}

TEST(KtapJudge, TakesTheWorstSubtest) {
  EXPECT_EQ(ktap("1..1\nok 1 a\n").outcome, Outcome::passed);
  EXPECT_EQ(ktap("1..2\nok 1 a\nok 2 b # SKIP\n").outcome, Outcome::passed);
  EXPECT_EQ(ktap("1..1\nok 1 a # XFAIL\n").outcome, Outcome::xfailed);
  EXPECT_EQ(ktap("1..1\nok 1 a # SKIP why\n").outcome, Outcome::skipped);
  EXPECT_EQ(ktap("1..1\nok 1 a # SKIP why\n").message, "why");
  EXPECT_EQ(ktap("1..2\nok 1 a\nnot ok 2 b\n", 1).outcome, Outcome::failed);
  EXPECT_EQ(ktap("1..2\nok 1 a\nnot ok 2 b\n", 1).message, "1 of 2 subtests is bad: b");
  EXPECT_EQ(ktap("1..1\nnot ok 1 b # TIMEOUT\n", 1).outcome, Outcome::timed_out);
  EXPECT_EQ(ktap("1..2\nnot ok 1 a\nnot ok 2 b # TIMEOUT\n", 1).outcome, Outcome::failed);
}

TEST(KtapJudge, SaysWhereExitCodeAndSubtestsContradict) {
  EXPECT_EQ(ktap("1..1\nnot ok 1 a\n").outcome, Outcome::failed);
  EXPECT_EQ(ktap("1..1\nnot ok 1 a\n").message, "exit code 0, but 1 of 1 subtest is bad: a");
  EXPECT_EQ(ktap("1..1\nok 1 a\n", 1).outcome, Outcome::failed);
  EXPECT_EQ(ktap("1..1\nok 1 a\n", 1).message, "no subtest is bad, but exit code 1");
  EXPECT_EQ(ktap("1..1\nnot ok 1 a\n", 4).outcome, Outcome::failed);
  EXPECT_EQ(ktap("1..2\nok 1 a\nok 2 # SKIP no CPU\n", 4).outcome, Outcome::skipped);
  EXPECT_EQ(ktap("1..3\nok 1 a\nok 2 # SKIP no CPU\n", 4).message, "no CPU");
}

TEST(KtapJudge, SaysWhatIsMissing) {
  EXPECT_EQ(ktap("1..3\nok 1 a\n").outcome, Outcome::failed);
  EXPECT_EQ(ktap("1..3\nok 1 a\n").message, "exit code 0, but 2 of 3 planned results are missing");
  EXPECT_EQ(ktap("1..3\nok 1 a\n", 139).message,
            "no subtest is bad, but exit code 139 (signal 11), and 2 of 3 planned results are "
            "missing");
  EXPECT_EQ(ktap("1..2\nok 1 a\nBail out! no disk\n", 1).message,
            "bailed out: no disk; 1 of 2 planned results is missing");
}

TEST(KtapJudge, TellsATimeoutFromAFailure) {
  const auto judged = judge_ktap("c", {137, true, "1..3\nok 1 a\nnot ok 2 b\nok 3", 0, 0});
  ASSERT_EQ(judged.size(), 3U);
  EXPECT_EQ(judged[0].outcome, Outcome::timed_out);
  EXPECT_EQ(judged[0].message, "did not end in time; 2 subtests had ended, the last was b");
  EXPECT_EQ(judged[1].outcome, Outcome::passed);
  EXPECT_EQ(judged[2].outcome, Outcome::failed);
}

TEST(KtapJudge, IsUnresolvedWithoutAResult) {
  EXPECT_EQ(ktap("hello\n").outcome, Outcome::unresolved);
  EXPECT_EQ(ktap("hello\n", 127).outcome, Outcome::failed);
  EXPECT_EQ(ktap("hello\n", 127).message, "no result, exit code 127; last line: hello");
  EXPECT_EQ(ktap("hello\n", 4).outcome, Outcome::skipped);
  EXPECT_EQ(ktap("1..0 # SKIP why\n").message, "why");
}

TEST(KtapJudge, ReadsKtapOnlyWhereItIsSpokenAndHasResults) {
  const auto outcome = [](const std::string& output, int code) {
    return first(judge_either("c", {code, false, output, 0, 0})).outcome;
  };
  EXPECT_EQ(outcome("not ok 1 a\n", 0), Outcome::passed);
  EXPECT_EQ(outcome("1..1\nnot ok 1 a\n", 0), Outcome::failed);
  EXPECT_EQ(outcome("1..3\nPASS: a\n", 0), Outcome::passed);
  EXPECT_EQ(outcome("1..3\nPASS: a\n", 1), Outcome::failed);
  EXPECT_EQ(first(judge_either("c", {0, false, "1..3\nPASS: a\n", 0, 0})).message,
            "3 of 3 planned results are missing");
}

TEST(KtapJudge, GivesEachSubtestANameOfItsOwn) {
  const auto judged =
      judge_ktap("c", {0, false, "1..2\n# 1..1\n# ok 1 b\nok 1 a\nok 2 a/b\n", 0, 0});
  ASSERT_EQ(judged.size(), 3U);
  EXPECT_EQ(judged[1].name, "c/a/b");
  EXPECT_EQ(judged[2].name, "c/a/b (2)");
}

}  // namespace
}  // namespace kmatrix::suite
