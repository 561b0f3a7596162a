// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/text.h"

#include <gtest/gtest.h>

#include "support/clock.h"

namespace kmatrix::support {
namespace {

TEST(Text, SuggestsTheNearestWord) {
  EXPECT_EQ(did_you_mean("kernal", {"kernel", "series"}), "did you mean 'kernel'?");
  EXPECT_EQ(did_you_mean("rnu", {"check", "run"}), "did you mean 'run'?");
  EXPECT_EQ(did_you_mean("xyz", {"kernel", "series"}), "");
}

TEST(Text, MakesGuestTextPrintable) {
  EXPECT_EQ(printable("a\x1b[31mb\tc\n"), "a\\x1b[31mb\tc\n");
  EXPECT_EQ(printable("\xff ok \xc3\xa9"), "\\xff ok \xc3\xa9");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");
}

TEST(Text, ReplacesInvalidUtf8) {
  EXPECT_EQ(valid_utf8("a\xff"), "a\xEF\xBF\xBD");
  EXPECT_EQ(valid_utf8("\xed\xa0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Text, AlignsATable) {
  TextTable table({"case", "base"});
  table.add({"a", "passed"});
  table.add({"longer", "f"});
  EXPECT_EQ(table.render(), "case    base\na       passed\nlonger  f\n");
}

TEST(Text, MatchesGlobsOverTheWholeString) {
  EXPECT_TRUE(glob_match("direct/*", "direct/ftrace-direct.tc"));
  EXPECT_FALSE(glob_match("direct", "direct/ftrace-direct.tc"));
}

TEST(Text, SplitsLines) {
  EXPECT_EQ(split_lines("a\n\nb"), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(trim("  x \n"), "x");
}

TEST(Clock, SaysDurationsForPeople) {
  EXPECT_EQ(human_duration(Seconds(0.123)), "0.12 s");
  EXPECT_EQ(human_duration(Seconds(41.26)), "41.3 s");
  EXPECT_EQ(human_duration(Seconds(125)), "2 min 05 s");
  EXPECT_EQ(human_duration(Seconds(7300)), "2 h 01 min");
}

}  // namespace
}  // namespace kmatrix::support
