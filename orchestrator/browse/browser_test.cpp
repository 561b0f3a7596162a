// SPDX-License-Identifier: GPL-2.0-or-later
#include "browse/browser.h"

#include "browse/browse_fixture.h"

namespace kmatrix::browse {
namespace {

using Code = Key::Code;
using Kind = Place::Kind;

TEST_F(Browsing, GoesFromRunsToALogAndBack) {
  begin();
  EXPECT_EQ(browser_->page().content.rows.size(), 2U);
  press(Code::enter);
  EXPECT_EQ(kind(), Kind::cells);
  EXPECT_NE(chosen().find("v6.12/base"), std::string::npos);
  press(Code::enter);
  EXPECT_EQ(kind(), Kind::cases);
  // What differs comes first.
  EXPECT_NE(chosen().find("*  x  failed   case-07"), std::string::npos) << chosen();
  press(Code::enter);
  EXPECT_EQ(kind(), Kind::log);
  EXPECT_EQ(plain_text(browser_->page().content.rows[0].text),
            R"(--- case-07: failed: evil \x1b[2J)");
  EXPECT_EQ(plain_text(browser_->page().content.rows[2].text), "line 8 of base");
  press(Code::enter);
  EXPECT_EQ(kind(), Kind::log);
  press(Code::escape);
  press(Code::backspace);
  type("q");
  EXPECT_EQ(kind(), Kind::runs);
  EXPECT_FALSE(browser_->done());
  type("q");
  EXPECT_TRUE(browser_->done());
}

TEST_F(Browsing, BeginsWithARunAndHasTheListBehindIt) {
  begin(store::RunId{1});
  EXPECT_EQ(kind(), Kind::cells);
  type("q");
  EXPECT_EQ(browser_->page().at, 1U);
  type("Q");
  EXPECT_TRUE(browser_->done());
  EXPECT_FALSE(Browser::begin(*source_, store::RunId{9}));
}

TEST_F(Browsing, ScrollsAndNeverLeavesTheList) {
  begin(store::RunId{2});
  press(Code::enter);
  const auto& page = browser_->page();
  press(Code::up);
  EXPECT_EQ(page.at, 0U);
  type("jj");
  press(Code::down);
  type("k");
  EXPECT_EQ(page.at, 2U);
  press(Code::page_down);
  EXPECT_EQ(page.at, 2U + browser_->body_height());
  EXPECT_EQ(page.at, page.top + browser_->body_height() - 1);
  type("G");
  EXPECT_EQ(page.at, 39U);
  press(Code::down);
  press(Code::page_down);
  EXPECT_EQ(page.at, 39U);
  EXPECT_EQ(page.top, 40U - browser_->body_height());
  type("g");
  EXPECT_EQ(page.at, 0U);
  EXPECT_EQ(page.top, 0U);
}

TEST_F(Browsing, ATextScrollsByItsLinesToItsLastScreen) {
  begin(store::RunId{2});
  type("o");
  ASSERT_EQ(kind(), Kind::log);
  const auto& page = browser_->page();
  type("jj");
  EXPECT_EQ(page.top, 2U);
  press(Code::end);
  EXPECT_EQ(page.top, page.content.rows.size() - browser_->body_height());
  type("j");
  EXPECT_EQ(page.top, page.content.rows.size() - browser_->body_height());
  browser_->resize({60, 500});
  EXPECT_EQ(page.top, 0U);
}

TEST_F(Browsing, GoesSidewaysAsFarAsThereIsText) {
  begin(store::RunId{2}, {30, 12});
  const auto& page = browser_->page();
  press(Code::left);
  EXPECT_EQ(page.left, 0U);
  for (int i = 0; i < 100; ++i) type("l");
  EXPECT_GT(page.left, 0U);
  EXPECT_LT(page.left, 100U);
  EXPECT_FALSE(line(2).empty());
}

TEST_F(Browsing, SearchesForwardBackwardAndRoundTheEnd) {
  begin(store::RunId{2});
  press(Code::enter);
  type("/CASE-2");
  press(Code::backspace);
  press(Code::enter);
  EXPECT_EQ(browser_->message(), "not found: CASE-");
  type("/case-1");
  press(Code::enter);
  EXPECT_NE(chosen().find("case-10"), std::string::npos);
  type("n");
  EXPECT_NE(chosen().find("case-11"), std::string::npos);
  type("NN");
  EXPECT_NE(chosen().find("case-19"), std::string::npos);
  EXPECT_EQ(browser_->message(), "went on at the bottom");
  type("n");
  EXPECT_EQ(browser_->message(), "went on at the top");
}

TEST_F(Browsing, SearchesALogFromWhatIsOnTheScreen) {
  begin(store::RunId{2});
  type("o/line 5");
  press(Code::enter);
  const auto& page = browser_->page();
  EXPECT_EQ(plain_text(page.content.rows[page.top].text), "line 5 of base");
  type("n");
  EXPECT_EQ(plain_text(page.content.rows[page.top].text), "line 50 of base");
  // Near the end the line cannot be the first one; the search goes on all the same.
  type("/line 19");
  press(Code::enter);
  for (int i = 0; i < 9; ++i) type("n");
  EXPECT_EQ(browser_->message(), "");
  type("n");
  EXPECT_EQ(browser_->message(), "went on at the top");
}

TEST_F(Browsing, AnEscapeEndsTheSearchAlone) {
  begin();
  type("/abc");
  EXPECT_EQ(browser_->prompt(), "abc");
  press(Code::escape);
  EXPECT_FALSE(browser_->prompt());
  EXPECT_EQ(kind(), Kind::runs);
  type("n");
  EXPECT_EQ(browser_->message(), "nothing was searched for yet: / does");
  type("/q");
  EXPECT_FALSE(browser_->done());
  press(Code::backspace);
  press(Code::backspace);
  EXPECT_FALSE(browser_->prompt());
}

TEST_F(Browsing, ComparesByAnAxis) {
  begin();
  type("c");
  ASSERT_EQ(kind(), Kind::axes);
  EXPECT_EQ(chosen(), "  series  base, fixed");
  press(Code::enter);
  EXPECT_EQ(kind(), Kind::compare);
  EXPECT_EQ(plain_text(browser_->page().content.rows.back().text),
            "1 case differs, 39 the same; 0 incidents differ");
  type("qq");
  EXPECT_EQ(kind(), Kind::runs);
  press(Code::down);
  type("c");
  EXPECT_EQ(kind(), Kind::runs);
  EXPECT_NE(browser_->message().find("nothing to compare"), std::string::npos);
}

TEST_F(Browsing, ShowsTheKeysOnce) {
  begin();
  type("??");
  EXPECT_EQ(kind(), Kind::keys);
  EXPECT_EQ(browser_->pages().size(), 2U);
  type("c");
  EXPECT_EQ(kind(), Kind::keys);
  type("x");
  EXPECT_EQ(browser_->message(), "? shows the keys");
}

TEST_F(Browsing, WhatAnotherProcessWritesIsSeenAndTheChosenRowStays) {
  begin();
  press(Code::down);
  browser_->refresh();
  EXPECT_EQ(browser_->page().content.rows.size(), 2U);
  ASSERT_TRUE(writer_->add_run(store::some_run()));
  browser_->refresh();
  EXPECT_EQ(browser_->page().content.rows.size(), 3U);
  EXPECT_EQ(browser_->page().at, 2U);
  EXPECT_EQ(browser_->page().content.rows[2].key, "1");
}

TEST_F(Browsing, ARunWhoseProcessDiesIsNoticed) {
  begin(store::RunId{2});
  EXPECT_TRUE(browser_->page().content.going_on);
  alive_ = false;
  browser_->refresh();
  EXPECT_FALSE(browser_->page().content.going_on);
  EXPECT_EQ(browser_->page().content.title, "run 2 quickstart (interrupted)");
}

TEST_F(Browsing, ALogThatGrowsIsFollowedAtItsEnd) {
  begin(store::RunId{2});
  type("oG");
  const auto before = browser_->page().top;
  std::string log;
  for (int i = 0; i < 300; ++i) log += "new\n";
  ASSERT_TRUE(support::write_file(folder_->path() / "base" / "console-1.log", log));
  browser_->refresh();
  EXPECT_EQ(browser_->page().top, before + 100);
  type("g");
  ASSERT_TRUE(support::write_file(folder_->path() / "base" / "console-1.log", log + log));
  browser_->refresh();
  EXPECT_EQ(browser_->page().top, 0U);
}

TEST_F(Browsing, WhatCannotBeReadIsSaid) {
  begin(store::RunId{2});
  press(Code::enter);
  ASSERT_TRUE(support::remove_tree(folder_->path() / "base"));
  press(Code::enter);
  EXPECT_EQ(kind(), Kind::cases);
  EXPECT_NE(browser_->message().find("cannot read"), std::string::npos) << browser_->message();
}

}  // namespace
}  // namespace kmatrix::browse
