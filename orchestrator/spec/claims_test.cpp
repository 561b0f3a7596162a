// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "spec/test_folder.h"

namespace kmatrix::spec {
namespace {

using Words = std::vector<std::string>;

/// An experiment whose claims begin on line 9.
std::string with_claims(const std::string& claims) {
  return "kmatrix: 1\nname: small\ntrees: {v6.12: {debian: linux-source-6.12}}\n"
         "toolchains: {clang-19: {llvm: 19}}\n"
         "configs: {cfi: {toolchain: clang-19}, nocfi: {toolchain: clang-19}}\n"
         "machines: {tcg: {}}\nsuites: {s: {runner: boot}}\nclaims:\n" +
         claims;
}

class ClaimsTest : public testing::Test {
 protected:
  Words errors(const std::string& claims) const { return folder_.errors_of(with_claims(claims)); }

  Claim good(const std::string& keys) const {
    auto loaded =
        load(folder_.write("x.yaml", with_claims("  - {claim: It holds., " + keys + "}\n")));
    for (const auto& error : loaded.errors) ADD_FAILURE() << support::to_string(error);
    return loaded.experiment.claims.empty() ? Claim() : loaded.experiment.claims[0];
  }

  TestFolder folder_;
};

TEST_F(ClaimsTest, AreOfEveryKind) {
  const auto outcome = good(
      "where: {config: cfi}, cases: ['a*', b], except: c, outcome: [failed, xfailed], "
      "message: '/ENOTSUPP|-524/'");
  EXPECT_EQ(outcome.kind, ClaimKind::outcome);
  EXPECT_EQ(outcome.text, "It holds.");
  EXPECT_EQ(outcome.where.configs, Words{"cfi"});
  EXPECT_EQ(outcome.cases, (Words{"a*", "b"}));
  EXPECT_EQ(outcome.except, Words{"c"});
  EXPECT_EQ(outcome.outcomes, (Words{"failed", "xfailed"}));
  EXPECT_EQ(outcome.message, "/ENOTSUPP|-524/");
  const auto same = good("where: {config: cfi}, same_results: {config: nocfi}");
  EXPECT_EQ(same.kind, ClaimKind::same_results);
  EXPECT_EQ(same.as.configs, Words{"nocfi"});
  EXPECT_EQ(good("no_difference: series").axis, "series");
  const auto objects = good("same_objects: series, except: arch/arm64/kernel/ftrace.o");
  EXPECT_EQ(objects.kind, ClaimKind::same_objects);
  EXPECT_EQ(objects.except, Words{"arch/arm64/kernel/ftrace.o"});
  EXPECT_EQ(good("no_incident: [cfi, oops]").kinds, (Words{"cfi", "oops"}));
  EXPECT_TRUE(good("no_incident: any").kinds.empty());
  const auto config = good("config: {CFI: y, MODVERSIONS: n}");
  ASSERT_EQ(config.symbols.size(), 2U);
  EXPECT_EQ(config.symbols[0].symbol, "CFI");
}

TEST_F(ClaimsTest, SayWhatTheyPromise) {
  EXPECT_EQ(errors("  - {claim: x}\n"),
            Words{"x.yaml:9:5: the claim does not say what it promises (it needs one of the keys "
                  "outcome, same_results, no_difference, same_objects, no_incident, config)"});
  EXPECT_EQ(errors("  - {claim: x, outcome: passed, no_incident: cfi}\n"),
            Words{"x.yaml:9:46: a claim has either 'outcome' or 'no_incident', not both"});
  EXPECT_EQ(errors("  - {outcome: passed}\n").size(), 1U);
}

TEST_F(ClaimsTest, AreReadWithCare) {
  const auto one = [&](const std::string& keys) {
    const auto all = errors("  - {claim: x, " + keys + "}\n");
    return all.empty() ? "" : all.front();
  };
  EXPECT_NE(one("outcome: pased").find("did you mean 'passed'?"), std::string::npos);
  EXPECT_NE(one("outcom: passed").find("did you mean 'outcome'?"), std::string::npos);
  EXPECT_NE(one("no_incident: cfi, cases: a").find("means nothing in a claim with 'no_incident'"),
            std::string::npos);
  EXPECT_NE(one("where: {config: cfii}, outcome: passed").find("did you mean 'cfi'?"),
            std::string::npos);
  EXPECT_NE(one("same_results: {config: [cfi, nocfi]}").find("takes one value of an axis"),
            std::string::npos);
  EXPECT_NE(one("outcome: passed, cases: '/(/'").find("is no regular expression"),
            std::string::npos);
  EXPECT_EQ(errors("  nothing\n").size(), 1U);
}

TEST_F(ClaimsTest, StandBesideReruns) {
  const auto loaded = load(folder_.write(
      "x.yaml",
      with_claims("  - {claim: x, outcome: passed}\n"
                  "reruns: {per_case: 12, least: 1, total: 100, confidence_percent: 95}\n")));
  ASSERT_TRUE(loaded.errors.empty());
  EXPECT_EQ(loaded.experiment.reruns.per_case, 12);
  EXPECT_EQ(loaded.experiment.reruns.least, 1);
  EXPECT_EQ(loaded.experiment.reruns.total, 100);
  EXPECT_DOUBLE_EQ(loaded.experiment.reruns.confidence, 0.95);
  EXPECT_EQ(errors("  - {claim: x, outcome: passed}\nreruns: {per_case: -1}\n").size(), 1U);
  EXPECT_EQ(errors("  - {claim: x, outcome: passed}\nreruns: {}\n").size(), 1U);
}

}  // namespace
}  // namespace kmatrix::spec
