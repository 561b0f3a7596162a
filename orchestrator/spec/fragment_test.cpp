// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/fragment.h"

#include <gtest/gtest.h>

#include "spec/load.h"
#include "spec/test_folder.h"

namespace kmatrix::spec {
namespace {

std::vector<std::string> words(const std::vector<SymbolRequest>& requests) {
  std::vector<std::string> result;
  for (const auto& request : requests)
    result.push_back(request.symbol + "=" + request.value +
                     (request.tree.empty() ? "" : " on " + request.tree));
  return result;
}

std::vector<std::string> errors_of(const std::string& text) {
  Problems problems;
  read_fragment(text, "f.config", problems);
  std::vector<std::string> result;
  for (const auto& error : problems.take("f.config")) result.push_back(support::to_string(error));
  return result;
}

TEST(Fragment, ReadsEveryKindOfValue) {
  const auto requests = parse_fragment(
      "# a comment\n\nCONFIG_A=y\nCONFIG_B=m\nCONFIG_C=n\n# CONFIG_D is not set\nCONFIG_E=48\n"
      "CONFIG_F=0xffff0000\nCONFIG_G=-1\nCONFIG_H=\"text \\\"quoted\\\" = #\"\nCONFIG_I=\"\"\n",
      "f");
  ASSERT_TRUE(requests);
  EXPECT_EQ(words(*requests),
            (std::vector<std::string>{"A=y", "B=m", "C=n", "D=n", "E=48", "F=0xffff0000", "G=-1",
                                      "H=\"text \\\"quoted\\\" = #\"", "I=\"\""}));
}

TEST(Fragment, KnowsThePlaceOfEveryRequest) {
  const auto requests = parse_fragment("\nCONFIG_A=y\n# CONFIG_B is not set\n", "dir/f.config");
  ASSERT_TRUE(requests);
  EXPECT_EQ((*requests)[0].at, (Location{"dir/f.config", 2, 1}));
  EXPECT_EQ((*requests)[1].at, (Location{"dir/f.config", 3, 1}));
}

TEST(Fragment, PassesOverBlanksAndWindowsLineEndsBehindALine) {
  EXPECT_EQ(words(parse_fragment("CONFIG_A=y \t\r\n# CONFIG_B is not set \r\n", "f").value()),
            (std::vector<std::string>{"A=y", "B=n"}));
}

TEST(Fragment, PassesOverComments) {
  EXPECT_TRUE(parse_fragment("#CONFIG_A=y\n# CONFIG_A=y\n# that CONFIG_B is not set\n", "f")
                  .value()
                  .empty());
}

TEST(Fragment, ANoteMakesTheNextRequestOptional) {
  const auto requests = parse_fragment(
      "# kmatrix: optional\nCONFIG_A=y\nCONFIG_B=y\n# kmatrix: optional\n"
      "# other words\nCONFIG_C=y\n",
      "f");
  ASSERT_TRUE(requests);
  EXPECT_TRUE((*requests)[0].optional);
  EXPECT_FALSE((*requests)[1].optional);
  EXPECT_FALSE((*requests)[2].optional);
}

TEST(Fragment, OfATreeAsksForNothingThatMustComeOut) {
  const auto requests = parse_tree_fragment(
      "# x\nCONFIG_A=y\nselect B\n# CONFIG_C is not set\nCONFIG_A=m\n", "tree:f");
  EXPECT_EQ(words(requests), (std::vector<std::string>{"A=y", "C=n", "A=m"}));
  for (const auto& each : requests) EXPECT_TRUE(each.optional);
  EXPECT_EQ(requests[1].at, (Location{"tree:f", 4, 1}));
}

TEST(Fragment, RefusesOtherNotes) {
  EXPECT_EQ(to_string(parse_fragment("# kmatrix: optionel\nCONFIG_A=y\n", "f").error()),
            "f:1:1: not a note of kmatrix: '# kmatrix: optionel' (there is one: '# kmatrix: "
            "optional', before a line that may come out otherwise)");
}

TEST(Fragment, ReadsAFileWithoutALastLineEnd) {
  EXPECT_EQ(words(parse_fragment("CONFIG_A=y", "f").value()), (std::vector<std::string>{"A=y"}));
  EXPECT_TRUE(parse_fragment("", "f").value().empty());
}

TEST(Fragment, ReportsEveryLineThatIsNone) {
  const auto errors = errors_of(
      "CFI=y\n CONFIG_A=y\nCONFIG_A\nCONFIG_=y\nCONFIG_A-B=y\nCONFIG_A=yes\nCONFIG_A=\n"
      "CONFIG_A=\"open\nCONFIG_A=\"a\"b\"\nCONFIG_A = y\nCONFIG_A=0x\nCONFIG_A=y # why\n"
      "CONFIG_A=\"a\\\"\n");
  ASSERT_EQ(errors.size(), 13U);
  EXPECT_EQ(errors[0],
            "f.config:1:1: not a line of a config fragment: 'CFI=y' (write CONFIG_NAME=value or "
            "'# CONFIG_NAME is not set')");
  EXPECT_EQ(errors[5],
            "f.config:6:1: not a line of a config fragment: 'CONFIG_A=yes' (a value is y, m, n, a "
            "number or a \"text\" in double quotes)");
}

TEST(Fragment, ShowsForeignBytesSafely) {
  const auto errors = errors_of("\x1b[31m\xff\n");
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].find('\x1b'), std::string::npos);
}

TEST(Fragment, RefusesTwoValuesOfOneSymbol) {
  const auto requests = parse_fragment("CONFIG_A=y\nCONFIG_A=y\n# CONFIG_A is not set\n", "f");
  ASSERT_FALSE(requests);
  EXPECT_EQ(support::to_string(requests.error()),
            "f:3:1: CONFIG_A=n contradicts CONFIG_A=y at f:1:1");
}

/// `set` with these entries, as requests or errors.
std::vector<std::string> symbols_of(const std::string& yaml) {
  Problems problems;
  const auto node = parse_document(yaml, "x", problems);
  Names names;
  names.trees = {"v6.12", "v7.2"};
  auto result = words(read_symbols({&*node, "set"}, Reading{{}, names, problems}));
  for (const auto& error : problems.take("x")) result.push_back(support::to_string(error));
  return result;
}

TEST(Symbols, TakeTristatesNumbersAndTexts) {
  EXPECT_EQ(
      symbols_of("{A: y, B: m, C: n, D: 48, E: -1, F: 0xFF, G: 'bpf,lsm', H: bpf, I: '', J: '8'}"),
      (std::vector<std::string>{"A=y", "B=m", "C=n", "D=48", "E=-1", "F=0xFF", "G=\"bpf,lsm\"",
                                "H=\"bpf\"", "I=\"\"", "J=\"8\""}));
}

TEST(Symbols, TakeAQuotedTristateForATristate) {
  EXPECT_EQ(symbols_of("{A: 'y', B: \"n\"}"), (std::vector<std::string>{"A=y", "B=n"}));
}

TEST(Symbols, TakeATextThatHasKconfigsQuotesAlready) {
  EXPECT_EQ(symbols_of("{A: '\"y\"'}"), (std::vector<std::string>{"A=\"y\""}));
}

TEST(Symbols, EscapeQuotesAndBackslashes) {
  EXPECT_EQ(symbols_of("{A: 'say \"x\" \\ y'}"),
            (std::vector<std::string>{"A=\"say \\\"x\\\" \\\\ y\""}));
}

TEST(Symbols, DropALeadingConfig) {
  EXPECT_EQ(symbols_of("{CONFIG_A: y}"), (std::vector<std::string>{"A=y"}));
}

TEST(Symbols, RefuseWhatOnlyLooksLikeATristate) {
  for (const auto* word : {"yes", "No", "true", "FALSE", "on", "off", "Y", "M", "N"}) {
    const auto result = symbols_of("{A: " + std::string(word) + "}");
    ASSERT_EQ(result.size(), 1U) << word;
    EXPECT_EQ(result[0].find("x:1:5: A in set: expected y, m, n, a number or a text on one line, "
                             "found '" +
                             std::string(word) + "'"),
              0U)
        << result[0];
  }
  EXPECT_EQ(symbols_of("{A: 'yes'}"), (std::vector<std::string>{"A=\"yes\""}));
}

TEST(Symbols, RefuseBadNamesAndValues) {
  EXPECT_EQ(symbols_of("{A B: y}")[1].find("x:1:2: 'A B' is no Kconfig symbol"), 0U);
  EXPECT_EQ(symbols_of("{A: }")[0].find("x:1:2: A in set: expected"), 0U);
  EXPECT_EQ(symbols_of("{A: [y]}")[0].find("x:1:5: A in set: expected"), 0U);
  EXPECT_EQ(symbols_of("{A: \"a\\nb\"}")[0].find("x:1:5: A in set: expected"), 0U);
  EXPECT_EQ(symbols_of("[A]")[0].find("x:1:1: set: expected a mapping of symbols"), 0U);
}

TEST(Symbols, RefuseOneSymbolWithTwoValues) {
  EXPECT_EQ(symbols_of("{A: y, CONFIG_A: n}")[2],
            "x:1:8: CONFIG_A=n contradicts CONFIG_A=y at x:1:2");
}

TEST(Symbols, TakeAValueByTree) {
  EXPECT_EQ(symbols_of("{A: {v6.12: y, v7.2: n}, B: y}"),
            (std::vector<std::string>{"A=y on v6.12", "A=n on v7.2", "B=y"}));
}

TEST(Symbols, RefuseATreeThatIsNotThere) {
  const auto result = symbols_of("{A: {v6.21: y}}");
  ASSERT_EQ(result.size(), 2U);
  EXPECT_NE(result[1].find("did you mean 'v6.12'?"), std::string::npos) << result[1];
  EXPECT_EQ(symbols_of("{A: {v7.2: [y]}}")[0].find("x:1:12: A in set for tree 'v7.2': expected"),
            0U);
  EXPECT_EQ(symbols_of("{A: {}}")[0].find("x:1:5: A in set: expected a value, or a mapping"), 0U);
}

}  // namespace
}  // namespace kmatrix::spec
