// SPDX-License-Identifier: GPL-2.0-or-later
#include "browse/styled.h"

#include <gtest/gtest.h>

namespace kmatrix::browse {
namespace {

using report::Tone;

TEST(Styled, TakesTheColoursOfReportsAsLooks) {
  const auto line = "a " + report::coloured("failed", Tone::bad, true) + " b " +
                    report::coloured("dim", Tone::dim, true);
  EXPECT_EQ(styled(line),
            (Styled{{"a ", {}}, {"failed", {Tone::bad}}, {" b ", {}}, {"dim", {Tone::dim}}}));
  EXPECT_EQ(plain_text(styled(line)), "a failed b dim");
}

TEST(Styled, NoEscapeEverPasses) {
  for (const auto* evil : {"\x1b[2Jx", "\x1b", "a\x1b[31", "\x1b]0;t\x07y"})
    EXPECT_EQ(plain_text(cut(styled(evil), 0, 80, true)).find('\x1b'), std::string::npos) << evil;
}

TEST(Styled, ExpandsTabs) {
  EXPECT_EQ(plain_text(styled("a\tb")), "a       b");
  EXPECT_EQ(plain_text(styled("\tb")), "        b");
}

TEST(Styled, CutsByColumns) {
  const Styled line{{"abc", {Tone::good}}, {"défg"}};
  EXPECT_EQ(plain_text(cut(line, 0, 80, true)), "abcdéfg");
  EXPECT_EQ(cut(line, 2, 3, true), (Styled{{"c", {Tone::good}}, {"dé"}}));
  EXPECT_EQ(plain_text(cut(line, 3, 3, false)), "d?f");
  EXPECT_TRUE(cut(line, 7, 5, true).empty());
  EXPECT_TRUE(cut(line, 0, 0, true).empty());
}

TEST(Styled, AWideCharacterIsNeverHalved) {
  const Styled line{{"a漢b"}};
  EXPECT_EQ(columns_of(line), 4U);
  EXPECT_EQ(plain_text(cut(line, 0, 2, true)), "a ");
  EXPECT_EQ(plain_text(cut(line, 2, 2, true)), " b");
  EXPECT_EQ(plain_text(cut(line, 0, 3, true)), "a漢");
  EXPECT_EQ(plain_text(cut(line, 0, 4, false)), "a??b");
}

TEST(Styled, WhatHidesOrTurnsTheTextIsShownAsAQuestionMark) {
  EXPECT_EQ(plain_text(cut({{"a\u202Eb\u0301\u200Bc"}}, 0, 80, true)), "a?b??c");
}

TEST(Styled, MarksMatches) {
  const Styled line{{"one tw"}, {"o two", {Tone::bad}}};
  const auto marked = with_matches(line, "two");
  EXPECT_EQ(plain_text(marked), "one two two");
  std::string matched;
  for (const auto& span : marked)
    if (span.look.match) matched += span.text + "|";
  EXPECT_EQ(matched, "tw|o|two|");
  EXPECT_EQ(with_matches(line, "three"), line);
  EXPECT_EQ(with_matches(line, ""), line);
}

TEST(Styled, ASearchWithACapitalIsExact) {
  EXPECT_TRUE(has_match("CONFIG_CFI", "cfi"));
  EXPECT_TRUE(has_match("CONFIG_CFI", "CFI"));
  EXPECT_FALSE(has_match("config_cfi", "CFI"));
  EXPECT_FALSE(has_match("anything", ""));
}

TEST(Styled, ReversesTheWholeWidth) {
  const auto line = reversed({{"ab", {Tone::good}}}, 5);
  EXPECT_EQ(columns_of(line), 5U);
  for (const auto& span : line) EXPECT_TRUE(span.look.reverse);
}

}  // namespace
}  // namespace kmatrix::browse
