// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/tree_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "source/test_sources.h"
#include "support/text.h"

namespace kmatrix::source {
namespace {

namespace fs = std::filesystem;

const std::string good_patch =
    "--- a/kernel/exit.c\n+++ b/kernel/exit.c\n@@ -1 +1 @@\n-int exit;\n+int patched;\n";
const std::string second_patch =
    "--- a/kernel/exit.c\n+++ b/kernel/exit.c\n@@ -1 +1 @@\n-int patched;\n+int twice;\n";

class TreeStoreTest : public testing::SourceTest {
 protected:
  spec::Tree tarball_tree() {
    const fs::path file = folder_ / "linux.tar.gz";
    testing::TarWriter(file).kernel("linux-6.12.3").close();
    return {"v6.12", spec::TarballOrigin{file, *support::digest_file(file)}, {"x.yaml", 5, 3}};
  }
  spec::Tree folder_tree() {
    testing::make_kernel_tree(folder_ / "linux");
    return {"mine", spec::FolderOrigin{folder_ / "linux"}, {"x.yaml", 6, 3}};
  }
  Result<fs::path> patched(const spec::Tree& tree, const std::vector<spec::Patch>& patches) {
    auto identity = store_.identify(tree);
    if (!identity) return identity.error();
    return store_.patched(tree, *identity, patches);
  }
  void expect_nothing_half_done() {
    EXPECT_EQ(names_in(cache_ / "tmp"), std::vector<std::string>{});
  }

  fs::path cache_ = folder_ / "cache";
  support::BoostProcessRunner runner_;
  std::vector<std::string> said_;
  std::stop_source stop_;
  TreeStore store_{cache_, runner_, [this](std::string line) { said_.push_back(line); },
                   stop_.get_token()};
};

TEST_F(TreeStoreTest, UnpacksATarballOnce) {
  const auto tree = tarball_tree();
  const auto identity = store_.identify(tree);
  ASSERT_TRUE(identity);
  EXPECT_EQ(store_.identify_cheaply(tree), *identity);
  const auto folder = store_.pristine(tree, *identity);
  ASSERT_TRUE(folder) << support::to_string(folder.error());
  EXPECT_EQ(*folder, cache_ / "trees" / identity->digest.hex);
  EXPECT_EQ(content(*folder / "kernel/exit.c"), "int exit;\n");
  EXPECT_EQ(said_.size(), 1U);
  fs::remove(std::get<spec::TarballOrigin>(tree.origin).path);
  EXPECT_EQ(store_.identify(tree).value(), *identity);
  EXPECT_EQ(store_.pristine(tree, *identity).value(), *folder);
  EXPECT_EQ(said_.size(), 1U) << "the second time does nothing";
  expect_nothing_half_done();
}

TEST_F(TreeStoreTest, ShowsBothDigestsOfAWrongTarball) {
  auto tree = tarball_tree();
  auto& origin = std::get<spec::TarballOrigin>(tree.origin);
  const std::string actual = std::exchange(origin.sha256.hex, std::string(64, 'a'));
  const auto identity = store_.identify(tree);
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().kind, ErrorKind::input);
  EXPECT_EQ(identity.error().at, tree.at);
  EXPECT_NE(identity.error().message.find(actual), std::string::npos);
  EXPECT_NE(identity.error().message.find(std::string(64, 'a')), std::string::npos);
}

TEST_F(TreeStoreTest, RefusesATarballThatIsNoKernelAndLeavesNothingBehind) {
  const fs::path file = folder_ / "hello.tar.gz";
  testing::TarWriter(file).file("hello/Makefile", "all:\n").close();
  const spec::Tree tree{"t", spec::TarballOrigin{file, *support::digest_file(file)}, {"x", 1, 1}};
  const auto folder = patched(tree, {});
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().kind, ErrorKind::input);
  EXPECT_EQ(folder.error().context, std::vector<std::string>{"while preparing tree t"});
  EXPECT_TRUE(names_in(cache_ / "trees").empty());
  expect_nothing_half_done();
}

TEST_F(TreeStoreTest, ATarballAndItsPatchesGiveAPatchedTreeOnce) {
  const auto tree = tarball_tree();
  const auto folder = patched(tree, {{"1.patch", good_patch}, {"2.patch", second_patch}});
  ASSERT_TRUE(folder) << support::to_string(folder.error());
  EXPECT_EQ(content(*folder / "kernel/exit.c"), "int twice;\n");
  const auto one = patched(tree, {{"renamed.patch", good_patch}});
  EXPECT_EQ(content(*one / "kernel/exit.c"), "int patched;\n");
  const auto pristine = patched(tree, {});
  EXPECT_EQ(pristine->parent_path(), cache_ / "trees");
  EXPECT_EQ(content(*pristine / "kernel/exit.c"), "int exit;\n");
  EXPECT_TRUE(fs::equivalent(*pristine / "kernel/fork.c", *folder / "kernel/fork.c"));
  EXPECT_EQ(patched(tree, {{"1.patch", good_patch}}).value(), *one);
  EXPECT_EQ(names_in(cache_ / "sources").size(), 2U);
  expect_nothing_half_done();
}

TEST_F(TreeStoreTest, APatchThatDoesNotApplyLeavesNothingBehind) {
  const auto folder =
      patched(tarball_tree(), {{"s/1.patch", good_patch}, {"s/2.patch", good_patch}});
  ASSERT_FALSE(folder);
  EXPECT_EQ(support::to_string(folder.error()),
            "s/2.patch:3: hunk 1 of 1 does not apply to kernel/exit.c: the tree has this change "
            "already (git apply says: error: patch failed: kernel/exit.c:1; error: kernel/exit.c: "
            "patch does not apply)\n  while applying patch 2 of 2\n  while patching tree v6.12");
  EXPECT_TRUE(names_in(cache_ / "sources").empty());
  expect_nothing_half_done();
}

TEST_F(TreeStoreTest, AFolderIsCopiedAsItIsNow) {
  const auto tree = folder_tree();
  const auto before = store_.identify(tree);
  ASSERT_TRUE(before);
  const auto first = store_.pristine(tree, *before);
  ASSERT_TRUE(first) << support::to_string(first.error());
  write("linux/kernel/exit.c", "int edited;\n");
  EXPECT_EQ(content(*first / "kernel/exit.c"), "int exit;\n");
  const auto after = store_.identify(tree);
  EXPECT_NE(after->digest, before->digest);
  EXPECT_EQ(content(*store_.pristine(tree, *after) / "kernel/exit.c"), "int edited;\n");
}

TEST_F(TreeStoreTest, NoticesAFolderThatChangesUnderTheCopy) {
  const auto tree = folder_tree();
  const auto before = store_.identify(tree);
  write("linux/kernel/exit.c", "int edited;\n");
  const auto folder = store_.pristine(tree, *before);
  ASSERT_FALSE(folder);
  EXPECT_NE(folder.error().message.find("was changed while"), std::string::npos);
  EXPECT_TRUE(names_in(cache_ / "trees").empty());
  expect_nothing_half_done();
}

TEST_F(TreeStoreTest, RefusesAFolderThatIsMissingOrHasBeenBuiltIn) {
  const auto tree = folder_tree();
  write("linux/.config", "");
  EXPECT_EQ(store_.identify(tree).error().at, tree.at);
  EXPECT_EQ(store_.identify(tree).error().hint, "run 'make mrproper' there");
  fs::remove_all(folder_ / "linux");
  EXPECT_EQ(store_.identify(tree).error().kind, ErrorKind::input);
}

TEST_F(TreeStoreTest, AStopLeavesNothingBehind) {
  const auto tree = tarball_tree();
  const auto identity = store_.identify(tree);
  stop_.request_stop();
  EXPECT_EQ(store_.pristine(tree, *identity).error().kind, ErrorKind::interrupted);
  expect_nothing_half_done();
}

TEST_F(TreeStoreTest, TwoStoresOnOneCacheUnpackOnce) {
  const auto tree = tarball_tree();
  const auto identity = store_.identify(tree);
  std::vector<std::string> said;
  TreeStore other(cache_, runner_, [&](std::string line) { said.push_back(line); }, {});
  Result<fs::path> theirs = support::interrupted_error();
  std::jthread thread([&] { theirs = other.patched(tree, *identity, {{"1", good_patch}}); });
  const auto ours = store_.patched(tree, *identity, {{"1", good_patch}});
  thread.join();
  ASSERT_TRUE(ours && theirs);
  EXPECT_EQ(*ours, *theirs);
  const auto is_unpacking = [](const std::string& line) { return line.starts_with("unpacking"); };
  EXPECT_EQ(std::count_if(said.begin(), said.end(), is_unpacking) +
                std::count_if(said_.begin(), said_.end(), is_unpacking),
            1);
}

TEST_F(TreeStoreTest, UnpacksADamagedTreeAgainAndSaysWhatWasWrong) {
  const auto tree = tarball_tree();
  const auto folder = patched(tree, {{"1", good_patch}});
  ASSERT_TRUE(folder);
  const auto identity = store_.identify(tree);
  const fs::path original = cache_ / "trees" / identity->digest.hex;
  // Both at once, as they are one file.
  write(fs::relative(*folder / "kernel/fork.c", folder_), "cut");
  fs::remove(original / "kernel/fork.c");
  said_.clear();
  TreeStore later(cache_, runner_, [this](std::string line) { said_.push_back(line); }, {});
  const auto mended = later.patched(tree, *identity, {{"1", good_patch}});
  ASSERT_TRUE(mended) << support::to_string(mended.error());
  EXPECT_EQ(*mended, *folder);
  EXPECT_EQ(content(*mended / "kernel/fork.c"), testing::kernel_files().at("kernel/fork.c"));
  EXPECT_EQ(content(*mended / "kernel/exit.c"), "int patched;\n");
  EXPECT_EQ(content(original / "kernel/fork.c"), testing::kernel_files().at("kernel/fork.c"));
  ASSERT_EQ(said_.size(), 3U) << support::join(said_, "\n");
  EXPECT_NE(said_[0].find("is damaged: kernel/fork.c has 3 bytes instead of 49"), std::string::npos)
      << said_[0];
  EXPECT_NE(said_[1].find("is damaged: kernel/fork.c is missing"), std::string::npos) << said_[1];
  expect_nothing_half_done();
}

TEST_F(TreeStoreTest, NoticesAFileThatABuildInTheTreeLeft) {
  const auto tree = tarball_tree();
  const auto folder = patched(tree, {{"1", good_patch}});
  ASSERT_TRUE(folder);
  ASSERT_TRUE(support::write_file(*folder / ".config", "CONFIG_X=y\n"));
  TreeStore later(cache_, runner_, [this](std::string line) { said_.push_back(line); }, {});
  ASSERT_TRUE(later.patched(tree, store_.identify(tree).value(), {{"1", good_patch}}));
  EXPECT_FALSE(fs::exists(*folder / ".config"));
  EXPECT_NE(said_.back().find("the names in it were changed"), std::string::npos) << said_.back();
}

}  // namespace
}  // namespace kmatrix::source
