// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/compose.h"

#include <gtest/gtest.h>

namespace kmatrix::plan {
namespace {

using Requests = std::vector<spec::SymbolRequest>;

/// "SYMBOL=value/who" for each symbol, in order.
std::vector<std::string> words(const Composition& composition) {
  std::vector<std::string> result;
  for (const auto& each : composition.symbols)
    result.push_back(each.symbol + "=" + each.value + "/" + each.asked_by);
  return result;
}

TEST(Compose, TakesEachSymbolOnceInTheOrderOfTheAskers) {
  const Requests machine{{"TTY", "y"}, {"NR_CPUS", "8"}}, suite{{"FTRACE", "y"}, {"TTY", "y"}};
  const auto result =
      compose({{OriginKind::machine, "machine", &machine}, {OriginKind::suite, "suite", &suite}});
  EXPECT_EQ(words(result),
            (std::vector<std::string>{"TTY=y/machine", "NR_CPUS=8/machine", "FTRACE=y/suite"}));
  EXPECT_TRUE(result.contradictions.empty());
  EXPECT_EQ(result.symbols[0].kind, OriginKind::machine);
  EXPECT_EQ(result.symbols[2].kind, OriginKind::suite);
}

TEST(Compose, TakesASymbolFromWhoeverNeedsIt) {
  const Requests image{{"SYSCTL", "y", {}, "", true}, {"OTHER", "y", {}, "", true}};
  const Requests config{{"SYSCTL", "y"}};
  const auto result =
      compose({{OriginKind::image, "image", &image}, {OriginKind::config, "config", &config}});
  EXPECT_EQ(words(result), (std::vector<std::string>{"OTHER=y/image", "SYSCTL=y/config"}));
  EXPECT_TRUE(result.symbols[0].optional);
  EXPECT_FALSE(result.symbols[1].optional);
}

TEST(Compose, LetsTheLaterRequestOfOneAskerCount) {
  const Requests config{{"CFI", "y", {"f", 1, 1}}, {"NET", "y"}, {"CFI", "n", {"f", 9, 1}}};
  const auto result = compose({{OriginKind::config, "config", &config}});
  EXPECT_EQ(words(result), (std::vector<std::string>{"CFI=n/config", "NET=y/config"}));
  EXPECT_EQ(result.symbols[0].at.line, 9);
  EXPECT_TRUE(result.contradictions.empty());
}

TEST(TreeSymbols, GiveWayToWhoeverAsksAlready) {
  const PlannedFragment first{"a/config", OriginKind::suite, "suite s", {}};
  const PlannedFragment second{"a/config.arm64", OriginKind::config, "config c", {}};
  const auto symbols =
      tree_symbols({{first, {{"NET", "y"}, {"CFI", "n"}, {"HZ", "100", {"tree:a/config", 3, 1}}}},
                    {second, {{"HZ", "250", {"tree:a/config.arm64", 1, 1}}, {"USB", "m"}}}},
                   {{"CFI", "y", OriginKind::config, "config c", {}}});
  EXPECT_EQ(words({symbols, {}}),
            (std::vector<std::string>{"NET=y/suite s", "HZ=250/config c", "USB=m/config c"}));
  for (const auto& each : symbols) EXPECT_TRUE(each.optional);
  EXPECT_EQ(symbols[1].at.file, "tree:a/config.arm64");
}

TEST(Compose, LeavesOutWhatIsAskedForAnotherTree) {
  const Requests config{{"CFI", "n"}, {"CFI", "y", {}, "v7.2"}, {"CFI_CLANG", "y", {}, "v6.12"}};
  const auto symbols_on = [&](const std::string& tree) {
    return words(compose({{OriginKind::config, "config", &config, false, tree}}));
  };
  EXPECT_EQ(symbols_on("v7.2"), (std::vector<std::string>{"CFI=y/config"}));
  EXPECT_EQ(symbols_on("v6.12"), (std::vector<std::string>{"CFI=n/config", "CFI_CLANG=y/config"}));
}

TEST(Compose, FindsEveryContradictionWithBothAskers) {
  const Requests suite{{"MODULES", "y", {"s.config", 2, 1}}, {"NET", "m"}};
  const Requests config{{"NET", "y"}, {"MODULES", "n", {"x.yaml", 7, 5}}};
  const auto result = compose(
      {{OriginKind::suite, "suite samples", &suite}, {OriginKind::config, "config tiny", &config}});
  ASSERT_EQ(result.contradictions.size(), 2U);
  EXPECT_EQ(result.contradictions[0].first.value, "m");
  EXPECT_EQ(result.contradictions[0].second.value, "y");
  const auto error = to_error(result.contradictions[1]);
  EXPECT_EQ(error.kind, ErrorKind::input);
  EXPECT_EQ(error.at, (Location{"x.yaml", 7, 5}));
  EXPECT_EQ(error.message,
            "config tiny asks for CONFIG_MODULES=n, but suite samples asks for CONFIG_MODULES=y "
            "(s.config:2:1)");
}

TEST(Compose, DropsAContradictingRequestOfOneWhoYields) {
  const Requests suite{{"DIRECT_CALLS", "y"}, {"FTRACE", "y"}}, config{{"DIRECT_CALLS", "n"}};
  const auto result = compose(
      {{OriginKind::suite, "suite", &suite, true}, {OriginKind::config, "config", &config}});
  EXPECT_EQ(words(result), (std::vector<std::string>{"FTRACE=y/suite", "DIRECT_CALLS=n/config"}));
  EXPECT_TRUE(result.contradictions.empty());
}

TEST(Compose, StillFindsAContradictionThatAnotherOneAlsoAsksFor) {
  const Requests yielding{{"X", "y"}}, firm{{"X", "y"}}, config{{"X", "n"}};
  const auto result = compose({{OriginKind::suite, "suite a", &yielding, true},
                               {OriginKind::suite, "suite b", &firm},
                               {OriginKind::config, "config", &config}});
  ASSERT_EQ(result.contradictions.size(), 1U);
  EXPECT_EQ(result.contradictions[0].first.asked_by, "suite b");
}

TEST(Compose, TakesTheFirstOfTwoWhoBothYield) {
  const Requests one{{"X", "y"}}, two{{"X", "m"}};
  const auto result =
      compose({{OriginKind::suite, "a", &one, true}, {OriginKind::suite, "b", &two, true}});
  EXPECT_EQ(words(result), (std::vector<std::string>{"X=y/a"}));
  EXPECT_TRUE(result.contradictions.empty());
}

TEST(Compose, KeepsRequestsOfOneWhoYieldsWhereNobodyContradicts) {
  const Requests suite{{"A", "y"}, {"B", "n"}}, config{{"B", "n"}};
  const auto result =
      compose({{OriginKind::suite, "s", &suite, true}, {OriginKind::config, "c", &config}});
  EXPECT_EQ(words(result), (std::vector<std::string>{"A=y/s", "B=n/s"}));
}

}  // namespace
}  // namespace kmatrix::plan
