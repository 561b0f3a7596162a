// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/file.h"

#include <gtest/gtest.h>

namespace kmatrix::support {
namespace {

namespace fs = std::filesystem;

TempFolder folder() {
  auto created = TempFolder::create(fs::temp_directory_path(), "kmatrix-test");
  if (!created) throw std::runtime_error(to_string(created.error()));
  return std::move(*created);
}

TEST(File, WritesAndReadsBack) {
  const auto place = folder();
  ASSERT_TRUE(write_file(place.path() / "a/b", std::string("x\0y", 3)));
  const auto content = read_file(place.path() / "a/b");
  ASSERT_TRUE(content);
  EXPECT_EQ(*content, std::string("x\0y", 3));
}

TEST(File, LeavesNoTemporaryFileBehind) {
  const auto place = folder();
  ASSERT_TRUE(write_file(place.path() / "a", "1"));
  ASSERT_TRUE(write_file(place.path() / "a", "2"));
  EXPECT_EQ(std::distance(fs::directory_iterator(place.path()), fs::directory_iterator()), 1);
}

TEST(File, NamesTheFileThatCannotBeRead) {
  const auto content = read_file("/no/such/file");
  ASSERT_FALSE(content);
  EXPECT_NE(content.error().message.find("/no/such/file"), std::string::npos);
}

TEST(File, RefusesToReadAFolder) { EXPECT_FALSE(read_file("/tmp")); }

TEST(TempFolderTest, GoesWithItsObject) {
  fs::path where;
  {
    const auto place = folder();
    where = place.path();
    ASSERT_TRUE(write_file(where / "locked/file", "x"));
    fs::permissions(where / "locked", fs::perms::owner_read | fs::perms::owner_exec);
  }
  EXPECT_FALSE(fs::exists(where));
}

TEST(FileLockTest, KeepsOthersOut) {
  const auto place = folder();
  const auto file = place.path() / "lock";
  {
    const auto first = FileLock::take(file);
    ASSERT_TRUE(first);
    const auto second = FileLock::try_take(file);
    ASSERT_TRUE(second);
    EXPECT_FALSE(second->has_value());
  }
  const auto third = FileLock::try_take(file);
  ASSERT_TRUE(third);
  EXPECT_TRUE(third->has_value());
}

}  // namespace
}  // namespace kmatrix::support
