// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/ktap_line.h"

#include <gtest/gtest.h>

namespace kmatrix::suite {
namespace {

using Lines = std::vector<std::string>;

TEST(KtapLine, ReadsAVersion) {
  for (const auto* text : {"KTAP version 1", "TAP version 13", "  TAP version 14"})
    EXPECT_EQ(read_ktap_line(text).kind, KtapLine::version) << text;
  for (const auto* text : {"KTAP versions", "TAP version x", "MTAP version 1"})
    EXPECT_EQ(read_ktap_line(text).kind, KtapLine::talk) << text;
}

TEST(KtapLine, ReadsAPlan) {
  EXPECT_EQ(read_ktap_line("1..12").number, 12U);
  const auto skipping = read_ktap_line("    1..0 # SKIP no such device");
  EXPECT_EQ(skipping.kind, KtapLine::plan);
  EXPECT_EQ(skipping.column, 4U);
  EXPECT_EQ(skipping.number, 0U);
  EXPECT_EQ(skipping.directive, "SKIP");
  EXPECT_EQ(skipping.text, "no such device");
  for (const auto* text : {"1..", "1..5 apples", "1..x", "1..1234567890", "0..5"})
    EXPECT_EQ(read_ktap_line(text).kind, KtapLine::talk) << text;
}

TEST(KtapLine, ReadsAResult) {
  const auto line = read_ktap_line("# not ok 7 - two words # TIMEOUT 45 seconds");
  EXPECT_EQ(line.kind, KtapLine::result);
  EXPECT_TRUE(line.is_comment);
  EXPECT_EQ(line.column, 2U);
  EXPECT_FALSE(line.good);
  EXPECT_EQ(line.number, 7U);
  EXPECT_TRUE(line.has_dash);
  EXPECT_EQ(line.name, "two words");
  EXPECT_EQ(line.directive, "TIMEOUT");
  EXPECT_EQ(line.text, "45 seconds");
}

TEST(KtapLine, ReadsResultsThatLackANumberOrAName) {
  EXPECT_EQ(read_ktap_line("ok").kind, KtapLine::result);
  EXPECT_EQ(read_ktap_line("ok -").name, "");
  EXPECT_EQ(read_ktap_line("ok 3").number, 3U);
  EXPECT_EQ(read_ktap_line("ok 3rd thing").name, "3rd thing");
  EXPECT_EQ(read_ktap_line("not ok 4 # error no memory").directive, "ERROR");
  EXPECT_EQ(read_ktap_line("not ok 4 # error no memory").name, "");
  for (const auto* text : {"okay", "ok: title", "not okay", "nok 1", "Not ok 1"})
    EXPECT_EQ(read_ktap_line(text).kind, KtapLine::talk) << text;
}

TEST(KtapLine, KnowsADirectiveFromAHashInAName) {
  EXPECT_EQ(read_ktap_line("ok 1 case #2 of \\# 3").name, "case #2 of \\# 3");
  EXPECT_EQ(read_ktap_line("ok 1 case #SKIP why").directive, "SKIP");
  EXPECT_EQ(read_ktap_line("ok 1 case # skip: why").text, "why");
  EXPECT_EQ(read_ktap_line("ok 1 case # Skipped").directive, "SKIP");
  EXPECT_EQ(read_ktap_line("ok 1 case # timeout of the lock").directive, "");
  EXPECT_EQ(read_ktap_line("ok 1 case # a # SKIP b").text, "b");
  const auto data = read_ktap_line("ok 5 return code # rcode=0");
  EXPECT_EQ(data.name, "return code");
  EXPECT_EQ(data.directive, "");
  EXPECT_EQ(data.text, "rcode=0");
}

TEST(KtapLine, MakesNamesAndTextsSafeAndShort) {
  const auto line = read_ktap_line("ok 1 a\tb\033]0;x\a\xff # why\tnot");
  EXPECT_EQ(line.name, "a b\\x1b]0;x\\x07\\xff");
  EXPECT_EQ(line.text, "why not");
  EXPECT_EQ(read_ktap_line("ok 1 " + std::string(9999, 'n')).name, std::string(150, 'n') + "...");
  EXPECT_EQ(read_ktap_line(std::string(9999, '#')).kind, KtapLine::talk);
}

TEST(KtapLines, LosesColoursAndCarriageReturns) {
  EXPECT_EQ(ktap_lines("\033[1;32mok 1\033[0m a\r\nb"), (Lines{"ok 1 a", "b"}));
  EXPECT_EQ(ktap_lines(""), Lines{});
}

TEST(KtapLines, LeavesTheKernelsLogOut) {
  EXPECT_EQ(
      ktap_lines("[    1.234567] one\nok 1 a\n<6>[   22.123456][  T412] two\n# [    3.000000] x\n"),
      Lines{"ok 1 a"});
  EXPECT_EQ(ktap_lines("[   1.23] no stamp\n[x] neither\n"),
            (Lines{"[   1.23] no stamp", "[x] neither"}));
}

TEST(KtapLines, PutsALineTogetherThatTheLogHasTorn) {
  EXPECT_EQ(ktap_lines("ok 1 fo[    1.000001] log\no\n"), Lines{"ok 1 foo"});
  EXPECT_EQ(ktap_lines("not [    1.000001] log\nok 1 a\n"), Lines{"not ok 1 a"});
  EXPECT_EQ(ktap_lines("1..1[    1.000001] log\n0\n"), Lines{"1..10"});
  EXPECT_EQ(ktap_lines("ok 1 a[    1.000001] log\n# SKIP why\n"), Lines{"ok 1 a# SKIP why"});
  EXPECT_EQ(ktap_lines("ok [    1.000001] log\n[    1.000002] more\n1 f[    1.000003] log\noo\n"),
            Lines{"ok 1 foo"});
}

TEST(KtapLines, KeepsALineThatWasCompleteBeforeTheLog) {
  EXPECT_EQ(ktap_lines("ok 1 a[    1.000001] log\n\nok 2 b\n"), (Lines{"ok 1 a", "ok 2 b"}));
  EXPECT_EQ(ktap_lines("ok 1 a[    1.000001] log\nok 2 b\n"), (Lines{"ok 1 a", "ok 2 b"}));
  EXPECT_EQ(ktap_lines("ok 1 a[    1.000001] log"), Lines{"ok 1 a"});
}

TEST(KtapLines, ReadsTheKernelsLogWhereItSpeaksKtapItself) {
  EXPECT_EQ(ktap_lines("[    1.000001] KTAP version 1\n[    1.000002]     ok 1 a\n"),
            (Lines{"KTAP version 1", "    ok 1 a"}));
}

}  // namespace
}  // namespace kmatrix::suite
