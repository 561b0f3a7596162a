// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/git_sources.h"

#include <gtest/gtest.h>

#include "source/test_git.h"
#include "source/tree_store.h"
#include "spec/load.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

class GitSourcesTest : public testing::GitTest {
 protected:
  std::string url() const { return "file://" + repository_.name(); }
  spec::GitOrigin origin(const std::string& repository, const std::string& revision) const {
    return {repository, revision, {"x.yaml", 3, 10}, {"x.yaml", 3, 40}};
  }
  spec::Tree tree(const std::string& repository, const std::string& revision) const {
    return {"t", origin(repository, revision), {"x.yaml", 3, 3}};
  }
  std::string error_of(const spec::GitOrigin& origin) {
    const auto commit = sources_.resolve(origin, false);
    EXPECT_FALSE(commit);
    return commit ? "" : support::to_string(commit.error());
  }

  fs::path cache_ = folder_ / "cache";
  Words said_;
  GitSources sources_{cache_, runner_, [this](std::string line) { said_.push_back(line); }, {}};
  TreeStore store_{cache_, runner_, [this](std::string line) { said_.push_back(line); }, {}};
};

TEST_F(GitSourcesTest, ReadsALocalRepositoryInPlace) {
  EXPECT_TRUE(sources_.check(origin(repository_.name(), "v6.12")));
  EXPECT_TRUE(sources_.resolve_cheaply(origin(repository_.name(), "v6.12")));
  EXPECT_FALSE(fs::exists(cache_ / "git"));
  EXPECT_EQ(said_, Words{});
}

TEST_F(GitSourcesTest, MirrorsAUrlOnce) {
  EXPECT_FALSE(sources_.resolve_cheaply(origin(url(), "v6.12"))) << "nothing is fetched for it";
  EXPECT_TRUE(sources_.check(origin(url(), "v6.12")));
  EXPECT_EQ(said_, Words{});
  const auto commit = sources_.resolve(origin(url(), "v6.12"), false);
  ASSERT_TRUE(commit) << support::to_string(commit.error());
  EXPECT_EQ(commit->commit, repository_.git({"rev-parse", "HEAD"}));
  EXPECT_EQ(said_, Words{"fetching " + url() + " (once; a kernel's history takes long)"});
  EXPECT_EQ(sources_.resolve(origin(url(), "main"), false).value(), *commit);
  EXPECT_EQ(sources_.resolve_cheaply(origin(url(), "main")), *commit);
  EXPECT_EQ(said_.size(), 1U);
}

TEST_F(GitSourcesTest, FetchesAgainOnRefreshAndForWhatIsNotThere) {
  const auto before = sources_.resolve(origin(url(), "main"), false).value();
  const auto after = repository_.change("kernel/exit.c", "int one;\n");
  EXPECT_EQ(sources_.resolve(origin(url(), "main"), false).value(), before);
  GitSources next(cache_, runner_, [this](std::string line) { said_.push_back(line); }, {});
  EXPECT_EQ(next.resolve(origin(url(), "main"), true)->commit, after);
  EXPECT_EQ(said_.back(), "fetching " + url());
  const auto later = repository_.change("kernel/exit.c", "int two;\n");
  EXPECT_EQ(GitSources(cache_, runner_, {}, {}).resolve(origin(url(), later), false)->commit,
            later);
  EXPECT_EQ(
      error_of(origin(url(), "v6.21")),
      "x.yaml:3:40: the repository " + url() + " has no revision 'v6.21' (did you mean 'v6.12'?)");
}

TEST_F(GitSourcesTest, FetchesACommitThatNoBranchHas) {
  repository_.git({"config", "uploadpack.allowAnySHA1InWant", "true"});
  const auto lost = repository_.change("kernel/exit.c", "int lost;\n");
  repository_.git({"reset", "--quiet", "--hard", "v6.12"});
  EXPECT_EQ(sources_.resolve(origin(url(), lost), false)->commit, lost);
}

TEST_F(GitSourcesTest, SaysThatThereIsNoRepository) {
  const auto error = error_of(origin("file://" + (folder_ / "none").string(), "main"));
  EXPECT_EQ(error.find("x.yaml:3:10: there is no git repository file://"), 0U) << error;
  EXPECT_EQ(error_of(origin((folder_ / "cache").string(), "main")).find("x.yaml:3:10: "), 0U);
  const auto refused = sources_.resolve(origin("https://127.0.0.1:1/linux.git", "main"), false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::infrastructure);
}

TEST_F(GitSourcesTest, ReadsARangeOfAUrl) {
  repository_.change("kernel/exit.c", "int one;\n");
  const auto patches = sources_.read_range({url(), "v6.12", "main", {}, {}});
  ASSERT_TRUE(patches) << support::to_string(patches.error());
  EXPECT_EQ(patches->size(), 1U);
}

TEST_F(GitSourcesTest, IsATreeThatIsUnpackedOnce) {
  const auto identity = store_.identify(tree(repository_.name(), "v6.12"));
  ASSERT_TRUE(identity) << support::to_string(identity.error());
  const auto head = repository_.git({"rev-parse", "HEAD"});
  EXPECT_EQ(identity->description,
            "git " + repository_.name() + " v6.12 commit " + head.substr(0, 12));
  EXPECT_EQ(store_.identify_cheaply(tree(repository_.name(), "v6.12")), *identity);
  const auto folder = store_.pristine(tree(repository_.name(), "v6.12"), *identity);
  ASSERT_TRUE(folder) << support::to_string(folder.error());
  EXPECT_EQ(content(*folder / "kernel/exit.c"), "int exit;\n");
  repository_.commit("nothing but words");
  for (const auto& same : {tree(repository_.name(), "main"), tree(url(), "main")}) {
    const auto other = store_.identify(same);
    EXPECT_EQ(other->digest, identity->digest);
    EXPECT_EQ(store_.pristine(same, *other).value(), *folder);
  }
  EXPECT_EQ(names_in(cache_ / "trees").size(), 1U);
  EXPECT_EQ(names_in(cache_ / "tmp"), Words{});
}

TEST_F(GitSourcesTest, UnpacksWhatWasIdentifiedAlsoWhenTheBranchHasMoved) {
  const auto before = store_.identify(tree(repository_.name(), "main")).value();
  repository_.change("kernel/exit.c", "int moved;\n");
  const auto folder = store_.pristine(tree(repository_.name(), "main"), before);
  EXPECT_EQ(content(*folder / "kernel/exit.c"), "int exit;\n");
}

TEST_F(GitSourcesTest, ARangeAppliesToItsBase) {
  repository_.change("kernel/exit.c", "int one;\n");
  repository_.git({"mv", "kernel/exit.c", "kernel/end.c"});
  repository_.write("kernel/blob.bin", std::string("\0\1\2\377", 4));
  repository_.commit("move it");
  const auto patches = sources_.read_range({repository_.name(), "v6.12", "main", {}, {}}).value();
  const auto base = tree(repository_.name(), "v6.12");
  const auto folder = store_.patched(base, store_.identify(base).value(), patches);
  ASSERT_TRUE(folder) << support::to_string(folder.error());
  EXPECT_EQ(content(*folder / "kernel/end.c"), "int one;\n");
  EXPECT_FALSE(fs::exists(*folder / "kernel/exit.c"));
  EXPECT_EQ(content(*folder / "kernel/blob.bin"), std::string("\0\1\2\377", 4));
}

TEST_F(GitSourcesTest, TheSecondExampleOfTheDocumentationLoads) {
  const auto text = content(fs::path(KMATRIX_SOURCE_DIR) / "docs/experiments.md");
  const std::string fence = "```yaml\n";
  const auto first = text.find(fence);
  const auto begin = text.find(fence, first + fence.size()) + fence.size();
  const auto file = write("mine/x.yaml", text.substr(begin, text.find("```\n", begin) - begin));
  repository_.git({"checkout", "--quiet", "-b", "topic"});
  for (const auto* words : {"one\n", "two\n", "three\n"})
    repository_.change("kernel/exit.c", words);
  spec::LoadOptions options;
  options.shipped = fs::path(KMATRIX_SOURCE_DIR) / "matrices";
  options.git = &sources_;
  const auto loaded = spec::load(file, options);
  for (const auto& error : loaded.errors) ADD_FAILURE() << support::to_string(error);
  EXPECT_EQ(loaded.experiment.name, "every-commit");
  EXPECT_EQ(loaded.experiment.axes.series, (Words{"base", "topic.1of3", "topic.2of3", "topic"}));
  EXPECT_EQ(spec::describe(*loaded.experiment.series.back().patches_for("v6.12")),
            "3 patches up to " + repository_.name() + "@" +
                repository_.git({"rev-parse", "topic"}).substr(0, 12));
}

TEST_F(GitSourcesTest, AnErrorInACommitNamesTheCommit) {
  const auto commit = repository_.change("kernel/exit.c", "int one;\n");
  const auto patches = sources_.read_range({repository_.name(), "v6.12", "main", {}, {}}).value();
  const auto changed = tree(repository_.name(), "main");
  const auto folder = store_.patched(changed, store_.identify(changed).value(), patches);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().at.file, repository_.name() + "@" + commit.substr(0, 12));
  EXPECT_EQ(folder.error().at.line, 5) << "the hunk, below diff, index, --- and +++";
  EXPECT_EQ(folder.error().context.front(), "while applying patch 1 of 1, change kernel/exit.c");
}

}  // namespace
}  // namespace kmatrix::source
