// SPDX-License-Identifier: GPL-2.0-or-later
#include "image/root_tree.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/file.h"

namespace kmatrix::image {
namespace {

namespace fs = std::filesystem;

class RootTreeTest : public testing::Test {
 protected:
  RootTreeTest() : folder_(support::TempFolder::create(testing::TempDir(), "tree").value()) {
    fs::create_directories(root());
  }
  fs::path root() const { return folder_.path() / "root"; }
  void file(const std::string& path, const std::string& content = "x") {
    ASSERT_TRUE(support::write_file(root() / path, content).has_value());
  }

  support::TempFolder folder_;
  Recipe recipe_;
};

TEST_F(RootTreeTest, RemovesWhatMatches) {
  file("usr/share/doc/a/copyright");
  file("usr/bin/dpkg-deb");
  file("usr/bin/dash");
  recipe_.remove = {"usr/share/doc", "usr/bin/dpkg*", "not/there"};
  ASSERT_TRUE(apply_recipe(recipe_, root()).has_value());
  EXPECT_FALSE(fs::exists(root() / "usr/share/doc"));
  EXPECT_FALSE(fs::exists(root() / "usr/bin/dpkg-deb"));
  EXPECT_TRUE(fs::exists(root() / "usr/bin/dash"));
}

TEST_F(RootTreeTest, RemovesALinkAndNotWhatItLeadsTo) {
  ASSERT_TRUE(support::write_file(folder_.path() / "host/file", "x").has_value());
  fs::create_symlink(folder_.path() / "host", root() / "link");
  recipe_.remove = {"link", "link/*"};
  ASSERT_TRUE(apply_recipe(recipe_, root()).has_value());
  EXPECT_FALSE(fs::is_symlink(root() / "link"));
  EXPECT_TRUE(fs::exists(folder_.path() / "host/file"));
}

TEST_F(RootTreeTest, MakesLinksFoldersAndFilesWithTheirParents) {
  file("bin/sh", "old");
  recipe_.links = {{"bin/sh", "dash"}, {"usr/bin/awk", "mawk"}};
  recipe_.folders = {"proc", "kmatrix/cell"};
  recipe_.files = {{"etc/hosts", "localhost\n"}, {"usr/bin/tool", "#!/bin/sh\n"}};
  for (int time = 0; time < 2; ++time) {
    const auto status = apply_recipe(recipe_, root());
    ASSERT_TRUE(status.has_value()) << to_string(status.error());
  }
  EXPECT_EQ(fs::read_symlink(root() / "bin/sh"), "dash");
  EXPECT_EQ(fs::read_symlink(root() / "usr/bin/awk"), "mawk");
  EXPECT_TRUE(fs::is_directory(root() / "kmatrix/cell"));
  EXPECT_EQ(support::read_file(root() / "etc/hosts").value_or(""), "localhost\n");
  EXPECT_EQ(fs::status(root() / "usr/bin/tool").permissions(), fs::perms(0755));
}

TEST_F(RootTreeTest, WritesNothingThroughALink) {
  fs::create_directories(folder_.path() / "host");
  fs::create_symlink("../host", root() / "etc");
  recipe_.files = {{"etc/passwd", "x"}};
  const auto status = apply_recipe(recipe_, root());
  ASSERT_FALSE(status.has_value());
  EXPECT_NE(status.error().message.find("etc/passwd leads through etc"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder_.path() / "host/passwd"));
}

TEST_F(RootTreeTest, CopiesModesAsExecutableOrNot) {
  file("from/script");
  file("from/secret");
  fs::create_symlink("script", root() / "from/link");
  fs::permissions(root() / "from/script", fs::perms(0700));
  fs::permissions(root() / "from/secret", fs::perms(0600));
  ASSERT_TRUE(copy_item(root() / "from", root() / "a/to", {}).has_value());
  EXPECT_EQ(fs::status(root() / "a/to/script").permissions(), fs::perms(0755));
  EXPECT_EQ(fs::status(root() / "a/to/secret").permissions(), fs::perms(0644));
  EXPECT_EQ(fs::read_symlink(root() / "a/to/link"), "script");
}

TEST_F(RootTreeTest, RefusesToCopyWhatIsNoFile) {
  fs::create_directories(root() / "from");
  ASSERT_EQ(mkfifo((root() / "from/pipe").c_str(), 0600), 0);
  EXPECT_FALSE(copy_item(root() / "from", root() / "to", {}).has_value());
  EXPECT_FALSE(copy_item(root() / "none", root() / "to2", {}).has_value());
}

TEST_F(RootTreeTest, LinksAFolderWithoutCopying) {
  file("from/a/file");
  fs::create_symlink("nowhere", root() / "from/link");
  ASSERT_TRUE(link_folder(root() / "from", root() / "to").has_value());
  EXPECT_EQ(fs::hard_link_count(root() / "to/a/file"), 2U);
  EXPECT_EQ(fs::read_symlink(root() / "to/link"), "nowhere");
}

}  // namespace
}  // namespace kmatrix::image
