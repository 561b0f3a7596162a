// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/claims.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace kmatrix::report {
namespace {

store::ClaimRow row(compare::ClaimState state, std::vector<compare::ClaimEvidence> against = {},
                    std::vector<compare::ClaimEvidence> missing = {}) {
  static spec::Claim claim;
  claim.text = "It holds.";
  claim.at = {"x.yaml", 9, 5};
  return to_row({&claim, state, "2 cases in 1 cell", std::move(against), std::move(missing)});
}

TEST(Claims, AreTickedOff) {
  EXPECT_EQ(claims_text({row(compare::ClaimState::holds)}, false),
            "✔ It holds.\n    holds: 2 cases in 1 cell\n");
  EXPECT_EQ(claims_text({row(compare::ClaimState::does_not_hold,
                             {{"v7.2/base/x", "a", "failed, not passed", "exit code 1\nmore"}})},
                        false),
            "✘ It holds.\n    does not hold: 2 cases in 1 cell\n"
            "    - v7.2/base/x: a: failed, not passed (exit code 1 ...)\n");
  EXPECT_EQ(claims_text({row(compare::ClaimState::undecided, {},
                             {{"v7.2/base/x", "", "not part of this run", ""}})},
                        false),
            "? It holds.\n    undecided: 2 cases in 1 cell\n"
            "    ? missing: v7.2/base/x: not part of this run\n");
}

TEST(Claims, ShowTheFirstPiecesOfEvidence) {
  std::vector<compare::ClaimEvidence> many;
  for (int i = 0; i < 20; ++i) many.push_back({"cell", std::to_string(i), "failed", ""});
  const auto text = claims_text({row(compare::ClaimState::does_not_hold, many)}, false);
  EXPECT_NE(text.find("- 12 more (--json has all)"), std::string::npos);
  const auto json = claims_json({row(compare::ClaimState::does_not_hold, many)});
  EXPECT_EQ(json["claims"][0]["against"].size(), 20U);
  EXPECT_EQ(json["claims"][0]["at"], "x.yaml:9:5");
  EXPECT_EQ(json["claims"][0]["against"][0]["detail"], nullptr);
}

TEST(Claims, SayOfManyPlacesOnceWhatIsTheSame) {
  std::vector<compare::ClaimEvidence> missing{
      {"v1/a", "", "not part of this run", ""}, {"v1/b", "", "not part of this run", ""},
      {"v1/c", "", "not part of this run", ""}, {"v1/d", "", "not part of this run", ""},
      {"v1/e", "", "interrupted", ""},          {"v1/f", "", "interrupted", ""}};
  EXPECT_EQ(claims_text({row(compare::ClaimState::undecided, {}, missing)}, false),
            "? It holds.\n    undecided: 2 cases in 1 cell\n"
            "    ? missing: v1/a and 3 more: not part of this run\n"
            "    ? missing: v1/e: interrupted\n    ? missing: v1/f: interrupted\n");
}

TEST(Claims, AreCounted) {
  const auto good = row(compare::ClaimState::holds);
  const auto bad = row(compare::ClaimState::does_not_hold);
  const auto open = row(compare::ClaimState::undecided);
  EXPECT_EQ(claims_line({good, good, bad, open}),
            "4 claims: 2 hold, 1 does not hold, 1 is undecided");
  EXPECT_TRUE(all_hold({good, good}));
  EXPECT_FALSE(all_hold({good, open}));
  EXPECT_FALSE(some_do_not_hold({good, open}));
  EXPECT_TRUE(some_do_not_hold({good, bad}));
}

TEST(Claims, DoNotTrustWhatAGuestSaid) {
  const auto text = claims_text(
      {row(compare::ClaimState::does_not_hold, {{"c", "a\x1b[2J", "failed", "\xff\x07"}})}, false);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  auto damaged = row(compare::ClaimState::holds);
  damaged.evidence = "[1";
  EXPECT_EQ(claims_json({damaged})["claims"][0]["against"].size(), 0U);
  damaged.evidence = R"({"against":[1,{"what":2}]})";
  EXPECT_FALSE(claims_text({damaged}, false).empty());
}

}  // namespace
}  // namespace kmatrix::report
