// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/kernel_cache.h"

#include <gtest/gtest.h>

#include "build/artefact.h"
#include "support/file.h"

namespace kmatrix::build {
namespace {

namespace fs = std::filesystem;

class KernelCacheTest : public testing::Test {
 protected:
  KernelCacheTest()
      : folder_(std::move(*support::TempFolder::create(testing::TempDir(), "cache"))) {}

  /// An artefact as small as one can be.
  plan::KernelKey make_artefact(const std::string& name, BuildRecord record = {}) {
    const plan::KernelKey key{support::digest_of(name)};
    const auto files = files_below(folder_.path() / "kernels" / key.digest.hex);
    for (const auto& file : {files.image, files.vmlinux, files.system_map, files.config, files.log})
      EXPECT_TRUE(support::write_file(file, name));
    EXPECT_TRUE(support::make_folders(files.modules));
    record.key = key.digest.hex;
    EXPECT_TRUE(support::write_file(files.info, to_json(record)));
    return key;
  }

  static Memo memo() {
    Memo made;
    made.inputs = {support::digest_of("tree"), {}, "arm64", "allnoconfig", {}, {}, "clang 19"};
    made.inputs.symbols = {
        {"CFI_CLANG", "y", plan::OriginKind::suite, "suite a, suite b", {}, true}};
    made.inputs.expect = {{"HZ", "100", {}}};
    made.inputs.tree_fragments = {"bpf/config"};
    made.tree_symbols = {
        {"NET", "y", plan::OriginKind::config, "config c", {"tree:bpf/config", 9, 1}, true}};
    made.key = {support::digest_of("key")};
    made.config_text = "CONFIG_A=\"\xff\"\n";
    made.unmet = {{"ftrace-direct", "X is not set", "X [=n]\n  depends on Y [=n]"}};
    return made;
  }

  support::TempFolder folder_;
  KernelCache cache_{folder_.path()};
};

TEST_F(KernelCacheTest, RemembersWhatConfiguringGave) {
  const plan::RecipeKey key{support::digest_of("recipe")};
  EXPECT_FALSE(cache_.memo(key));
  auto made = memo();
  made.config_text = "CONFIG_A=y\n";
  ASSERT_TRUE(cache_.remember(key, "v6.12/base/clang", made));
  const auto found = cache_.memo(key);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->config_text, made.config_text);
  EXPECT_EQ(found->key, made.key);
  EXPECT_EQ(found->inputs.tree, made.inputs.tree);
  EXPECT_EQ(found->inputs.compiler, "clang 19");
  EXPECT_EQ(found->inputs.tree_fragments, std::vector<std::string>{"bpf/config"});
  ASSERT_EQ(found->tree_symbols.size(), 1U);
  EXPECT_EQ(found->tree_symbols[0].symbol, "NET");
  EXPECT_EQ(found->tree_symbols[0].asked_by, "config c");
  EXPECT_EQ(found->tree_symbols[0].at, (Location{"tree:bpf/config", 9, 1}));
  EXPECT_TRUE(found->tree_symbols[0].optional);
  ASSERT_EQ(found->inputs.symbols.size(), 1U);
  EXPECT_EQ(found->inputs.symbols[0].kind, plan::OriginKind::suite);
  EXPECT_EQ(found->inputs.symbols[0].asked_by, "suite a, suite b");
  EXPECT_TRUE(found->inputs.symbols[0].optional);
  ASSERT_EQ(found->inputs.expect.size(), 1U);
  EXPECT_EQ(found->inputs.expect[0].value, "100");
  ASSERT_EQ(found->unmet.size(), 1U);
  EXPECT_EQ(found->unmet[0].explanation, made.unmet[0].explanation);
}

TEST_F(KernelCacheTest, KnowsTheLatestMemoOfAName) {
  auto made = memo();
  ASSERT_TRUE(cache_.remember({support::digest_of("1")}, "v6.12/base/clang", made));
  made.inputs.compiler = "clang 20";
  ASSERT_TRUE(cache_.remember({support::digest_of("2")}, "v6.12/base/clang", made));
  made.inputs.compiler = "another";
  ASSERT_TRUE(cache_.remember({support::digest_of("3")}, "v6.12%2Fbase/clang", made));
  ASSERT_TRUE(cache_.latest("v6.12/base/clang"));
  EXPECT_EQ(cache_.latest("v6.12/base/clang")->inputs.compiler, "clang 20");
  EXPECT_FALSE(cache_.latest("v6.12/base/gcc"));
}

TEST_F(KernelCacheTest, KeepsNamesInsideOfItsFolder) {
  for (const std::string& name :
       {std::string("../../evil"), std::string("."), std::string(300, 'x')}) {
    ASSERT_TRUE(cache_.remember({support::digest_of(name)}, name, memo())) << name;
    EXPECT_TRUE(cache_.latest(name)) << name;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path() / "names"), {}), 3);
}

TEST_F(KernelCacheTest, TakesADamagedMemoForAbsent) {
  const plan::RecipeKey key{support::digest_of("recipe")};
  ASSERT_TRUE(cache_.remember(key, "k", memo()));
  const fs::path file = folder_.path() / "recipes" / (key.digest.hex + ".json");
  for (const auto* damage : {"", "{", "[]", "{\"inputs\": 3}", "null"}) {
    ASSERT_TRUE(support::write_file(file, damage));
    EXPECT_FALSE(cache_.memo(key)) << damage;
    EXPECT_FALSE(cache_.latest("k")) << damage;
  }
  ASSERT_TRUE(support::write_file(folder_.path() / "names" / "k.json", "[1]"));
  EXPECT_FALSE(cache_.latest("k"));
}

TEST_F(KernelCacheTest, TakesAnArtefactWithAMissingOrEmptyFileForAbsent) {
  const auto key = make_artefact("a");
  ASSERT_TRUE(cache_.artefact(key));
  const auto files = *cache_.artefact(key);
  for (const auto& file :
       {files.image, files.vmlinux, files.system_map, files.config, files.log, files.info}) {
    const auto content = *support::read_file(file);
    fs::remove(file);
    EXPECT_FALSE(cache_.artefact(key)) << file;
    ASSERT_TRUE(support::write_file(file, ""));
    EXPECT_FALSE(cache_.artefact(key)) << file;
    ASSERT_TRUE(support::write_file(file, content));
  }
  ASSERT_TRUE(cache_.artefact(key));
  ASSERT_TRUE(support::write_file(files.info, "{}"));
  EXPECT_FALSE(cache_.artefact(key));
  EXPECT_FALSE(KernelCache::info(files));
}

TEST_F(KernelCacheTest, TakesAMemoWithAFlippedBitForAbsent) {
  const plan::RecipeKey key{support::digest_of("recipe")};
  ASSERT_TRUE(cache_.remember(key, "k", memo()));
  const fs::path file = folder_.path() / "recipes" / (key.digest.hex + ".json");
  auto text = *support::read_file(file);
  text[text.find("X is not set")] ^= 1;
  ASSERT_TRUE(support::write_file(file, text));
  EXPECT_FALSE(cache_.memo(key));
}

}  // namespace
}  // namespace kmatrix::build
