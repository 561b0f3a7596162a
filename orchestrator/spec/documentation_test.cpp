// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "spec/sections.h"
#include "spec/test_folder.h"

namespace kmatrix::spec {
namespace {

TEST(Documentation, HasAnExampleThatLoads) {
  const TestFolder folder;
  const auto loaded = load(folder.write_documented_example());
  for (const auto& error : loaded.errors) ADD_FAILURE() << support::to_string(error);
  EXPECT_EQ(loaded.experiment.name, "direct-calls");
  EXPECT_EQ(loaded.experiment.configs.size(), 2U);
  EXPECT_EQ(loaded.experiment.include.size(), 1U);
  EXPECT_EQ(loaded.experiment.expect.size(), 1U);
  EXPECT_EQ(loaded.experiment.ignore.size(), 1U);
  EXPECT_EQ(loaded.experiment.claims.size(), 2U);
}

/// The part of the documentation from one heading to the next.
std::string chapter(const std::string& heading) {
  const auto text = experiments_documentation();
  const auto begin = text.find("\n## " + heading + "\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin + 1, text.find("\n## ", begin + 1) - begin - 1);
}

TEST(Documentation, DescribesEveryKeyInItsChapter) {
  const std::vector<std::pair<std::string, const Keys*>> chapters = {
      {"The file", &keys::experiment},  {"`trees`", &keys::tree},
      {"`series`", &keys::series},      {"`toolchains`", &keys::toolchain},
      {"`configs`", &keys::config},     {"`machines`", &keys::machine},
      {"`suites`", &keys::suite},       {"`axes`", &keys::axes},
      {"`expect`", &keys::expectation}, {"`ignore`", &keys::ignore},
      {"`claims`", &keys::claim},       {"`reruns`", &keys::reruns}};
  for (const auto& [heading, known] : chapters) {
    const auto text = chapter(heading);
    for (const auto& key : *known)
      EXPECT_NE(text.find("| `" + key + "` |"), std::string::npos) << heading << " lacks " << key;
  }
}

TEST(Documentation, DescribesNoKeyThatDoesNotExist) {
  const std::vector<std::pair<std::string, const Keys*>> chapters = {
      {"`trees`", &keys::tree},     {"`toolchains`", &keys::toolchain},
      {"`configs`", &keys::config}, {"`machines`", &keys::machine},
      {"`suites`", &keys::suite},   {"The file", &keys::experiment},
      {"`ignore`", &keys::ignore},  {"`claims`", &keys::claim},
      {"`reruns`", &keys::reruns}};
  for (const auto& [heading, known] : chapters) {
    const auto text = chapter(heading);
    std::size_t rows = 0;
    for (std::size_t at = 0; (at = text.find("\n| `", at)) != std::string::npos; ++at) ++rows;
    EXPECT_EQ(rows, known->size()) << heading;
  }
}

}  // namespace
}  // namespace kmatrix::spec
