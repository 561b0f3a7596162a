// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/config_diff.h"

#include <gtest/gtest.h>

namespace kmatrix::compare {
namespace {

FinalConfig before() {
  FinalConfig config;
  config.values = {{"CC_IS_CLANG", "y"}, {"CFI_CLANG", "y"}, {"MODULES", "y"}, {"NR_CPUS", "64"}};
  config.asked = {{"CFI_CLANG", {"y", "config clang-cfi", "x.yaml:12:5"}},
                  {"MODULES", {"y", "image arm64", "image.config:3:1"}}};
  return config;
}

TEST(ConfigDifferences, OfTheSameConfigAreNone) {
  EXPECT_TRUE(config_differences(before(), before()).empty());
}

TEST(ConfigDifferences, ComeWithWhoAskedAndWhatFollowsLast) {
  auto after = before();
  after.values = {{"CC_IS_GCC", "y"}, {"CFI_CLANG", "n"}, {"MODULES", "y"}, {"NR_CPUS", "8"}};
  after.asked.erase("CFI_CLANG");
  after.asked["NR_CPUS"] = {"8", "config small", "x.yaml:20:5"};
  const auto differences = config_differences(before(), after);
  std::string text;
  for (const auto& each : differences)
    text += each.symbol + " " + each.a.value + "/" + each.a.asked.asked_by + " " + each.b.value +
            "/" + each.b.asked.asked_by + "\n";
  EXPECT_EQ(text,
            "CFI_CLANG y/config clang-cfi n/\n"
            "NR_CPUS 64/ 8/config small\n"
            "CC_IS_CLANG y/ n/\n"
            "CC_IS_GCC n/ y/\n");
}

TEST(ConfigDifferences, TakeNotSetAndUnknownForTheSame) {
  auto after = before();
  after.values["NEW_IN_THIS_TREE"] = "n";
  EXPECT_TRUE(config_differences(before(), after).empty());
}

}  // namespace
}  // namespace kmatrix::compare
