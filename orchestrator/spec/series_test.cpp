// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "spec/git.h"
#include "spec/test_folder.h"

namespace kmatrix::spec {
namespace {

using Words = std::vector<std::string>;

class SeriesTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto* name : {"1.patch", "2.patch", "3.patch"})
      folder_.write(std::string("p/") + name, name);
    folder_.write("short/1.patch", "other");
  }

  Experiment load_good(const std::string& more) {
    const auto loaded = load(folder_.write("x.yaml", small_experiment + more));
    for (const auto& error : loaded.errors) ADD_FAILURE() << support::to_string(error);
    return loaded.experiment;
  }

  TestFolder folder_;
};

TEST_F(SeriesTest, MakesASeriesOfEachPrefix) {
  const auto experiment = load_good("series: {fix: {patches: p, prefixes: true}}\n");
  EXPECT_EQ(experiment.axes.series, (Words{"base", "fix.1of3", "fix.2of3", "fix"}));
  const auto* second = find(experiment.series, "fix.2of3");
  ASSERT_NE(second, nullptr);
  ASSERT_EQ(second->patches_for("v6.12")->size(), 2U);
  EXPECT_EQ(second->patches_for("v6.12")->at(1).content, "2.patch");
  EXPECT_EQ(find(experiment.series, "fix")->patches_for("v6.12")->size(), 3U);
}

TEST_F(SeriesTest, MakesNoPrefixOfOnePatchOrWhereNobodyAsks) {
  EXPECT_EQ(load_good("series: {fix: {patches: short, prefixes: true}}\n").axes.series,
            (Words{"base", "fix"}));
  EXPECT_EQ(load_good("series: {fix: {patches: p, prefixes: false}}\n").axes.series,
            (Words{"base", "fix"}));
}

TEST_F(SeriesTest, LetsPrefixesBeNamedEverywhere) {
  const auto experiment = load_good(
      "series: {fix: {patches: p, prefixes: true}}\n"
      "axes:\n  series: [base, fix]\n  include: [{series: fix.1of3}]\n"
      "  exclude: [{series: fix.2of3}]\n"
      "expect: [{where: {series: [fix.1of3]}, result: unavailable}]\n");
  EXPECT_EQ(experiment.axes.series, (Words{"base", "fix"}));
  EXPECT_EQ(experiment.include[0].series, Words{"fix.1of3"});
}

TEST_F(SeriesTest, KnowsWhichPrefixesThereAre) {
  EXPECT_EQ(folder_.errors_of(small_experiment + "series: {fix: {patches: p, prefixes: true}}\n"
                                                 "axes: {series: [fix.3of3, fix.1of4]}\n"),
            (Words{"x.yaml:9:17: unknown series 'fix.3of3' in axes (did you mean 'fix.1of3'?)",
                   "x.yaml:9:27: unknown series 'fix.1of4' in axes (did you mean 'fix.1of3'?)"}));
}

TEST_F(SeriesTest, SaysNothingAboutPrefixesOfPatchesThatItCannotRead) {
  EXPECT_EQ(folder_.errors_of(small_experiment + "series: {fix: {patches: none, prefixes: true}}\n"
                                                 "axes: {series: [fix.1of4]}\n"),
            (Words{"x.yaml:8:25: patch folder or file 'none' does not exist"}));
}

TEST_F(SeriesTest, WantsOneLengthForPrefixes) {
  auto yaml =
      small_experiment + "series: {fix: {patches: {v6.12: p, other: short}, prefixes: true}}\n";
  yaml.replace(yaml.find("trees: {"), 8, "trees: {other: {debian: linux-source-7.2}, ");
  EXPECT_EQ(folder_.errors_of(yaml),
            (Words{"x.yaml:8:61: prefixes of series 'fix': it has 1 patches for tree 'other' and 3 "
                   "for tree 'v6.12' (make two series of it)"}));
}

TEST_F(SeriesTest, RefusesASeriesWithTheNameOfAPrefix) {
  EXPECT_EQ(folder_.errors_of(small_experiment + "series:\n  fix: {patches: p, prefixes: true}\n"
                                                 "  fix.1of3: {patches: short}\n"),
            (Words{"x.yaml:10:3: there are two series 'fix.1of3' (one of them is a prefix of "
                   "another series)"}));
}

TEST_F(SeriesTest, ReadsAnMbox) {
  const std::string from = "From git@z Thu Jan  1 00:00:00 1970\n";
  const std::string diff = "---\ndiff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n\n";
  folder_.write("s.mbx", from + "Subject: [PATCH 2/2] b\n\n" + diff + from +
                             "Subject: [PATCH 1/2] a\n\n" + diff);
  const auto experiment = load_good("series: {fix: {patches: s.mbx, prefixes: true}}\n");
  EXPECT_EQ(experiment.axes.series, (Words{"base", "fix.1of2", "fix"}));
  EXPECT_EQ(find(experiment.series, "fix.1of2")->patches_for("")->at(0).title, "a");
}

/// Answers like a repository, and remembers what it was asked.
class ScriptedGit : public GitReader {
 public:
  Status check(const GitOrigin& origin) override {
    asked.push_back(origin.repository + " " + origin.revision);
    if (origin.revision == "v6.12") return {};
    return support::input_error("no revision", origin.revision_at);
  }
  Result<std::vector<Patch>> read_range(const GitRange& range) override {
    asked.push_back(range.repository + " " + range.from + " to " + range.to);
    if (range.to == "nowhere") return support::input_error("no range", range.range_at);
    return std::vector<Patch>{{"r@1", "one"}, {"r@2", "two"}};
  }
  Words asked;
};

TEST_F(SeriesTest, AsksGitForRangesAndRevisions) {
  folder_.write("linux/HEAD", "");
  auto yaml = small_experiment +
              "series:\n  all: {git: linux, range: v6.12..topic, prefixes: true}\n"
              "  some: {git: 'https://x.org/l.git', range: {v6.12: a..b}}\n"
              "  wrong: {git: linux, range: v6.12..nowhere}\n"
              "  dots: {git: linux, range: v6.12...topic}\n"
              "  one: {git: linux, range: topic}\n";
  yaml.replace(yaml.find("debian: linux-source-6.12"), 25, "git: linux, revision: v6.13");
  ScriptedGit git;
  const auto loaded = load(folder_.write("x.yaml", yaml), {.git = &git});
  Words errors;
  for (const auto& error : loaded.errors)
    errors.push_back(folder_.without_folder(support::to_string(error)));
  EXPECT_EQ(errors, (Words{"x.yaml:3:39: no revision", "x.yaml:11:30: no range",
                           "x.yaml:12:29: range of series 'dots': expected two revisions such as "
                           "v6.12..topic, found 'v6.12...topic' (the commits of the second that "
                           "the first does not have)",
                           "x.yaml:13:28: range of series 'one': expected two revisions such as "
                           "v6.12..topic, found 'topic' (the commits of the second that the first "
                           "does not have)"}));
  Words asked;
  for (const auto& each : git.asked) asked.push_back(folder_.without_folder(each));
  EXPECT_EQ(asked, (Words{"linux v6.13", "linux v6.12 to topic", "https://x.org/l.git a to b",
                          "linux v6.12 to nowhere"}));
  EXPECT_EQ(loaded.experiment.axes.series,
            (Words{"base", "all.1of2", "all", "some", "wrong", "dots", "one"}));
}

TEST(GitNames, TellsAUrlFromAFolder) {
  for (const auto* url : {"https://x.org/linux.git", "git@x.org:linux.git", "host:linux"})
    EXPECT_TRUE(is_url(url) && is_good_url(url)) << url;
  for (const auto* folder : {"linux", "/srv/linux", "./a:b", "../linux", "kmatrix:series/x"})
    EXPECT_FALSE(is_url(folder)) << folder;
  for (const auto* url :
       {"ext::sh -c x", "ext::sh", "ftp://x.org/l", "https://x.org/a b", "-x:y", "ssh://x\n"})
    EXPECT_FALSE(is_good_url(url)) << url;
}

TEST(GitNames, TakesARangeApart) {
  EXPECT_EQ(split_range("v6.12..origin/for-next").to, "origin/for-next");
  EXPECT_EQ(split_range("v6.12..HEAD").from, "v6.12");
  for (const auto* wrong :
       {"", "a", "..b", "a..", "a...b", "a..-b", "--all..b", "a b..c", "a..b..c"})
    EXPECT_EQ(split_range(wrong).from, "") << wrong;
}

TEST(ShippedPaths, AreFoundFromAnywhere) {
  const TestFolder folder;
  folder.write("data/fragments/f.config", "CONFIG_X=y\n");
  auto yaml = small_experiment;
  yaml.replace(yaml.find("{runner: boot}"), 14,
               "{runner: boot, fragments: [kmatrix:fragments/f.config]}");
  const auto file = folder.write("elsewhere/x.yaml", yaml);
  const auto loaded = load(file, {.shipped = folder.path("data")});
  ASSERT_TRUE(loaded.good()) << support::to_string(loaded.errors[0]);
  EXPECT_EQ(loaded.experiment.suites[0].needs[0].symbol, "X");
}

TEST(ShippedPaths, HaveADidYouMean) {
  const TestFolder folder;
  folder.write("data/fragments/ftrace.config", "CONFIG_X=y\n");
  auto yaml = small_experiment;
  yaml.replace(yaml.find("{runner: boot}"), 14,
               "{runner: boot, fragments: [kmatrix:fragments/ftrac.config]}");
  const auto loaded = load(folder.write("x.yaml", yaml), {.shipped = folder.path("data")});
  ASSERT_EQ(loaded.errors.size(), 1U);
  EXPECT_EQ(loaded.errors[0].hint, "did you mean 'ftrace.config'?");
}

}  // namespace
}  // namespace kmatrix::spec
