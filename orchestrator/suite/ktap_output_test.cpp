// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/ktap_output.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "support/text.h"

namespace kmatrix::suite {
namespace {

using plan::Outcome;
using Words = std::vector<std::string>;

/// "a/b passed [ok] message" for each result.
Words results(const std::string& output, bool torn = false) {
  Words words;
  for (const auto& each : parse_ktap(output, torn).results)
    words.push_back(fmt::format("{} {} [{}] {}", support::join(each.path, "/"),
                                to_string(each.outcome), each.raw, each.message));
  return words;
}

TEST(KtapOutput, MapsEachWord) {
  const std::vector<std::pair<std::string, Outcome>> words = {
      {"ok 1 a", Outcome::passed},
      {"not ok 1 a", Outcome::failed},
      {"ok 1 a # SKIP", Outcome::skipped},
      {"not ok 1 a # SKIP", Outcome::skipped},
      {"ok 1 a # XFAIL", Outcome::xfailed},
      {"not ok 1 a # XFAIL", Outcome::xfailed},
      {"ok 1 a # XPASS", Outcome::failed},
      {"ok 1 a # TODO", Outcome::passed},
      {"not ok 1 a # TODO", Outcome::xfailed},
      {"not ok 1 a # TIMEOUT 45 seconds", Outcome::timed_out},
      {"not ok 1 a # ERROR no memory", Outcome::failed},
      {"not ok 1 a # exit=1", Outcome::failed}};
  for (const auto& [line, outcome] : words) {
    const auto parsed = parse_ktap("TAP version 13\n1..1\n" + line + "\n");
    ASSERT_EQ(parsed.results.size(), 1U) << line;
    EXPECT_EQ(parsed.results[0].outcome, outcome) << line;
    EXPECT_EQ(parsed.results[0].path, Words{"a"}) << line;
  }
}

TEST(KtapOutput, GivesSubtestsToTheResultAfterThem) {
  const Words expected = {"p/a passed [ok] ", "p/b failed [not ok] ", "q passed [ok] "};
  EXPECT_EQ(results("KTAP version 1\n1..2\n  KTAP version 1\n  1..2\n  ok 1 a\n  not ok 2 b\n"
                    "not ok 1 p\nok 2 q\n"),
            expected);
  EXPECT_EQ(results("TAP version 13\n1..2\n# TAP version 13\n# 1..2\n# ok 1 a\n# not ok 2 b\n"
                    "not ok 1 p\nok 2 q\n"),
            expected);
}

TEST(KtapOutput, DoesNotTakeACommentForAResult) {
  EXPECT_EQ(results("TAP version 13\n1..1\n# ok 5 packets\n# not ok\n# ok - fine\nok 1 a\n"),
            Words{"a passed [ok] "});
}

TEST(KtapOutput, NamesAParentThatIsWorseThanItsSubtests) {
  EXPECT_EQ(results("1..1\n# 1..1\n# ok 1 a\nnot ok 1 p # exit=139\n"),
            (Words{"p/a passed [ok] ", "p failed [not ok] exit=139"}));
  EXPECT_EQ(results("1..1\n# 1..3\n# ok 1 a\nok 1 p\n"),
            (Words{"p/a passed [ok] ", "p failed [ok] 2 of 3 planned results are missing"}));
  EXPECT_EQ(results("1..1\n# 1..2\n# ok 1 a\n# Bail out! no disk\nnot ok 1 p\n")[1],
            "p failed [not ok] bailed out: no disk; 1 of 2 planned results is missing");
}

TEST(KtapOutput, BelievesATestThatPrintsAPlanAndNoResults) {
  EXPECT_EQ(results("1..1\n# 1..3\n# PASS: 0\nok 1 p\n"), Words{"p passed [ok] "});
}

TEST(KtapOutput, SaysThatAParentNeverCame) {
  EXPECT_EQ(results("KTAP version 1\n1..2\n    KTAP version 1\n    # Subtest: mem\n    ok 1 a\n"),
            (Words{"mem/a passed [ok] ", "mem missing [] has no result of its own"}));
  EXPECT_EQ(results("1..1\n# selftests: x: y\n# 1..2\n# ok 1 a\n"),
            (Words{"selftests: x: y/a passed [ok] ",
                   "selftests: x: y missing [] 1 of 2 planned results is missing; has no result of "
                   "its own"}));
}

TEST(KtapOutput, TellsRepeatedNamesApart) {
  EXPECT_EQ(results("ok 1 a\nok 1 a\nok 2 a (2)\nnot ok 3 a\n"),
            (Words{"a passed [ok] ", "a (2) passed [ok] ", "a (2) (2) passed [ok] ",
                   "a (3) failed [not ok] "}));
}

TEST(KtapOutput, NamesAResultWithoutAName) {
  EXPECT_EQ(results("1..4\n#  RUN           f.x ...\nok 1 # SKIP why\nok 2 # SKIP huge pages\n"
                    "ok 3\nnot ok 4 # error no memory\n"),
            (Words{"f.x skipped [ok # SKIP] why", "huge pages skipped [ok # SKIP] huge pages",
                   "test 3 passed [ok] ", "no memory failed [not ok # ERROR] no memory"}));
}

TEST(KtapOutput, SaysWhyATestFailed) {
  EXPECT_EQ(results("1..3\n#  RUN  f.x ...\n# a.c:3:x:Expected 1 (1) == 2 (2)\n# x: Test failed\n"
                    "#          FAIL  f.x\nnot ok 1 f.x\n# one\n# two\nnot ok 2 y\nnot ok 3 z\n"),
            (Words{"f.x failed [not ok] a.c:3:x:Expected 1 (1) == 2 (2)", "y failed [not ok] two",
                   "z failed [not ok] "}));
}

TEST(KtapOutput, CountsWhatAPlanPromised) {
  const auto missing = [](const std::string& output) { return parse_ktap(output).missing; };
  EXPECT_EQ(missing("1..3\nok 1 a\n"), 2U);
  EXPECT_EQ(missing("ok 1 a\nok 2 b\n1..3\n"), 1U);
  EXPECT_EQ(missing("1..3\n1..3\nok 1 a\nok 2 b\nok 3 c\n"), 0U);
  EXPECT_EQ(missing("ok 1 a\n1..1\nok 1 b\nok 2 c\n1..2\n"), 0U) << "two programs";
  EXPECT_EQ(missing("TAP version 13\n1..2\nok 1 a\nTAP version 13\n1..1\nok 1 b\nok 2 c\n"), 1U);
  EXPECT_EQ(missing("1..0 # SKIP all\n"), 0U);
  EXPECT_EQ(parse_ktap("1..0 # SKIP all\n").skipped_all, "all");
  EXPECT_EQ(parse_ktap("1..2\nok 1 a\nBail out! no disk\n").bailed_out, "no disk");
}

TEST(KtapOutput, DoesNotBelieveALastLineThatWasCutOff) {
  EXPECT_EQ(results("1..2\nok 1 a\nok 2 b", false).size(), 2U);
  EXPECT_EQ(results("1..2\nok 1 a\nok 2 b", true).size(), 1U);
  EXPECT_EQ(results("ok 1 a", true).size(), 0U);
}

TEST(KtapOutput, SpeaksOnlyWithAVersionOrAPlan) {
  for (const auto* text : {"KTAP version 1\n", "x\n  TAP version 13", "1..4\n"})
    EXPECT_TRUE(speaks_ktap(text)) << text;
  for (const auto* text : {"", "ok 1 a\n", "# TAP version 13\n", "1..4 apples\n", "not ok\n"})
    EXPECT_FALSE(speaks_ktap(text)) << text;
}

TEST(KtapOutput, StandsHundredsOfLevels) {
  std::string deeper, outwards;
  for (std::size_t level = 0; level < 400; ++level) {
    deeper += std::string(2 * level, ' ') + "ok 1 a\n";
    outwards += std::string(800 - 2 * level, ' ') + "ok 1 a\n";
  }
  for (const auto& output : {deeper, outwards}) {
    const auto parsed = parse_ktap(output);
    EXPECT_GE(parsed.results.size(), 300U);
    for (const auto& each : parsed.results) EXPECT_LE(each.path.size(), 20U);
  }
}

TEST(KtapOutput, KeepsABoundedNumberOfResults) {
  std::string output = "TAP version 13\n1..100000\n";
  for (int line = 1; line < 100'000; ++line) output += fmt::format("ok {} same\n", line);
  const auto parsed = parse_ktap(output + "not ok 100000 last\n");
  EXPECT_EQ(parsed.results.size(), Ktap::max_results);
  EXPECT_EQ(parsed.results.back().path[0], "same (10000)");
  EXPECT_EQ(parsed.dropped, 90'000U);
  EXPECT_EQ(parsed.dropped_bad, 1U);
  EXPECT_EQ(parsed.missing, 0U);
}

}  // namespace
}  // namespace kmatrix::suite
