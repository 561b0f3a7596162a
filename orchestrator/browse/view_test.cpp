// SPDX-License-Identifier: GPL-2.0-or-later
#include "browse/view.h"

#include "browse/browse_fixture.h"

namespace kmatrix::browse {
namespace {

using Code = Key::Code;

TEST_F(Browsing, DrawsWhereOneIsTheRowsAndHowFar) {
  begin(store::RunId{2}, {72, 6});
  press(Code::enter);
  const auto seen = view(*browser_, true);
  ASSERT_EQ(seen.lines.size(), 6U);
  EXPECT_EQ(line(0), "...2 quickstart (running) > v6.12/base/clang-cfi/arm64-tcg/ftrace-direct");
  EXPECT_EQ(line(5).substr(0, 28), "Enter goes in, q back, ? key");
  EXPECT_TRUE(line(5).ends_with("1/40  running")) << line(5);
  for (const auto& span : seen.lines[2]) EXPECT_TRUE(span.look.reverse);
  EXPECT_FALSE(seen.cursor);
}

TEST_F(Browsing, DrawsWhatIsTypedAndMarksWhatWasFound) {
  begin(store::RunId{2}, {60, 12});
  press(Code::enter);
  type("/case-12");
  const auto typing = view(*browser_, true);
  EXPECT_EQ(line(11), "/case-12");
  ASSERT_TRUE(typing.cursor);
  EXPECT_EQ(*typing.cursor, std::pair(std::size_t{11}, std::size_t{8}));
  press(Code::enter);
  std::string matched;
  for (const auto& each : view(*browser_, true).lines)
    for (const auto& span : each)
      if (span.look.match) matched += span.text;
  EXPECT_EQ(matched, "case-12");
}

TEST_F(Browsing, EveryPageFitsEverySize) {
  begin();
  const auto fits = [&] {
    for (std::size_t width = 1; width < 70; width += width < 25 ? 1 : 9) {
      for (std::size_t height = 1; height < 12; ++height) {
        browser_->resize({width, height});
        const auto seen = view(*browser_, true);
        ASSERT_EQ(seen.lines.size(), height);
        for (const auto& each : seen.lines) ASSERT_LE(columns_of(each), width);
        if (seen.cursor) {
          ASSERT_LT(seen.cursor->first, height);
          ASSERT_LT(seen.cursor->second, width);
        }
      }
    }
  };
  fits();
  for (int i = 0; i < 3; ++i) {
    press(Code::enter);
    fits();
    type("G");
    fits();
  }
  type("/something long that is sought");
  fits();
  press(Code::enter);
  fits();
  type("?");
  fits();
}

TEST_F(Browsing, AnEmptyListIsDrawnToo) {
  begin(store::RunId{1});
  EXPECT_TRUE(line(11).ends_with("empty  running"));
  for (const auto code : {Code::enter, Code::down, Code::page_down, Code::end, Code::up})
    press(code);
  type("/x");
  press(Code::enter);
  EXPECT_EQ(browser_->message(), "not found: x");
  type("o");
  EXPECT_EQ(browser_->message(), "choose a cell first");
}

TEST_F(Browsing, WithoutUnicodeAllIsAscii) {
  begin();
  type("/\xC3\xA9");
  for (const auto& each : view(*browser_, false).lines)
    for (const char c : plain_text(each)) EXPECT_TRUE(c >= ' ' && c <= '~');
}

}  // namespace
}  // namespace kmatrix::browse
