// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/ignore.h"

#include <gtest/gtest.h>

namespace kmatrix::run {
namespace {

TEST(MatchesWildcards, KnowsStarsAndQuestionMarksAlone) {
  EXPECT_TRUE(matches_wildcards("WARNING in f [m] at a.c:1", "WARNING in f [m] at a.c:1"));
  EXPECT_TRUE(matches_wildcards("WARNING in f [m]*", "WARNING in f [m] at a.c:1"));
  EXPECT_TRUE(matches_wildcards("*a.c:?", "WARNING in f [m] at a.c:1"));
  EXPECT_TRUE(matches_wildcards("**", ""));
  EXPECT_TRUE(matches_wildcards("a*b*c", "a-b-b-c"));
  EXPECT_FALSE(matches_wildcards("WARNING in f", "WARNING in f [m]"));
  EXPECT_FALSE(matches_wildcards("[WX]ARNING", "WARNING"));
  EXPECT_FALSE(matches_wildcards("a*b*c", "a-c-b"));
  EXPECT_FALSE(matches_wildcards("?", ""));
  EXPECT_FALSE(matches_wildcards("", "a"));
}

TEST(MatchesWildcards, TakesNoLongerForManyStars) {
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "*a";
  EXPECT_FALSE(matches_wildcards(pattern + "b", std::string(20000, 'a')));
}

/// Two cells; the first entry means both, the second the second one alone.
struct TwoCells {
  TwoCells() {
    experiment.ignore = {{"warning", "WARNING in f*", "known", {}, {}},
                         {"", "BUG: *", "broken there", {}, {}}};
    matrix.cells = {{.name = "a", .machine = "", .suite = "", .ignore = {0}},
                    {.name = "b", .machine = "", .suite = "", .ignore = {0, 1}}};
  }
  spec::Experiment experiment;
  plan::Matrix matrix;
};

TEST(IgnoredBy, LooksAtTheKindTheTitleAndTheCell) {
  const TwoCells it;
  const auto a = ignores_of(it.experiment, it.matrix.cells[0]);
  const auto b = ignores_of(it.experiment, it.matrix.cells[1]);
  EXPECT_EQ(ignored_by(a, "warning", "WARNING in f at a.c:1"), &it.experiment.ignore[0]);
  EXPECT_EQ(ignored_by(a, "other", "WARNING in f at a.c:1"), nullptr);
  EXPECT_EQ(ignored_by(a, "warning", "a WARNING in f"), nullptr);
  EXPECT_EQ(ignored_by(a, "bug", "BUG: x"), nullptr);
  EXPECT_EQ(ignored_by(b, "bug", "BUG: x"), &it.experiment.ignore[1]);
}

TEST(UselessIgnores, AreThoseThatNothingFellUnderWhereTheyWereAsked) {
  const TwoCells it;
  const auto* first = &it.experiment.ignore[0];
  const auto* second = &it.experiment.ignore[1];
  const auto useless = [&](const std::vector<std::string>& ran,
                           const std::vector<SeenIncident>& seen) {
    return useless_ignores(it.experiment, it.matrix, ran, seen);
  };
  EXPECT_EQ(useless({"a", "b"}, {}), (Ignores{first, second}));
  EXPECT_EQ(useless({"a"}, {}), (Ignores{first}));
  EXPECT_EQ(useless({"a", "b"}, {{"a", "bug", "BUG: x"}}), (Ignores{first, second}));
  EXPECT_EQ(useless({"a", "b"}, {{"b", "bug", "BUG: x"}, {"b", "warning", "WARNING in f"}}),
            Ignores{});
}

}  // namespace
}  // namespace kmatrix::run
