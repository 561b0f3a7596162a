// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "image/image_store.h"
#include "support/file.h"

namespace kmatrix::image {
namespace {

namespace fs = std::filesystem;

class RecipeTest : public testing::Test {
 protected:
  RecipeTest() : folder_(support::TempFolder::create(testing::TempDir(), "recipe").value()) {}

  Result<Recipe> load(const std::string& text) {
    EXPECT_TRUE(support::write_file(folder_.path() / "small.yaml", text).has_value());
    return load_recipe(folder_.path() / "small.yaml");
  }
  /// What is said about a recipe, without the folder's name.
  std::string complaint(const std::string& text) {
    const auto recipe = load(text);
    if (recipe) return "no complaint";
    EXPECT_EQ(recipe.error().kind, ErrorKind::input);
    std::string said = to_string(recipe.error());
    const std::string prefix = folder_.path().string() + "/";
    if (const auto at = said.find(prefix); at != std::string::npos) said.erase(at, prefix.size());
    return said;
  }

  support::TempFolder folder_;
};

TEST_F(RecipeTest, ReadsEveryKey) {
  const auto recipe = load(
      "arch: arm64\n"
      "suite: bookworm\n"
      "packages: [dash, libc6]\n"
      "remove: [usr/share/doc, usr/bin/*]\n"
      "links: {bin/sh: dash}\n"
      "folders: [proc]\n"
      "files:\n"
      "  etc/hosts: |\n"
      "    127.0.0.1 localhost\n");
  ASSERT_TRUE(recipe.has_value()) << to_string(recipe.error());
  EXPECT_EQ(recipe->name, "small");
  EXPECT_EQ(recipe->arch, "arm64");
  EXPECT_EQ(recipe->suite, "bookworm");
  EXPECT_EQ(recipe->packages, (std::vector<std::string>{"dash", "libc6"}));
  EXPECT_EQ(recipe->remove, (std::vector<std::string>{"usr/share/doc", "usr/bin/*"}));
  EXPECT_EQ(recipe->links.at("bin/sh"), "dash");
  EXPECT_EQ(recipe->folders, std::vector<std::string>{"proc"});
  EXPECT_EQ(recipe->files.at("etc/hosts"), "127.0.0.1 localhost\n");
}

TEST_F(RecipeTest, GivesAnotherDigestToAnotherText) {
  const std::string text = "arch: arm64\nsuite: bookworm\npackages: [dash]\n";
  const auto one = load(text), same = load(text), other = load(text + "folders: [proc]\n");
  EXPECT_EQ(one->digest, same->digest);
  EXPECT_NE(one->digest, other->digest);
}

TEST_F(RecipeTest, SaysWhereAKeyIsWrongAndWhatWasMeant) {
  EXPECT_EQ(
      complaint("arch: arm64\nsuite: bookworm\npackags: [dash]\npackages: [dash]\n").substr(0, 47),
      "small.yaml:3:1: unknown key 'packags' in an ima");
  EXPECT_NE(complaint("arch: arm64\nsuite: bookworm\n").find("packages"), std::string::npos);
}

TEST_F(RecipeTest, RefusesPathsOutsideTheImage) {
  const std::string start = "arch: arm64\nsuite: bookworm\npackages: [dash]\n";
  for (const char* path : {"/etc/passwd", "../passwd", "a/../../b", "a//b", "./a", "a/", "."}) {
    const std::string quoted = "'" + std::string(path) + "'";
    for (const std::string& line : {"links: {" + quoted + ": x}", "files: {" + quoted + ": x}",
                                    "folders: [" + quoted + "]", "remove: [" + quoted + "]"})
      EXPECT_NE(complaint(start + line + "\n").find("small.yaml:4:"), std::string::npos) << line;
  }
}

TEST_F(RecipeTest, RefusesPackagesThatWouldBeOptions) {
  for (const char* name : {"--hook-dir=x", "a,b", "a b", "?essential", "./a.deb"})
    EXPECT_NE(
        complaint("arch: arm64\nsuite: bookworm\npackages:\n  - '" + std::string(name) + "'\n")
            .find("small.yaml:4:5: "),
        std::string::npos)
        << name;
}

TEST_F(RecipeTest, NamesARecipeThatIsNotThere) {
  const auto recipe = load_recipe(folder_.path() / "none.yaml");
  ASSERT_FALSE(recipe.has_value());
  EXPECT_EQ(recipe.error().kind, ErrorKind::input);
  EXPECT_NE(recipe.error().message.find("none.yaml"), std::string::npos);
  ASSERT_TRUE(support::write_file(folder_.path() / "tools.yaml", ""));
  EXPECT_EQ(load_recipe(folder_.path() / "toolz.yaml").error().hint, "did you mean 'tools'?");
}

TEST(ShippedRecipes, HaveCompilersForTwoArchitectures) {
  const auto recipe = load_recipe(fs::path(KMATRIX_SOURCE_DIR) / "images/toolchain-trixie.yaml");
  ASSERT_TRUE(recipe.has_value()) << to_string(recipe.error());
  EXPECT_EQ(recipe->arch, "amd64");
  EXPECT_EQ(recipe->foreign, std::vector<std::string>{"arm64"});
  EXPECT_EQ(std::count(recipe->packages.begin(), recipe->packages.end(), "libelf-dev:arm64"), 1);
}

TEST(ShippedRecipes, HaveAShellAndAPlaceForTheCell) {
  const auto recipe = load_recipe(fs::path(KMATRIX_SOURCE_DIR) / "images/guest-arm64.yaml");
  ASSERT_TRUE(recipe.has_value()) << to_string(recipe.error());
  EXPECT_EQ(recipe->arch, "arm64");
  EXPECT_EQ(recipe->links.at("usr/bin/sh"), "dash");
  EXPECT_EQ(std::count(recipe->folders.begin(), recipe->folders.end(), "kmatrix/cell"), 1);
}

}  // namespace
}  // namespace kmatrix::image
