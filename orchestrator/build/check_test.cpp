// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/check.h"

#include <gtest/gtest.h>

namespace kmatrix::build {
namespace {

using enum plan::OriginKind;

constexpr std::string_view dot_config = R"(# Linux/arm64 6.12.117 Kernel Configuration
CONFIG_CC_VERSION_TEXT="clang = 19"
CONFIG_FTRACE=y
CONFIG_SAMPLE=m
# CONFIG_DIRECT is not set
CONFIG_HZ=100
)";

RelationTable table() {
  return parse_relations(
      "Symbol: DIRECT [=n]\nDefined at k:1\n  Depends on: HAVE [=n]\n\nSymbol: SAMPLE [=m]\n\n"
      "Symbol: FTRACE [=y]\n\nSymbol: CFI_CLANG [=n]\n  Prompt: x\n  Depends on: n\n\n"
      "Symbol: HZ [=100]\n");
}

KernelBuilder::Configured checked(const std::vector<plan::ComposedSymbol>& symbols,
                                  const std::vector<spec::SymbolRequest>& expect = {},
                                  const RelationTable& relations = table()) {
  plan::PlannedKernel kernel;
  kernel.symbols = symbols;
  spec::Config config;
  config.name = "clang-cfi";
  config.expect = expect;
  KernelBuilder::Configured configured;
  judge(mismatches(kernel, config, DotConfig(dot_config)), relations, configured);
  return configured;
}

TEST(DotConfig, TakesUnsetAndAbsentForN) {
  const DotConfig config(dot_config);
  EXPECT_TRUE(config.is("FTRACE", "y"));
  EXPECT_TRUE(config.is("DIRECT", "n"));
  EXPECT_TRUE(config.is("NEVER_HEARD_OF", "n"));
  EXPECT_EQ(config.value_of("CC_VERSION_TEXT"), "\"clang = 19\"");
}

TEST(DotConfig, WritesRequestsAsLines) {
  EXPECT_EQ(fragment_text({{"A", "y", config, "", {}}, {"B", "n", config, "", {}}}),
            "CONFIG_A=y\n# CONFIG_B is not set\n");
}

TEST(DotConfig, MergesRequestsOverABase) {
  EXPECT_EQ(merged("CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_AB=y\n",
                   {{"A", "m", config, "", {}}, {"B", "y", config, "", {}}}),
            "CONFIG_AB=y\nCONFIG_A=m\nCONFIG_B=y\n");
}

TEST(Check, PassesWhatCameOut) {
  const auto good = checked({{"FTRACE", "y", machine, "machine arm64", {}},
                             {"DIRECT", "n", config, "config clang-cfi", {}},
                             {"UNKNOWN", "n", config, "config clang-cfi", {}}},
                            {{"HZ", "100", {}}});
  EXPECT_TRUE(good.errors.empty());
  EXPECT_TRUE(good.kernel.unmet.empty());
}

TEST(Check, DoesNotMindHowAnOptionalSymbolCameOut) {
  const auto found = checked({{"UNKNOWN", "y", config, "config clang-cfi", {}, true},
                              {"DIRECT", "y", suite, "suite a", {}, true}});
  EXPECT_TRUE(found.errors.empty());
  EXPECT_TRUE(found.kernel.unmet.empty());
}

TEST(Check, GivesEachSuiteItsFirstUnmetSymbol) {
  const auto found = checked({{"FTRACE", "y", suite, "suite a", {}},
                              {"DIRECT", "y", suite, "suite a, suite b", {}},
                              {"SAMPLE", "y", suite, "suite a", {}},
                              {"SAMPLE", "y", suite, "suite c", {}}});
  EXPECT_TRUE(found.errors.empty());
  ASSERT_EQ(found.kernel.unmet.size(), 3U);
  EXPECT_EQ(found.kernel.unmet[0].suite, "a");
  EXPECT_EQ(found.kernel.unmet[0].reason, "DIRECT is not set");
  EXPECT_EQ(found.kernel.unmet[0].explanation, "DIRECT [=n], k:1\n  depends on HAVE [=n]");
  EXPECT_EQ(found.kernel.unmet[1].suite, "b");
  EXPECT_EQ(found.kernel.unmet[2].reason, "SAMPLE is m, not y");
}

TEST(UnmetNeed, IsTheFirstOfTheSuitesOwnNeeds) {
  spec::Suite suite;
  suite.name = "b";
  suite.needs = {{"FTRACE", "y", {}}, {"DIRECT", "y", {}}, {"SAMPLE", "y", {}}};
  const auto unmet =
      unmet_need(suite, std::string(dot_config),
                 {{"a", "SAMPLE is m, not y", "other"}, {"a", "DIRECT is not set", "DIRECT [=n]"}});
  ASSERT_TRUE(unmet);
  EXPECT_EQ(unmet->suite, "b");
  EXPECT_EQ(unmet->reason, "DIRECT is not set");
  EXPECT_EQ(unmet->explanation, "DIRECT [=n]");
  suite.needs[1].optional = true;
  EXPECT_EQ(unmet_need(suite, std::string(dot_config), {})->reason, "SAMPLE is m, not y");
  suite.needs.resize(1);
  EXPECT_FALSE(unmet_need(suite, std::string(dot_config), {}));
}

TEST(Check, ReportsAllOthersAsErrorsAtTheirPlaces) {
  const auto found = checked({{"CFI_CLANG", "y", config, "config clang-cfi", {"x.yaml", 3, 9}},
                              {"FTRACE", "n", image, "image guest", {"image.config", 7, 1}}},
                             {{"HZ", "250", {"x.yaml", 4, 9}}});
  ASSERT_EQ(found.errors.size(), 3U);
  EXPECT_EQ(to_string(found.errors[0]),
            "x.yaml:3:9: CFI_CLANG=y (asked by config clang-cfi) came out as n\n"
            "    CFI_CLANG [=n]\n"
            "      depends on n (a test of the compiler or linker in that Kconfig line failed)");
  EXPECT_EQ(found.errors[1].message.substr(0, 46),
            "FTRACE=n (asked by image guest) came out as y\n");
  EXPECT_EQ(found.errors[2].at.line, 4);
  EXPECT_EQ(found.errors[2].message.substr(0, 53),
            "HZ=250 (expected by config clang-cfi) came out as 100");
  for (const auto& error : found.errors) EXPECT_EQ(error.kind, ErrorKind::input);
}

TEST(Check, AsksWhetherAnUnknownSymbolWasMeantOtherwise) {
  const auto found = checked({{"CFI_CLANGG", "y", config, "config clang-cfi", {"x.yaml", 3, 9}},
                              {"DIRRECT", "y", suite, "suite a", {"y.config", 1, 1}}});
  ASSERT_EQ(found.errors.size(), 2U);
  EXPECT_EQ(to_string(found.errors[0]),
            "x.yaml:3:9: the tree has no symbol CFI_CLANGG (asked by config clang-cfi) "
            "(did you mean 'CFI_CLANG'?)");
  EXPECT_EQ(found.errors[1].hint, "did you mean 'DIRECT'?");
}

TEST(Check, ReportsMismatchesAlsoWithoutKconfigsAccount) {
  const auto found =
      checked({{"DIRECT", "y", config, "config clang-cfi", {"x.yaml", 3, 9}}}, {}, {});
  ASSERT_EQ(found.errors.size(), 1U);
  EXPECT_EQ(found.errors[0].message, "DIRECT=y (asked by config clang-cfi) came out as n");
}

}  // namespace
}  // namespace kmatrix::build
