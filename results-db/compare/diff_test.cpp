// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/diff.h"

#include <gtest/gtest.h>

namespace kmatrix::compare {
namespace {

class SideBuilder {
 public:
  explicit SideBuilder(std::int64_t first_id) : next_(first_id) {}
  SideBuilder& cell(const std::string& name, const std::string& state = "done") {
    store::CellRow row;
    row.id = next_++;
    row.name = name;
    row.state = state;
    side_.cells.push_back(row);
    return *this;
  }
  SideBuilder& result(const std::string& name, const std::string& outcome, double seconds = 1) {
    side_.cases.push_back({side_.cells.back().id, name, outcome, "", seconds});
    return *this;
  }
  SideBuilder& incident(const std::string& kind, const std::string& title,
                        const std::string& ignored = "") {
    store::IncidentRow row;
    row.cell = side_.cells.back().id;
    row.kind = kind;
    row.title = title;
    row.ignored = ignored;
    side_.incidents.push_back(row);
    return *this;
  }
  const Side& side() const { return side_; }

 private:
  Side side_;
  std::int64_t next_;
};

/// "regression c/a passed -> failed" a line.
std::string words(const RunDiff& diff) {
  std::string text;
  for (const auto& each : diff.cases)
    text += to_string(each.change) + " " + each.cell + "/" + each.name + " " + each.before +
            " -> " + each.now + "\n";
  for (const auto& each : diff.incidents) text += to_string(each.change) + " " + each.title + "\n";
  for (const auto& each : diff.durations) text += "time " + each.name + "\n";
  return text;
}

TEST(Diff, TellsRegressionsFromFixesAndOtherChanges) {
  SideBuilder before(1), now(11);
  before.cell("c").result("b", "failed").result("a", "passed").result("c", "failed");
  before.result("d", "passed")
      .result("e", "skipped")
      .result("same", "failed")
      .result("old", "passed");
  now.cell("c").result("a", "failed").result("b", "passed").result("c", "crashed");
  now.result("d", "missing").result("e", "passed").result("same", "failed").result("new", "failed");
  const auto diff = compare::diff(before.side(), now.side());
  EXPECT_EQ(words(diff),
            "regression c/a passed -> failed\n"
            "fix c/b failed -> passed\n"
            "changed c/c failed -> crashed\n"
            "changed c/e skipped -> passed\n"
            "no_outcome c/d passed -> missing\n"
            "new c/new  -> failed\n"
            "gone c/old passed -> \n");
  EXPECT_TRUE(diff.regressed());
  EXPECT_EQ(diff.same, 1U);
}

TEST(Diff, ACellThatDidNotRunSpeaksForItsCases) {
  SideBuilder before(1), now(1);
  before.cell("built").result("a", "passed").result("b", "passed");
  before.cell("better", "blocked").result("a", "blocked");
  before.cell("opened", "unavailable");
  before.cell("ours").result("a", "passed");
  before.cell("left");
  now.cell("built", "blocked").result("a", "blocked").result("b", "blocked");
  now.cell("better").result("a", "passed");
  now.cell("opened").result("a", "passed");
  now.cell("ours", "infra_error");
  now.cell("arrived");
  EXPECT_EQ(words(compare::diff(before.side(), now.side())),
            "regression built/ done -> blocked\n"
            "fix better/ blocked -> done\n"
            "changed opened/ unavailable -> done\n"
            "no_outcome ours/ done -> infra_error\n"
            "new arrived/  -> done\n"
            "gone left/ done -> \n");
}

TEST(Diff, EqualRunsDoNotDiffer) {
  SideBuilder before(1), now(5);
  for (auto* each : {&before, &now}) {
    each->cell("c").result("a", "passed").result("b", "failed").incident("warning", "w");
    each->cell("blocked", "blocked").result("a", "blocked");
  }
  const auto diff = compare::diff(before.side(), now.side());
  EXPECT_EQ(words(diff), "");
  EXPECT_FALSE(diff.regressed());
  EXPECT_EQ(diff.same, 3U);
  EXPECT_EQ(diff.cells, 2U);
}

TEST(Diff, AnIncidentThatCountsIsARegression) {
  SideBuilder before(1), now(5);
  before.cell("c").result("a", "passed").incident("warning", "old");
  now.cell("c").result("a", "passed").incident("warning", "known", "as always");
  now.incident("other", "note");
  auto diff = compare::diff(before.side(), now.side());
  EXPECT_EQ(words(diff), "new note\nnew known\ngone old\n");
  EXPECT_FALSE(diff.regressed());
  now.incident("warning", "bad").cell("alone").incident("oops", "elsewhere");
  diff = compare::diff(before.side(), now.side());
  EXPECT_EQ(words(diff), "new alone/  -> done\nregression bad\nnew note\nnew known\ngone old\n");
  EXPECT_TRUE(diff.regressed());
}

TEST(Diff, NamesTimesThatChangedMuchOnceForATestWithItsSubtests) {
  SideBuilder before(1), now(5);
  before.cell("c").result("much", "passed", 2).result("much/sub", "passed", 2);
  before.result("little", "passed", 2).result("short", "passed", 0.1).result("zero", "passed", 0);
  now.cell("c").result("much", "passed", 9).result("much/sub", "passed", 9);
  now.result("little", "passed", 3.9).result("short", "passed", 1).result("zero", "passed", 50);
  EXPECT_EQ(words(compare::diff(before.side(), now.side())), "time much\n");
}

}  // namespace
}  // namespace kmatrix::compare
