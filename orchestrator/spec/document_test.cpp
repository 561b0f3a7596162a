// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/document.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace kmatrix::spec {
namespace {

struct Parsed {
  std::optional<YamlNode> node;
  std::vector<std::string> errors;
};

Parsed parse(const std::string& text) {
  Problems problems;
  Parsed parsed;
  parsed.node = parse_document(text, "f", problems);
  for (const auto& error : problems.take("f")) parsed.errors.push_back(support::to_string(error));
  return parsed;
}

/// The one error of a text; nothing else must come of it.
std::string error_of(const std::string& text) {
  const auto parsed = parse(text);
  EXPECT_EQ(parsed.errors.size(), 1U);
  return parsed.errors.empty() ? "" : parsed.errors[0];
}

std::string repeat(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

TEST(Document, KeepsScalarsAsTheyWereWritten) {
  const auto node = parse("a: y\nb: 007\nc: ~\nd: 'no'\ne: 1_000\n").node.value();
  EXPECT_EQ(node.find("a")->text, "y");
  EXPECT_EQ(node.find("b")->text, "007");
  EXPECT_EQ(node.find("c")->kind, NodeKind::null);
  EXPECT_EQ(node.find("d")->text, "no");
  EXPECT_TRUE(node.find("d")->quoted);
  EXPECT_FALSE(node.find("a")->quoted);
  EXPECT_EQ(node.find("e")->text, "1_000");
}

TEST(Document, KnowsThePlaceOfEveryKeyAndValue) {
  const auto node = parse("a:\n  - x\n  - {k: v}\nempty:\nb: 1\n").node.value();
  EXPECT_EQ(node.entries[0].at, (Location{"f", 1, 1}));
  const auto& list = node.find("a")->items;
  EXPECT_EQ(list[0].at, (Location{"f", 2, 5}));
  EXPECT_EQ(list[1].entries[0].at, (Location{"f", 3, 6}));
  EXPECT_EQ(list[1].entries[0].value.at, (Location{"f", 3, 9}));
  EXPECT_EQ(node.find("empty")->at, (Location{"f", 4, 1}));
}

TEST(Document, KeepsTheOrderOfKeys) {
  const auto node = parse("{z: 1, a: 2, m: 3}").node.value();
  ASSERT_EQ(node.entries.size(), 3U);
  EXPECT_EQ(node.entries[0].key, "z");
  EXPECT_EQ(node.entries[2].key, "m");
}

TEST(Document, ReportsEveryDuplicateKeyAndGoesOn) {
  const auto parsed = parse("a: 1\nb: {x: 1, y: 2, x: 3}\na: 2\na: 3\n");
  ASSERT_TRUE(parsed.node);
  EXPECT_EQ(parsed.errors,
            (std::vector<std::string>{"f:2:17: duplicate key 'x': it is already at line 2",
                                      "f:3:1: duplicate key 'a': it is already at line 1",
                                      "f:4:1: duplicate key 'a': it is already at line 1"}));
  EXPECT_EQ(parsed.node->find("a")->text, "1");
}

TEST(Document, ReportsKeysThatAreNoText) {
  EXPECT_EQ(error_of("{[a, b]: 1}").find("f:1:2: expected a key, found a list"), 0U);
}

TEST(Document, ExpandsAliases) {
  const auto node = parse("a: &list [x, y]\nb: *list\n").node.value();
  ASSERT_EQ(node.find("b")->items.size(), 2U);
  EXPECT_EQ(node.find("b")->items[1].text, "y");
}

TEST(Document, ReportsSyntaxErrorsWithTheirPlace) {
  EXPECT_EQ(error_of("a: 1\nb: [1, 2\n").find("f:3:1: not valid YAML: end of sequence flow"), 0U);
  EXPECT_NE(error_of("\na: 1\n\tb: 2\n").find("this line has a tab"), std::string::npos);
  EXPECT_EQ(error_of("a: b: c\n").rfind("f:1:5: not valid YAML", 0), 0U);
  EXPECT_EQ(error_of("a: 'open\nb: 2\n"),
            "f:3:1: not valid YAML: illegal EOF in scalar (a quote is not closed)");
  EXPECT_EQ(error_of("a: \"open").rfind("f:1:9: not valid YAML: illegal EOF", 0), 0U);
  EXPECT_EQ(error_of("a: *nowhere\n").rfind("f:1:4: not valid YAML", 0), 0U);
}

TEST(Document, RefusesASecondDocument) {
  EXPECT_EQ(error_of("a: 1\n---\nb: 2\n").rfind("f:2:1: a second YAML document", 0), 0U);
}

TEST(Document, RefusesWhatFollowsAfterTheDocument) { EXPECT_NE(error_of("a: 1\n]\n"), ""); }

TEST(Document, RefusesTags) {
  EXPECT_EQ(error_of("a: !!int 3\n").rfind("f:1:4: YAML tags", 0), 0U);
  EXPECT_EQ(error_of("a: !x [1]\n").rfind("f:1:4: YAML tags", 0), 0U);
}

TEST(Document, RefusesControlCharactersAndWhatIsNotUtf8) {
  using namespace std::string_literals;
  EXPECT_EQ(error_of("a: 1\nb: \0x\n"s).rfind("f:2:4: a control character (byte 0x00)", 0), 0U);
  EXPECT_EQ(error_of("a: \x04\nb: 2\n").rfind("f:1:4: a control character (byte 0x04)", 0), 0U);
  EXPECT_EQ(error_of("a: \"\\e[31m\"\n").rfind("f:1:4: a control character in", 0), 0U);
  EXPECT_EQ(error_of("a: \"\\0\"\n").rfind("f:1:4: a control character in", 0), 0U);
  EXPECT_EQ(error_of("a: 1\nb: \xFF\n").rfind("f:2:4: a byte that is not UTF-8", 0), 0U);
}

TEST(Document, IsNullForAnEmptyFile) {
  EXPECT_EQ(parse("").node->kind, NodeKind::null);
  EXPECT_EQ(parse("# nothing\n\n").node->kind, NodeKind::null);
}

TEST(Document, KeepsABlockOfTextAtTheEndOfTheFile) {
  EXPECT_EQ(parse("a: |\n  one\n  two\n").node->find("a")->text, "one\ntwo\n");
  EXPECT_EQ(parse("a: one\n  two").node->find("a")->text, "one two");
}

TEST(Document, ReadsWindowsLineEnds) {
  const auto node = parse("a: 1\r\nb: 2\r\n").node.value();
  EXPECT_EQ(node.find("a")->text, "1");
  EXPECT_EQ(node.entries[1].at.line, 2);
}

TEST(Document, RefusesDeepNestingOfEveryKind) {
  for (const auto* opening : {"[", "{a: ", "- ", "? ", "a:\n", "{", "[a: "}) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(parse(repeat(opening, 100'000)).errors.empty()) << opening;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20)) << opening;
  }
  EXPECT_EQ(error_of(repeat("- ", 20) + "x").find("f:1:33: nested deeper than 16 levels"), 0U);
}

TEST(Document, RefusesAliasesThatMultiply) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeat(before + ", ", 9) +
            before + "]\n";
  }
  EXPECT_NE(error_of(bomb).find("more than 50000 values"), std::string::npos);
}

TEST(Document, RefusesAliasesThatMultiplyALongText) {
  const auto text = "a: &a " + repeat("x", 500'000) + "\nb: [" + repeat("*a, ", 1'000) + "*a]\n";
  EXPECT_NE(error_of(text).find("more than 50000 values"), std::string::npos);
}

TEST(Document, RefusesAnAliasInsideOfItsOwnValue) {
  EXPECT_EQ(error_of("a: &a [*a]\n").rfind("f:1:8: an alias inside", 0), 0U);
}

TEST(Document, RefusesMoreValuesThanAnybodyWrites) {
  EXPECT_NE(error_of("a: [" + repeat("1,", 60'000) + "]\n").find("more than 50000 values"),
            std::string::npos);
}

// Whatever bytes come, there is a node or an error, and nothing else happens.
TEST(Document, SurvivesDamagedFiles) {
  const std::string good =
      "kmatrix: 1\nname: &n 'x y'\nlist: [a, *n, {k: \"v\\t\"}]\nmap:\n  - |\n    text\n  - >-\n"
      "    more\n  - ? key\n    : value\n";
  std::mt19937 random(7);
  for (int round = 0; round < 5'000; ++round) {
    auto text = good;
    for (int change = 0; change < 3; ++change) {
      static const std::string bytes = "[]{}:,-?&*!|>'\"%@`# \n\t\\ax1~.";
      const auto at = random() % text.size();
      if (random() % 3 == 0)
        text.erase(at, 1 + random() % 4);
      else
        text.insert(at, 1, bytes[random() % bytes.size()]);
    }
    const auto parsed = parse(text);
    EXPECT_TRUE(parsed.node || !parsed.errors.empty()) << text;
  }
}

}  // namespace
}  // namespace kmatrix::spec
