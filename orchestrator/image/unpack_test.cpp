// SPDX-License-Identifier: GPL-2.0-or-later
#include "image/unpack.h"

#include <gtest/gtest.h>

#include "image/test_tar.h"
#include "support/file.h"

namespace kmatrix::image {
namespace {

namespace fs = std::filesystem;

class UnpackTest : public testing::Test {
 protected:
  UnpackTest() : folder_(support::TempFolder::create(testing::TempDir(), "unpack").value()) {
    fs::create_directories(root());
  }
  fs::path root() const { return folder_.path() / "outer/root"; }
  Status unpack(const std::vector<TarEntry>& entries) {
    write_tar(folder_.path() / "a.tar", entries);
    return unpack_tar(folder_.path() / "a.tar", root());
  }
  std::string content(const std::string& path) {
    return support::read_file(root() / path).value_or("cannot read");
  }
  mode_t mode(const std::string& path) {
    struct stat look {};
    EXPECT_EQ(lstat((root() / path).c_str(), &look), 0) << path;
    return look.st_mode & 07777;
  }

  support::TempFolder folder_;
};

TEST_F(UnpackTest, MakesFoldersFilesAndLinks) {
  const auto status = unpack({{"./", AE_IFDIR, 0755, ""},
                              {"./bin/", AE_IFDIR, 0755, ""},
                              {"./bin/dash", AE_IFREG, 0755, "program"},
                              {"./bin/sh", AE_IFLNK, 0777, "dash"},
                              {"./bin/ash", AE_IFREG, 0755, "./bin/dash", true},
                              {"./etc", AE_IFDIR, 0755, ""},
                              {"./etc/empty", AE_IFREG, 0600, ""}});
  ASSERT_TRUE(status.has_value()) << to_string(status.error());
  EXPECT_EQ(content("bin/sh"), "program");
  EXPECT_EQ(content("bin/ash"), "program");
  EXPECT_EQ(mode("bin/dash"), 0755U);
  EXPECT_EQ(mode("etc/empty"), 0600U);
  EXPECT_EQ(fs::read_symlink(root() / "bin/sh"), "dash");
  EXPECT_EQ(fs::hard_link_count(root() / "bin/dash"), 2U);
}

TEST_F(UnpackTest, KeepsOutDevicesAndSetUserIdBits) {
  const auto status = unpack({{"dev", AE_IFDIR, 01777, ""},
                              {"dev/null", AE_IFCHR, 0666, ""},
                              {"su", AE_IFREG, 06755, "x"},
                              {"secret", AE_IFREG, 0000, "x"}});
  ASSERT_TRUE(status.has_value()) << to_string(status.error());
  EXPECT_FALSE(fs::exists(root() / "dev/null"));
  EXPECT_EQ(mode("dev"), 0777U);
  EXPECT_EQ(mode("su"), 0755U);
  EXPECT_EQ(mode("secret"), 0600U);  // ours to read, or no disk could be made of it
}

TEST_F(UnpackTest, RefusesAPathOutsideTheFolder) {
  for (const char* path : {"../evil", "a/../../evil", "/evil"}) {
    const auto status = unpack({{"a", AE_IFDIR, 0755, ""}, {path, AE_IFREG, 0644, "x"}});
    EXPECT_FALSE(status.has_value()) << path;
    EXPECT_FALSE(fs::exists(folder_.path() / "outer/evil"));
  }
}

TEST_F(UnpackTest, RefusesAPathThroughALink) {
  const auto status = unpack({{"out", AE_IFLNK, 0777, ".."}, {"out/evil", AE_IFREG, 0644, "x"}});
  ASSERT_FALSE(status.has_value());
  EXPECT_NE(status.error().message.find("out/evil"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder_.path() / "outer/evil"));
}

TEST_F(UnpackTest, RefusesToWriteThroughALinkOfTheSameName) {
  EXPECT_FALSE(
      unpack({{"evil", AE_IFLNK, 0777, "../evil"}, {"evil", AE_IFREG, 0644, "x"}}).has_value());
  EXPECT_FALSE(fs::exists(folder_.path() / "outer/evil"));
}

TEST_F(UnpackTest, RefusesAHardLinkToAFileOfTheHost) {
  ASSERT_TRUE(support::write_file(folder_.path() / "outer/host", "x").has_value());
  EXPECT_FALSE(unpack({{"stolen", AE_IFREG, 0644, "../host", true}}).has_value());
  EXPECT_FALSE(fs::exists(root() / "stolen"));
}

TEST_F(UnpackTest, SaysWhenTheArchiveIsCutOff) {
  write_tar(folder_.path() / "a.tar", {{"big", AE_IFREG, 0644, std::string(100000, 'x')}});
  fs::resize_file(folder_.path() / "a.tar", 50000);
  EXPECT_FALSE(unpack_tar(folder_.path() / "a.tar", root()).has_value());
  EXPECT_FALSE(unpack_tar(folder_.path() / "none.tar", root()).has_value());
}

}  // namespace
}  // namespace kmatrix::image
