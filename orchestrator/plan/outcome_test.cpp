// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/outcome.h"

#include <gtest/gtest.h>

#include <set>

namespace kmatrix::plan {
namespace {

constexpr int outcomes = static_cast<int>(Outcome::infra_error) + 1;
constexpr int states = static_cast<int>(CellState::interrupted) + 1;

TEST(Outcome, EveryOneHasAWordOfItsOwnThatReadsBack) {
  std::set<std::string> words;
  for (int i = 0; i < outcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    words.insert(to_string(outcome));
    EXPECT_EQ(parse_outcome(to_string(outcome)), outcome);
  }
  EXPECT_EQ(words.size(), std::size_t{outcomes});
  EXPECT_EQ(to_string(Outcome::timed_out), "timed_out");
}

TEST(Outcome, RefusesAWordThatIsNone) {
  EXPECT_EQ(parse_outcome("PASSED"), std::nullopt);
  EXPECT_EQ(parse_outcome(""), std::nullopt);
  EXPECT_EQ(parse_outcome("unknown"), std::nullopt);
}

TEST(Outcome, OnlyPassedSkippedAndXfailedLeaveARunGood) {
  std::set<Outcome> good;
  for (int i = 0; i < outcomes; ++i)
    if (!is_bad(static_cast<Outcome>(i))) good.insert(static_cast<Outcome>(i));
  EXPECT_EQ(good, (std::set{Outcome::passed, Outcome::skipped, Outcome::xfailed}));
}

TEST(CellState, EveryOneHasAWordOfItsOwnThatReadsBack) {
  std::set<std::string> words;
  for (int i = 0; i < states; ++i) {
    const auto state = static_cast<CellState>(i);
    words.insert(to_string(state));
    EXPECT_EQ(parse_cell_state(to_string(state)), state);
  }
  EXPECT_EQ(words.size(), std::size_t{states});
  EXPECT_EQ(parse_cell_state("finished"), std::nullopt);
}

}  // namespace
}  // namespace kmatrix::plan
