// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/html.h"

#include <gtest/gtest.h>

#include <set>

#include "site/words.h"

namespace kmatrix::site {
namespace {

TEST(Escape, LeavesNothingThatHtmlWouldTakeForMarkup) {
  EXPECT_EQ(escaped("<script>alert('x') & \"y\"</script>"),
            "&lt;script&gt;alert(&#39;x&#39;) &amp; &quot;y&quot;&lt;/script&gt;");
}

TEST(Escape, KeepsLineBreaksAndUnicode) { EXPECT_EQ(escaped("a\n\tb é ✓ 𝄞"), "a\n\tb é ✓ 𝄞"); }

TEST(Escape, ReplacesControlCharactersAndInvalidUtf8) {
  EXPECT_EQ(escaped(std::string("a\0b\x1b[31m\x7f", 9)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD[31m\xEF\xBF\xBD");
  EXPECT_EQ(escaped("a\xff\xc3"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Escape, ShowsWhatWouldTurnOrHideText) {
  EXPECT_EQ(escaped("a\u202Ecod.exe"), "a[U+202E]cod.exe");
  EXPECT_EQ(escaped("pass\u200Bed"), "pass[U+200B]ed");
  EXPECT_EQ(escaped("\u2066x\u2069\uFEFF\u061C"), "[U+2066]x[U+2069][U+FEFF][U+061C]");
}

TEST(Escape, JsonInAScriptCannotEndIt) {
  Html html;
  html.json(R"({"a":"</script><!--&"})");
  EXPECT_EQ(html.str(), R"({"a":"\u003c/script\u003e\u003c!--\u0026"})");
}

TEST(Slug, IsSafeAndDifferentForDifferentTexts) {
  std::set<std::string> seen;
  for (const char* text : {"a", "A", "a/b", "a b", "../../etc/passwd", "..", ".", "", "-x", "a--b",
                           "con\nsole", "<b>", "é", "%2e%2e", "a-b"}) {
    const auto made = slug(text);
    EXPECT_TRUE(seen.insert(made).second) << text << " " << made;
    EXPECT_EQ(made.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._"), std::string::npos)
        << made;
    EXPECT_NE(made[0], '.') << made;
    EXPECT_FALSE(made.empty());
  }
  EXPECT_EQ(slug("ftrace-direct"), "ftrace-direct");
  EXPECT_LT(slug(std::string(5000, 'x')).size(), 100U);
}

TEST(Url, EncodesAllButUnreserved) {
  EXPECT_EQ(url_encoded("a b&c=\"é/"), "a%20b%26c%3D%22%C3%A9%2F");
}

TEST(Words, AnInfrastructureFailureDoesNotLookLikeAFailure) {
  EXPECT_EQ(class_of("infra_error"), "o-infra_error");
  EXPECT_EQ(class_of("infrastructure"), "o-infra_error");
  EXPECT_NE(class_of("infra_error"), class_of("failed"));
  EXPECT_NE(sign_of("infra_error"), sign_of("failed"));
}

TEST(Words, EveryOutcomeHasASignOfItsOwn) {
  std::set<std::string_view> signs;
  for (const auto& look : outcome_looks) EXPECT_TRUE(signs.insert(look.sign).second) << look.word;
}

TEST(Words, AWordThatIsUnknownIsPlainText) {
  Html html;
  write_word(html, "<b>");
  EXPECT_EQ(html.str(), "&lt;b&gt;");
  EXPECT_EQ(class_of("\" onclick=\""), "");
}

TEST(Words, AShellWordIsOneWord) {
  EXPECT_EQ(shell_word("v1/base/cfi"), "v1/base/cfi");
  EXPECT_EQ(shell_word("a b; rm"), "'a b; rm'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("$(x)"), "'$(x)'");
}

TEST(Words, NumbersAndTimesAreForPeople) {
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(count_text(-1234), "-1,234");
  EXPECT_EQ(count_text(123), "123");
  EXPECT_EQ(time_text("2026-01-31T12:00:59Z"), "2026-01-31 12:00");
  EXPECT_EQ(time_text(""), "–");
}

}  // namespace
}  // namespace kmatrix::site
