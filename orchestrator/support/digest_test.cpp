// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/digest.h"

#include <gtest/gtest.h>

#include "support/file.h"

namespace kmatrix::support {
namespace {

TEST(Digest, IsSha256) {
  EXPECT_EQ(digest_of("abc").hex,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, FramesItsFields) {
  const auto one = Hasher().field("a", "b").field("c", "d").finish();
  const auto two = Hasher().field("a", "b\nc:1:d").finish();
  EXPECT_NE(one, two);
}

TEST(Digest, OfAFolderDependsOnNamesContentsAndLinks) {
  auto place = TempFolder::create(std::filesystem::temp_directory_path(), "kmatrix-test");
  ASSERT_TRUE(place);
  const auto& root = place->path();
  ASSERT_TRUE(write_file(root / "a/one", "1"));
  const auto first = digest_folder(root);
  ASSERT_TRUE(first);
  ASSERT_TRUE(write_file(root / "a/one", "2"));
  const auto changed = digest_folder(root);
  std::filesystem::create_symlink("one", root / "a/two");
  const auto linked = digest_folder(root);
  ASSERT_TRUE(changed && linked);
  EXPECT_NE(*first, *changed);
  EXPECT_NE(*changed, *linked);
  std::filesystem::remove(root / "a/two");
  ASSERT_TRUE(write_file(root / "a/one", "1"));
  EXPECT_EQ(*digest_folder(root), *first);
}

}  // namespace
}  // namespace kmatrix::support
