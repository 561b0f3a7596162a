// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>

namespace kmatrix::plan {
namespace {

using support::Digest;
using support::digest_of;

RecipeInputs example_inputs() {
  RecipeInputs inputs;
  inputs.tree = digest_of("a tree");
  inputs.series = digest_of("a series");
  inputs.arch = "arm64";
  inputs.base_config = "allnoconfig";
  inputs.symbols = {{"CFI_CLANG", "y", OriginKind::config, "config clang-cfi", {"a.yaml", 3, 1}},
                    {"NR_CPUS", "8", OriginKind::machine, "machine arm64", {}},
                    {"FTRACE", "y", OriginKind::suite, "suite ftrace-direct", {}}};
  inputs.expect = {{"DYNAMIC_FTRACE_WITH_CALL_OPS", "n", {}}, {"CFI_CLANG", "y", {}}};
  inputs.compiler = "clang version 19.1.7\nLLD 19.1.7";
  return inputs;
}

const Digest config = digest_of("CONFIG_X=y\n");

/// Each changes one input in one way; the second field says whether the KernelKey must follow.
struct Change {
  const char* name;
  bool changes_kernel;
  std::function<void(RecipeInputs&)> apply;
};

const std::vector<Change>& changes() {
  static const std::vector<Change> all = {
      {"tree", true, [](RecipeInputs& i) { i.tree = digest_of("b tree"); }},
      {"series", true, [](RecipeInputs& i) { i.series = digest_of("b series"); }},
      {"no series", true, [](RecipeInputs& i) { i.series = {}; }},
      {"arch", true, [](RecipeInputs& i) { i.arch = "x86_64"; }},
      {"compiler", true, [](RecipeInputs& i) { i.compiler += "."; }},
      {"base", false, [](RecipeInputs& i) { i.base_config = "defconfig"; }},
      {"value", false, [](RecipeInputs& i) { i.symbols[0].value = "n"; }},
      {"symbol", false, [](RecipeInputs& i) { i.symbols[0].symbol = "CFI"; }},
      {"optional", false, [](RecipeInputs& i) { i.symbols[0].optional = true; }},
      {"one symbol less", false, [](RecipeInputs& i) { i.symbols.pop_back(); }},
      {"one symbol more", false,
       [](RecipeInputs& i) {
         i.symbols.push_back({"NET", "y"});
       }},
      {"fragment of the tree", false, [](RecipeInputs& i) { i.tree_fragments = {"a/config"}; }},
      {"fragments of the tree", false,
       [](RecipeInputs& i) {
         i.tree_fragments = {"a/config", "b"};
       }},
      {"expected value", false, [](RecipeInputs& i) { i.expect[0].value = "y"; }},
      {"one expectation less", false, [](RecipeInputs& i) { i.expect.pop_back(); }},
      {"expectation asked for", false,
       [](RecipeInputs& i) {
         i.symbols.push_back({i.expect[0].symbol, i.expect[0].value});
         i.expect.erase(i.expect.begin());
       }},
  };
  return all;
}

// An accidental change of a key would silently rebuild, or worse not rebuild, every kernel.
// Whoever changes a key on purpose raises recipe_version and puts the new values here.
TEST(Keys, HaveGoldenValues) {
  EXPECT_EQ(recipe_key(example_inputs()).digest.hex,
            "1b65f1d36123084e9d3166cac29588d0309591b54a4ed9d404d320bd5978a116");
  EXPECT_EQ(kernel_key(example_inputs(), config).digest.hex,
            "df49eab0575223a6e008081733c962b16df1111814f3d8fc595e8adc4513c01b");
  EXPECT_EQ(recipe_key({}).digest.hex,
            "17129ce9f6acc872777acc35e5a6b29ff65d54e2624070936c84ae019c63e363");
  EXPECT_EQ(kernel_key({}, {}).digest.hex,
            "4ca10377e3a284835b9d3aa784c8b4f9cb071d249fb56c6728f1df7e5490b149");
  EXPECT_EQ(series_digest({{"0001-x.patch", "one"}, {"0002-y.patch", "two"}}).hex,
            "0b70f2a26629c5c205db77b9861421583c6d17069f4ea8171d70643a554d5545");
}

TEST(Keys, DoNotDependOnTheOrderOfSymbolsOrExpectations) {
  std::mt19937 random(20240229);
  for (int round = 0; round < 50; ++round) {
    auto shuffled = example_inputs();
    std::shuffle(shuffled.symbols.begin(), shuffled.symbols.end(), random);
    std::shuffle(shuffled.expect.begin(), shuffled.expect.end(), random);
    EXPECT_EQ(recipe_key(shuffled), recipe_key(example_inputs()));
    EXPECT_EQ(kernel_key(shuffled, config), kernel_key(example_inputs(), config));
  }
}

TEST(Keys, DoNotDependOnWhoAskedOrWhere) {
  auto other = example_inputs();
  for (auto& symbol : other.symbols) {
    symbol.kind = OriginKind::image;
    symbol.asked_by = "somebody else";
    symbol.at = {"b.yaml", 77, 8};
  }
  other.expect[0].at = {"b.yaml", 1, 2};
  EXPECT_EQ(recipe_key(other), recipe_key(example_inputs()));
  EXPECT_EQ(kernel_key(other, config), kernel_key(example_inputs(), config));
}

TEST(Keys, ChangeWithEverySingleInput) {
  std::set<RecipeKey> recipes{recipe_key(example_inputs())};
  for (const auto& change : changes()) {
    auto inputs = example_inputs();
    change.apply(inputs);
    EXPECT_TRUE(recipes.insert(recipe_key(inputs)).second) << change.name;
    EXPECT_EQ(kernel_key(inputs, config) != kernel_key(example_inputs(), config),
              change.changes_kernel)
        << change.name;
  }
  EXPECT_NE(kernel_key(example_inputs(), config),
            kernel_key(example_inputs(), digest_of("CONFIG_X=n\n")));
}

TEST(Keys, ShareOneKernelBetweenRecipesWithTheSameConfig) {
  auto other = example_inputs();
  other.base_config = "defconfig";
  other.symbols.clear();
  EXPECT_NE(recipe_key(other), recipe_key(example_inputs()));
  EXPECT_EQ(kernel_key(other, config), kernel_key(example_inputs(), config));
}

TEST(Keys, DoNotConfuseASymbolWithItsValue) {
  RecipeInputs one, two;
  one.symbols = {{"A", "BC"}};
  two.symbols = {{"AB", "C"}};
  EXPECT_NE(recipe_key(one), recipe_key(two));
  one.symbols = {{"A", "y"}, {"B", "y"}};
  two.symbols = {{"A", "yBy"}};
  EXPECT_NE(recipe_key(one), recipe_key(two));
}

TEST(Keys, OfARecipeAndOfItsKernelAreNeverTheSame) {
  EXPECT_NE(recipe_key({}).digest, kernel_key({}, {}).digest);
}

TEST(SeriesDigest, IsEmptyForBase) { EXPECT_TRUE(series_digest({}).empty()); }

TEST(SeriesDigest, CountsContentsAndTheirOrderButNotFileNames) {
  const auto digest = series_digest({{"1", "one"}, {"2", "two"}});
  EXPECT_EQ(digest, series_digest({{"elsewhere/a", "one"}, {"elsewhere/b", "two"}}));
  EXPECT_NE(digest, series_digest({{"1", "two"}, {"2", "one"}}));
  EXPECT_NE(digest, series_digest({{"1", "onetwo"}}));
  EXPECT_NE(digest, series_digest({{"1", "one"}, {"2", "two"}, {"3", ""}}));
}

TEST(Differences, SaysNothingWhereNothingDiffers) {
  EXPECT_TRUE(differences(example_inputs(), example_inputs()).empty());
}

TEST(Differences, NamesEverySingleChangeInOneLine) {
  for (const auto& change : changes()) {
    auto inputs = example_inputs();
    change.apply(inputs);
    const auto phrases = differences(example_inputs(), inputs);
    ASSERT_FALSE(phrases.empty()) << change.name;
    for (const auto& phrase : phrases)
      EXPECT_EQ(phrase.find('\n'), std::string::npos) << change.name;
  }
}

TEST(Differences, GivesAPhraseForEachInput) {
  auto now = example_inputs();
  now.tree = digest_of("b tree");
  now.series = digest_of("b series");
  now.arch = "x86_64";
  now.compiler = "clang version 20.1.0\nLLD 19.1.7";
  now.base_config = "defconfig";
  now.symbols[0].value = "n";
  now.symbols.pop_back();
  now.symbols.push_back({"NET", "y"});
  now.expect[1].value = "n";
  EXPECT_EQ(differences(example_inputs(), now),
            (std::vector<std::string>{
                "tree changed: " + example_inputs().tree.brief() + " -> " + now.tree.brief(),
                "series changed: " + example_inputs().series.brief() + " -> " + now.series.brief(),
                "architecture changed: arm64 -> x86_64",
                "compiler changed: clang version 19.1.7 -> clang version 20.1.0",
                "base allnoconfig -> defconfig",
                "CFI_CLANG y -> n",
                "FTRACE y -> not asked for",
                "NET not asked for -> y",
                "expected CFI_CLANG y -> n",
            }));
}

TEST(Differences, TellsAnAddedSeriesFromARemovedOne) {
  auto base = example_inputs();
  base.series = {};
  EXPECT_EQ(differences(base, example_inputs()),
            (std::vector<std::string>{"series added: " + example_inputs().series.brief()}));
  EXPECT_EQ(differences(example_inputs(), base), (std::vector<std::string>{"series removed"}));
}

TEST(Differences, ShowsWholeCompilersWhereOnlyTheirLinesWereSwapped) {
  auto before = example_inputs(), now = example_inputs();
  before.compiler = "a\nb";
  now.compiler = "b\na";
  EXPECT_EQ(differences(before, now), (std::vector<std::string>{"compiler changed: a, b -> b, a"}));
}

TEST(CellKey, FollowsWhatTheResultsDependOnAndNothingElse) {
  spec::Machine machine;
  spec::Suite suite;
  CellInputs inputs{{digest_of("kernel")}, machine, suite, {}, {}, {}, ""};
  const auto key = cell_key(cell_parts(inputs));
  machine.boot_timeout += std::chrono::seconds(1);
  machine.name = suite.name = "another";
  suite.case_timeout += std::chrono::seconds(1);
  EXPECT_EQ(cell_key(cell_parts(inputs)), key);
  std::set<std::string> keys{key.hex};
  const auto differs = [&] { return keys.insert(cell_key(cell_parts(inputs)).hex).second; };
  machine.kernel_args = "nokaslr";
  EXPECT_TRUE(differs());
  machine.cpus = 7;
  EXPECT_TRUE(differs());
  machine.memory_mib = 77;
  EXPECT_TRUE(differs());
  suite.select = {"a*"};
  EXPECT_TRUE(differs());
  suite.runner = spec::RunnerKind::samples;
  EXPECT_TRUE(differs());
  inputs.agent = digest_of("agent");
  EXPECT_TRUE(differs());
  inputs.guest_scripts = digest_of("scripts");
  EXPECT_TRUE(differs());
  inputs.kernel = {digest_of("another kernel")};
  EXPECT_TRUE(differs());
}

}  // namespace
}  // namespace kmatrix::plan
