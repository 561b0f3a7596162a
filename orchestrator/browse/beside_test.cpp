// SPDX-License-Identifier: GPL-2.0-or-later
#include "browse/beside.h"

#include <gtest/gtest.h>

#include <set>

#include "plan/outcome.h"
#include "report/fixture.h"

namespace kmatrix::browse {
namespace {

report::RunBuilder three_cells() {
  report::RunBuilder run;
  run.cell("base", "samples");
  run.result("a", "passed");
  run.result("b", "failed");
  run.cell("one", "samples");
  run.result("a", "passed");
  run.result("b", "passed");
  run.cell("one", "boot");
  run.result("a", "crashed");
  return run;
}

TEST(Beside, ComparesACaseWithTheOtherCellsOfItsSuite) {
  auto run = three_cells();
  const auto& whole = run.whole();
  const Beside beside(whole);
  EXPECT_FALSE(beside.differs(whole.cases[0]));
  EXPECT_TRUE(beside.differs(whole.cases[1]));
  EXPECT_TRUE(beside.differs(whole.cases[3]));
  EXPECT_FALSE(beside.differs(whole.cases[4]));
  EXPECT_EQ(beside.others(whole.cases[1]), "1 passed");
  EXPECT_EQ(beside.others(whole.cases[3]), "1 failed");
  EXPECT_EQ(beside.others(whole.cases[4]), "");
}

TEST(Beside, ACellDiffersIfOneOfItsCasesDoes) {
  auto run = three_cells();
  const Beside beside(run.whole());
  EXPECT_TRUE(beside.differs(1));
  EXPECT_TRUE(beside.differs(2));
  EXPECT_FALSE(beside.differs(3));
}

TEST(Beside, AnUnavailableCellHasItsStateForAllCases) {
  auto run = report::quickstart();
  const auto& whole = run.whole();
  const Beside beside(whole);
  EXPECT_TRUE(beside.differs(1));
  EXPECT_TRUE(beside.differs(whole.cases[0]));
  EXPECT_EQ(beside.others(whole.cases[0]), "1 unavailable");
}

TEST(Beside, ARowOfNoCellIsNothing) {
  const Beside beside(report::RunBuilder().whole());
  store::CaseRow row;
  row.cell = 99;
  EXPECT_FALSE(beside.differs(row));
  EXPECT_EQ(beside.others(row), "");
}

TEST(Beside, EveryOutcomeHasASignOfItsOwn) {
  std::set<char> signs;
  for (int i = 0; i <= static_cast<int>(plan::Outcome::infra_error); ++i) {
    const std::string word = plan::to_string(static_cast<plan::Outcome>(i));
    EXPECT_TRUE(signs.insert(sign_of(word)).second) << word;
  }
  EXPECT_EQ(sign_of("never heard of"), '?');
}

TEST(Beside, TheWorstOutcomeStandsForACell) {
  auto run = three_cells();
  const auto& whole = run.whole();
  EXPECT_EQ(word_of_cell(whole.cells[0], {&whole.cases[0], &whole.cases[1]}), "failed");
  EXPECT_EQ(word_of_cell(whole.cells[0], {&whole.cases[0]}), "passed");
  EXPECT_EQ(word_of_cell(whole.cells[0], {}), "done");
  auto cell = whole.cells[0];
  cell.state = "blocked";
  EXPECT_EQ(word_of_cell(cell, {&whole.cases[0]}), "blocked");
}

}  // namespace
}  // namespace kmatrix::browse
