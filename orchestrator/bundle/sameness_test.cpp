// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/sameness.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bundle/words.h"

namespace kmatrix::bundle {
namespace {

class SamenessTest : public testing::Test {
 protected:
  SamenessTest() {
    recorded_.run = 3;
    recorded_.experiment = "quickstart";
    recorded_.started = "2026-01-31T12:00:00Z";
    recorded_.cell.name = "v6.12/base/cfi/tcg/suite";
    recorded_.cell.state = now_.cell.state = "done";
  }
  static void add(Manifest& to, const std::string& name, const std::string& outcome,
                  const std::vector<std::string>& further = {}) {
    CaseRecord one;
    one.name = name;
    one.outcome = outcome;
    one.further = further;
    to.cases.push_back(one);
  }
  void incident(Manifest& to, const std::string& name, const std::string& title,
                const std::string& ignored = {}) {
    to.incidents.push_back({name, "oops", title, ignored, ""});
  }
  Sameness compared() const {
    return compare({recorded_, config_}, {now_, config_now_}, [](const auto&) { return true; });
  }
  bool same() const { return compared().same; }
  std::string text() const { return sameness_text(recorded_, compared(), 7, false); }

  Manifest recorded_, now_;
  std::string config_ = "CONFIG_A=y\nCONFIG_B=y\n", config_now_ = config_;
};

TEST_F(SamenessTest, TheSameOutcomesAreTheSame) {
  add(recorded_, "a", "passed");
  add(recorded_, "b", "failed");
  add(now_, "b", "failed");
  add(now_, "a", "passed");
  EXPECT_TRUE(same());
  EXPECT_EQ(text(),
            "v6.12/base/cfi/tcg/suite of run 3 of quickstart, 2026-01-31\n\n"
            "case  recorded  now\n"
            "a     passed    passed  same\n"
            "b     failed    failed  same\n"
            "\nas recorded: tree, series, config, compiler, kernel, kmatrix\n"
            "\nthe same: 2 of 2 cases came out as recorded (run 7)\n");
}

TEST_F(SamenessTest, AnotherOutcomeACaseThatIsGoneAndANewOneDiffer) {
  add(recorded_, "a", "failed");
  add(now_, "a", "passed");
  EXPECT_FALSE(same());
  now_.cases[0] = recorded_.cases[0];
  EXPECT_TRUE(same());
  add(now_, "a/new", "passed");
  EXPECT_FALSE(same());
  now_.cases.clear();
  EXPECT_FALSE(same());
}

TEST_F(SamenessTest, ABadOutcomeMustBeSeenOnceAndAGoodOneEachTime) {
  add(recorded_, "a", "failed");
  add(now_, "a", "passed", {"passed", "failed"});
  EXPECT_TRUE(same());
  EXPECT_NE(text().find("a     failed    2 passed, 1 failed  same"), std::string::npos) << text();
  recorded_.cases[0].outcome = "passed";
  EXPECT_FALSE(same());
  recorded_.cases[0].further = {"failed"};
  EXPECT_TRUE(same()) << "it was seen to do both";
}

TEST_F(SamenessTest, ACrashIsTheSameIfItsIncidentIs) {
  add(recorded_, "a", "crashed");
  add(now_, "a", "crashed");
  incident(recorded_, "a", "in f");
  incident(now_, "a", "in g");
  EXPECT_FALSE(same());
  EXPECT_NE(text().find("a: not seen again: oops: in f\na: new: oops: in g\n"), std::string::npos);
  incident(now_, "a", "in f");
  EXPECT_TRUE(same());
}

TEST_F(SamenessTest, ANewIncidentSpoilsAGoodCaseUnlessItIsIgnored) {
  add(recorded_, "a", "passed");
  add(now_, "a", "passed");
  incident(now_, "a", "in f", "known");
  EXPECT_TRUE(same());
  incident(now_, "a", "in f");
  EXPECT_FALSE(same());
}

TEST_F(SamenessTest, OnlyWhatIsAskedForCounts) {
  add(recorded_, "a", "passed");
  add(recorded_, "b", "failed");
  add(now_, "a", "failed");
  add(now_, "b", "failed");
  const auto of_b = compare({recorded_, config_}, {now_, config_},
                            [](const std::string& name) { return name == "b"; });
  EXPECT_TRUE(of_b.same);
  EXPECT_EQ(of_b.cases.size(), 1u);
}

TEST_F(SamenessTest, ACellThatNeverRanIsComparedByItsState) {
  recorded_.cell.state = now_.cell.state = "blocked";
  recorded_.cell.reason = now_.cell.reason = "its kernel did not build";
  EXPECT_TRUE(same());
  EXPECT_NE(text().find("the same: blocked: its kernel did not build (run 7)"), std::string::npos);
  now_.cell.state = "done";
  EXPECT_FALSE(same());
}

TEST_F(SamenessTest, WhatFailsThroughUsSaysNothing) {
  add(recorded_, "a", "failed");
  add(now_, "a", "infra_error");
  const auto sameness = compared();
  EXPECT_TRUE(sameness.infrastructure);
  EXPECT_FALSE(sameness.same);
  EXPECT_NE(text().find("nothing can be said"), std::string::npos);
  EXPECT_TRUE(sameness_json(recorded_, sameness, 7)["same"].is_null());
}

TEST_F(SamenessTest, SaysWhichKeysDifferAndWhatThatMeans) {
  add(recorded_, "a", "passed");
  add(now_, "a", "passed");
  recorded_.kernel.compiler = "clang 19.1.7";
  now_.kernel.compiler = "clang 19.1.8";
  recorded_.kernel.kernel_key = std::string(64, 'a');
  now_.kernel.kernel_key = std::string(64, 'b');
  recorded_.kernel.signature = now_.kernel.signature = "s";
  recorded_.cell.inputs = {{"select", "a"}, {"select", "b"}, {"image", "i1"}};
  now_.cell.inputs = {{"select", "a"}, {"select", "b"}, {"image", "i2"}};
  config_now_ = "CONFIG_A=y\n# CONFIG_B is not set\n";
  EXPECT_TRUE(same()) << "keys do not decide";
  const auto words = text();
  for (const auto* const line :
       {"1 symbol differs: B", "compiler  clang 19.1.7", "it may generate other code",
        "kernel    aaaaaaaaaaaa", "other inputs, but the machine loads the very same code",
        "image     i1", "the guest's programs come from another recipe",
        "as recorded: tree, series, signature, select, kmatrix"})
    EXPECT_NE(words.find(line), std::string::npos) << line << "\n" << words;
  now_.kernel.signature = "t";
  EXPECT_NE(text().find("it is not the kernel that ran"), std::string::npos);
  now_.kernel.kernel_key = recorded_.kernel.kernel_key;
  EXPECT_NE(text().find("does not build reproducibly"), std::string::npos);
}

TEST_F(SamenessTest, OfManyCasesOnlyWhatMattersIsShown) {
  for (int i = 0; i < 100; ++i) {
    add(recorded_, "case-" + std::to_string(i), i == 50 ? "failed" : "passed");
    add(now_, "case-" + std::to_string(i), i >= 98 ? "failed" : "passed");
  }
  const auto words = text();
  EXPECT_NE(words.find("and 97 that are good, as they were\n"), std::string::npos) << words;
  EXPECT_NE(words.find("it differs: 97 of 100 cases came out as recorded (run 7)"),
            std::string::npos);
}

}  // namespace
}  // namespace kmatrix::bundle
