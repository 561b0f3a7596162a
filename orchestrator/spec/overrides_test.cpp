// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "spec/test_folder.h"

namespace kmatrix::spec {
namespace {

using Words = std::vector<std::string>;

class OverridesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("p/1.patch", "file's");
    folder_.write("mine/1.patch", "mine 1");
    folder_.write("mine/2.patch", "mine 2");
    folder_.write("linux/Makefile", "");
    folder_.write("a@b/HEAD", "");
  }

  Loaded load_with(const std::vector<Override>& overrides) {
    return load(
        folder_.write("x.yaml", small_experiment + "series: {fix: {patches: p, prefixes: true}}\n"),
        {.overrides = overrides});
  }
  Experiment good(const Override& override) {
    auto loaded = load_with({override});
    for (const auto& error : loaded.errors) ADD_FAILURE() << support::to_string(error);
    return loaded.experiment;
  }
  Words errors(const std::vector<Override>& overrides) {
    Words words;
    for (const auto& error : load_with(overrides).errors)
      words.push_back(folder_.without_folder(support::to_string(error)));
    return words;
  }
  Override tree(const std::string& origin) const { return {Override::tree, "v6.12=" + origin}; }
  Override series(const std::string& origin) const { return {Override::series, "fix=" + origin}; }
  std::string at(const std::string& name) const { return folder_.path(name).string(); }

  static Words words(const Experiment& experiment) {
    Words words;
    for (const auto& each : experiment.overrides)
      words.push_back((each.what == Override::tree ? "--tree " : "--series ") + each.text);
    return words;
  }

  TestFolder folder_;
};

TEST_F(OverridesTest, ReplaceATreeByAnythingThatATreeCanBe) {
  const auto folder = good(tree(at("linux")));
  EXPECT_EQ(std::get<FolderOrigin>(folder.trees[0].origin).path, at("linux"));
  EXPECT_EQ(folder.trees[0].at.file, "--tree");
  EXPECT_EQ(words(folder), Words{"--tree v6.12=" + at("linux")});

  const auto git = good(tree(at("linux") + "@origin/for-next"));
  EXPECT_EQ(std::get<GitOrigin>(git.trees[0].origin).repository, at("linux"));
  EXPECT_EQ(std::get<GitOrigin>(git.trees[0].origin).revision, "origin/for-next");

  const auto sign = good(tree(at("a@b") + "@v1"));
  EXPECT_EQ(std::get<GitOrigin>(sign.trees[0].origin).repository, at("a@b"));

  const auto url = good(tree("ssh://git@x.org/linux.git@v6.13"));
  EXPECT_EQ(std::get<GitOrigin>(url.trees[0].origin).repository, "ssh://git@x.org/linux.git");
  EXPECT_EQ(std::get<GitOrigin>(url.trees[0].origin).revision, "v6.13");

  const auto scp = good(tree("git@x.org:linux.git@v6.13"));
  EXPECT_EQ(std::get<GitOrigin>(scp.trees[0].origin).repository, "git@x.org:linux.git");

  const auto debian = good(tree("linux-source-7.2/trixie-backports=7.2.1-1"));
  const auto& package = std::get<DebianOrigin>(debian.trees[0].origin);
  EXPECT_EQ(package.package + " " + package.suite + " " + package.version,
            "linux-source-7.2 trixie-backports 7.2.1-1");

  const auto archive = good(tree(at("p/1.patch")));
  EXPECT_EQ(std::get<TarballOrigin>(archive.trees[0].origin).sha256, support::digest_of("file's"));
}

TEST_F(OverridesTest, ReplaceASeriesAndKeepItsPrefixes) {
  const auto experiment = good(series(at("mine")));
  EXPECT_EQ(experiment.axes.series, (Words{"base", "fix.1of2", "fix"}));
  EXPECT_EQ(experiment.series.back().patches_for("v6.12")->at(1).content, "mine 2");
  EXPECT_EQ(words(experiment), Words{"--series fix=" + at("mine")});
  EXPECT_NE(experiment.text.find("patches: p"), std::string::npos) << "the text is the file's";
}

TEST_F(OverridesTest, TakeARangeOfARepository) {
  const auto experiment = good(series(at("linux") + ":v6.12..topic"));
  EXPECT_EQ(words(experiment), Words{"--series fix=" + at("linux") + ":v6.12..topic"});
  EXPECT_EQ(words(good(series("git@x.org:linux.git:v6.12..topic"))),
            Words{"--series fix=git@x.org:linux.git:v6.12..topic"});
}

TEST_F(OverridesTest, HaveErrorsWithTheOptionAsPlace) {
  EXPECT_EQ(errors({{Override::tree, "v6.13=" + at("linux")},
                    {Override::series, "fxi=" + at("mine")},
                    {Override::series, "base=" + at("mine")},
                    {Override::series, "fix"},
                    tree(at("linx")),
                    tree("https://x.org/linux.git")}),
            (Words{"--series: unknown series 'fxi' in --series (did you mean 'fix'?)",
                   "--series: the series 'base' always exists and has no patches (override another "
                   "series)",
                   "--series: 'fix' is not of the form NAME=ORIGIN (for example "
                   "fix=~/linux:v6.12..my-branch)",
                   "--tree: unknown tree 'v6.13' in --tree (did you mean 'v6.12'?)",
                   "--tree: 'https://x.org/linux.git' lacks a revision (write URL@REVISION)",
                   "--tree: folder 'linx' does not exist (did you mean 'linux'?)"}));
  EXPECT_EQ(errors({series(at("mien"))}),
            Words{"--series: patch folder or file 'mien' does not exist (did you mean 'mine'?)"});
  EXPECT_EQ(errors({series("v6.12..topic")}),
            Words{"--series: the range 'v6.12..topic' has no repository (write "
                  "REPOSITORY:v6.12..topic)"});
  EXPECT_EQ(errors({series(at("linux") + ":v6.12..-x")}),
            Words{"--series: range of series 'fix': expected two revisions such as v6.12..topic, "
                  "found 'v6.12..-x' (the commits of the second that the first does not have)"});
}

}  // namespace
}  // namespace kmatrix::spec
