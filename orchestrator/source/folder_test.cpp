// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/folder.h"

#include <sys/stat.h>

#include "source/copy_tree.h"
#include "source/test_sources.h"

namespace kmatrix::source {
namespace {

namespace fs = std::filesystem;

class FolderTest : public testing::SourceTest {
 protected:
  FolderTest() { testing::make_kernel_tree(tree_); }
  support::Digest digest() { return digest_tree(tree_, memo_, {}).value_or(support::Digest{}); }

  fs::path tree_ = folder_ / "linux", memo_ = folder_ / "memo";
};

TEST_F(FolderTest, DigestHasAGoldenValue) {
  // A change of this value makes every folder a new tree in every cache.
  EXPECT_EQ(digest().hex, "4bb12544ee6d8489be8faa54061a5326361fe69ed5f223c936a3f53337195de9");
}

TEST_F(FolderTest, DigestChangesWithContentNameModeAndLinks) {
  std::vector<support::Digest> seen{digest()};
  const auto expect_new = [&] {
    const auto now = digest();
    EXPECT_EQ(std::count(seen.begin(), seen.end(), now), 0);
    seen.push_back(now);
  };
  write("linux/kernel/exit.c", "int exut;\n");
  expect_new();
  fs::rename(tree_ / "kernel/exit.c", tree_ / "kernel/exot.c");
  expect_new();
  fs::permissions(tree_ / "kernel/exot.c", fs::perms::owner_exec, fs::perm_options::add);
  expect_new();
  fs::create_symlink("exot.c", tree_ / "kernel/link");
  expect_new();
  fs::remove(tree_ / "kernel/link");
  fs::create_symlink("fork.c", tree_ / "kernel/link");
  expect_new();
}

TEST_F(FolderTest, RepositoriesAndEmptyFoldersDoNotCount) {
  const auto before = digest();
  write("linux/.git/HEAD", "ref: refs/heads/main\n");
  fs::create_directory(tree_ / "empty");
  EXPECT_EQ(digest(), before);
  fs::remove_all(tree_ / ".git");
  write("linux/.git", "gitdir: elsewhere\n");
  EXPECT_EQ(digest(), before);
}

TEST_F(FolderTest, ASnapshotHasTheSameDigest) {
  write("linux/.git/HEAD", "x");
  write("linux/scripts/run", "#!/bin/sh\n");
  fs::permissions(tree_ / "scripts/run", fs::perms::owner_exec, fs::perm_options::add);
  fs::permissions(tree_ / "Kconfig", fs::perms::owner_read);
  fs::create_symlink("run", tree_ / "scripts/link");
  ASSERT_TRUE(snapshot_tree(tree_, folder_ / "copy", {}));
  EXPECT_EQ(digest_tree(folder_ / "copy", folder_ / "memo2", {})->hex, digest().hex);
  EXPECT_FALSE(fs::exists(folder_ / "copy/.git"));
  EXPECT_FALSE(fs::equivalent(folder_ / "copy/Makefile", tree_ / "Makefile"));
  write("linux/Makefile", "");
  EXPECT_NE(content(folder_ / "copy/Makefile"), "");
}

/// Nobody can set a file's ctime, so old files are those that the system brought.
TEST_F(FolderTest, TheMemoAloneAnswersForOldFilesAndOnlyForThose) {
  EXPECT_FALSE(digest_tree_cheaply(tree_, memo_, {})->has_value());
  (void)digest();
  EXPECT_FALSE(digest_tree_cheaply(tree_, memo_, {})->has_value()) << "files were made just now";
  const fs::path old = "/usr/share/common-licenses";
  const auto first = digest_tree(old, memo_, {});
  ASSERT_TRUE(first);
  const auto cheap = digest_tree_cheaply(old, memo_, {});
  ASSERT_TRUE(cheap && *cheap);
  EXPECT_EQ(**cheap, *first);
  write("memo", "damaged\n\t\n" + content(memo_).substr(0, 100));
  EXPECT_FALSE(digest_tree_cheaply(old, memo_, {})->has_value());
  EXPECT_EQ(digest_tree(old, memo_, {})->hex, first->hex);
}

TEST_F(FolderTest, RefusesAPipe) {
  ASSERT_EQ(mkfifo((tree_ / "pipe").c_str(), 0600), 0);
  const auto result = digest_tree(tree_, memo_, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::input);
  EXPECT_NE(result.error().message.find("/pipe is a device, pipe or socket"), std::string::npos);
}

TEST_F(FolderTest, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(digest_tree(tree_, memo_, stop.get_token()).error().kind, ErrorKind::interrupted);
  EXPECT_EQ(snapshot_tree(tree_, folder_ / "c", stop.get_token()).error().kind,
            ErrorKind::interrupted);
}

}  // namespace
}  // namespace kmatrix::source
