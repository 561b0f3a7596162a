// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "spec/test_folder.h"

namespace kmatrix::spec {
namespace {

using Words = std::vector<std::string>;

/// Two trees, a series for the second, and the suites of line 8.
std::string with_suites(const std::string& suites, const std::string& rest = "") {
  return "kmatrix: 1\nname: small\n"
         "trees: {old: {debian: linux-source-6.12}, new: {debian: linux-source-7.2}}\n"
         "series: {fix: {patches: {new: p}}}\n"
         "toolchains: {clang-19: {llvm: 19}}\nconfigs: {clang: {toolchain: clang-19}}\n"
         "machines: {tcg: {}}\nsuites: {" +
         suites + "}\n" + rest;
}

class TestSourcesTest : public testing::Test {
 protected:
  TestSourcesTest() {
    folder_.write("p/0001-one.patch", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n+2\n");
  }
  Words errors(const std::string& suites, const std::string& rest = "") const {
    return folder_.errors_of(with_suites(suites, rest));
  }
  Experiment good(const std::string& suites, const std::string& rest = "") const {
    auto loaded = load(folder_.write("x.yaml", with_suites(suites, rest)));
    for (const auto& error : loaded.errors) ADD_FAILURE() << support::to_string(error);
    return loaded.experiment;
  }
  TestFolder folder_;
};

TEST_F(TestSourcesTest, MakeASuiteOfEach) {
  const auto experiment = good("f: {runner: ftracetest, tests: [own, old, new/fix]}");
  ASSERT_EQ(experiment.suites.size(), 3U);
  EXPECT_EQ(experiment.suites[0].name, "f");
  EXPECT_EQ(experiment.suites[0].tests_tree, "");
  EXPECT_EQ(experiment.suites[1].name, "f@old");
  EXPECT_EQ(experiment.suites[1].tests_tree, "old");
  EXPECT_EQ(experiment.suites[1].tests_series, "base");
  EXPECT_EQ(experiment.suites[2].name, "f@new+fix");
  EXPECT_EQ(experiment.suites[2].tests_series, "fix");
  for (const auto& suite : experiment.suites) EXPECT_EQ(suite.family, "f");
  EXPECT_EQ(experiment.axes.suites, (Words{"f", "f@old", "f@new+fix"}));
}

TEST_F(TestSourcesTest, AreMeantTogetherUnlessOneIsNamed) {
  const auto experiment =
      good("f: {runner: ftracetest, tests: [own, old]}, b: {runner: boot}",
           "axes: {suite: [b, f], exclude: [{suite: f@own}, {suite: f@old}]}\n"
           "claims: [{claim: x, where: {suite: f@old}, same_results: {suite: f@own}}]\n");
  EXPECT_EQ(experiment.axes.suites, (Words{"b", "f", "f@old"}));
  EXPECT_EQ(experiment.exclude[0].suites, Words{"f"});
  EXPECT_EQ(experiment.exclude[1].suites, Words{"f@old"});
  EXPECT_EQ(experiment.claims[0].where.suites, Words{"f@old"});
  EXPECT_EQ(experiment.claims[0].as.suites, Words{"f"});
}

TEST_F(TestSourcesTest, MustBeThere) {
  EXPECT_EQ(errors("f: {runner: ftracetest, tests: olt}"),
            Words{"x.yaml:8:41: unknown tree 'olt' in tests of suite 'f' (did you mean 'old'?)"});
  EXPECT_EQ(errors("f: {runner: ftracetest, tests: new/fiz}"),
            Words{"x.yaml:8:41: unknown series 'fiz' in tests of suite 'f' (did you mean 'fix'?)"});
  EXPECT_EQ(errors("f: {runner: ftracetest, tests: old/fix}"),
            Words{"x.yaml:8:41: series 'fix' has no patches for tree 'old'"});
  EXPECT_EQ(errors("f: {runner: ftracetest, tests: [old, old]}"),
            Words{"x.yaml:8:47: tests of suite 'f': 'old' is there twice"});
  EXPECT_EQ(errors("f: {runner: ftracetest, tests: old}", "axes: {suite: f@new}\n"),
            Words{"x.yaml:9:15: unknown suite 'f@new' in axes (known: f, f@old)"});
}

TEST_F(TestSourcesTest, NeedARunnerThatCanDoWithout) {
  EXPECT_EQ(errors("f: {runner: test_progs, tests: old}"),
            Words{"x.yaml:8:41: tests of suite 'f' goes with runner: ftracetest or kselftest only "
                  "(what other runners run is built with the kernel, or not from its tree)"});
}

}  // namespace
}  // namespace kmatrix::spec
