// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/unpack.h"

#include "source/test_sources.h"
#include "support/process.h"

namespace kmatrix::source {
namespace {

using testing::TarWriter;
namespace fs = std::filesystem;

class UnpackTest : public testing::SourceTest {
 protected:
  UnpackTest() { fs::create_directories(into_); }
  Status unpack() { return unpack_tree(tar_, into_, {"x.yaml", 4, 3}, {}); }
  /// Expects an input error at the tree that names the entry.
  void expect_refused(const std::string& entry, const std::string& reason) {
    const auto status = unpack();
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, ErrorKind::input);
    EXPECT_EQ(status.error().at, (Location{"x.yaml", 4, 3}));
    EXPECT_EQ(status.error().message, "t.tar.gz: entry '" + entry + "' " + reason);
    EXPECT_FALSE(fs::exists(folder_ / "outside"));
  }

  fs::path tar_ = folder_ / "t.tar.gz";
  fs::path into_ = folder_ / "deep/into";
};

TEST_F(UnpackTest, StripsTheLeadingFolderAndKeepsLinksAndExecutables) {
  TarWriter(tar_)
      .folder("linux-1/")
      .file("linux-1/a/text", "hello")
      .file("./linux-1/run", "#!/bin/sh\n", 0775)
      .link("linux-1/a/link", "../run")
      .link("linux-1/a/nowhere", "missing/file")
      .hardlink("linux-1/same", "linux-1/run")
      .close();
  ASSERT_TRUE(unpack());
  EXPECT_EQ(content(into_ / "a/text"), "hello");
  EXPECT_EQ(fs::read_symlink(into_ / "a/link"), "../run");
  EXPECT_TRUE(fs::equivalent(into_ / "same", into_ / "run"));
  EXPECT_NE(fs::status(into_ / "run").permissions() & fs::perms::owner_exec, fs::perms::none);
  EXPECT_EQ(fs::status(into_ / "a/text").permissions() & fs::perms::owner_exec, fs::perms::none);
}

TEST_F(UnpackTest, KeepsNamesThatTheLocaleCannotSay) {
  const std::string name = "gr\xc3\xbc\xc3\x9f";
  write("l/" + name, "x");
  fs::create_hard_link(folder_ / "l" / name, folder_ / "l/z\xc3\xbc");
  fs::create_symlink(name, folder_ / "l/link");
  support::BoostProcessRunner runner;
  support::Command tar;
  tar.argv = {"tar",         "--format=pax", "--sort=name",    "-czf",
              tar_.string(), "-C",           folder_.string(), "l"};
  tar.env = {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C.UTF-8"}};
  ASSERT_TRUE(support::run_checked(runner, tar));
  const auto status = unpack();
  ASSERT_TRUE(status) << support::to_string(status.error());
  EXPECT_EQ(content(into_ / name), "x");
  EXPECT_EQ(content(into_ / "z\xc3\xbc"), "x");
  EXPECT_EQ(fs::read_symlink(into_ / "link"), name);
}

TEST_F(UnpackTest, LeavesOutARepository) {
  TarWriter(tar_).file("l/.git/config", "[core]").file("l/.gitignore", "*.o").close();
  ASSERT_TRUE(unpack());
  EXPECT_EQ(names_in(into_), std::vector<std::string>{".gitignore"});
}

TEST_F(UnpackTest, RefusesADotDotPath) {
  TarWriter(tar_).file("l/a", "").file("l/../../outside", "x").close();
  expect_refused("l/../../outside", "points outside of the tree");
}

TEST_F(UnpackTest, RefusesAnAbsolutePath) {
  const std::string name = (folder_ / "outside").string();
  TarWriter(tar_).file("l/a", "").file(name, "x").close();
  expect_refused(name, "points outside of the tree");
}

TEST_F(UnpackTest, RefusesASecondTopFolder) {
  TarWriter(tar_).file("l/a", "").file("m/a", "x").close();
  expect_refused("m/a", "is not below the leading folder 'l' of the others");
}

TEST_F(UnpackTest, RefusesAFileWithoutALeadingFolder) {
  TarWriter(tar_).file("outside", "x").close();
  expect_refused("outside", "is not below a leading folder");
}

TEST_F(UnpackTest, RefusesToWriteThroughALinkOfTheArchive) {
  TarWriter(tar_).link("l/out", "../..").file("l/out/outside", "x").close();
  expect_refused("l/out/outside", "goes through the link 'out'");
}

TEST_F(UnpackTest, RefusesToReplaceALinkOfTheArchive) {
  TarWriter(tar_).link("l/out", "../../outside").file("l/out", "x").close();
  expect_refused("l/out", "goes through the link 'out'");
}

TEST_F(UnpackTest, RefusesAnAbsoluteLink) {
  TarWriter(tar_).link("l/passwd", "/etc/passwd").close();
  expect_refused("l/passwd", "is a link that leads out of the tree");
}

TEST_F(UnpackTest, RefusesALinkThatIsOutsideOnlyThroughAnotherLink) {
  // As text l/up/../x is in the tree; followed, l/deep/down/up/.. is above it.
  TarWriter(tar_)
      .folder("l/deep/down")
      .link("l/deep/down/up", "../..")
      .link("l/z", "deep/down/up/../x")
      .close();
  expect_refused("l/z", "is a link that leads out of the tree");
}

TEST_F(UnpackTest, RefusesAHardLinkToTheOutside) {
  write("secret", "s");
  TarWriter(tar_).file("l/a", "").hardlink("l/h", "l/../../secret").close();
  expect_refused("l/h", "points outside of the tree");
}

TEST_F(UnpackTest, RefusesAHardLinkThroughALink) {
  write("deep/secret", "s");
  TarWriter(tar_).link("l/up", "..").hardlink("l/h", "l/up/secret").close();
  expect_refused("l/h", "goes through the link 'up'");
}

TEST_F(UnpackTest, RefusesADevice) {
  TarWriter(tar_).file("l/a", "").device("l/null").close();
  expect_refused("l/null", "is a device, pipe or socket");
}

TEST_F(UnpackTest, SaysThatADamagedArchiveIsDamaged) {
  TarWriter(tar_).file("l/a", std::string(100'000, 'x')).close();
  fs::resize_file(tar_, fs::file_size(tar_) / 2);
  const auto status = unpack();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::input);
  EXPECT_NE(status.error().message.find("cannot unpack"), std::string::npos);
  EXPECT_EQ(status.error().hint, "the archive is damaged, or not a tar archive");
}

TEST_F(UnpackTest, StopsWhenAsked) {
  TarWriter(tar_).file("l/a", "").close();
  std::stop_source stop;
  stop.request_stop();
  const auto status = unpack_tree(tar_, into_, {}, stop.get_token());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::interrupted);
  EXPECT_TRUE(names_in(into_).empty());
}

}  // namespace
}  // namespace kmatrix::source
