// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/stored_json.h"

#include <gtest/gtest.h>

namespace kmatrix::cli {
namespace {

TEST(StoredJson, GivesBackTheInputsOfACell) {
  const plan::CellParts parts{
      {"kernel", "0a1b"}, {"select", "a*"}, {"select", "\"b\""}, {"cpu", ""}};
  EXPECT_EQ(cell_parts_from(to_stored(parts)), parts);
}

TEST(StoredJson, GivesBackWhoAskedForASymbol) {
  const std::vector<plan::ComposedSymbol> asked{
      {"CFI", "y", plan::OriginKind::config, "config clang-cfi", {"x.yaml", 12, 5}},
      {"LSM", "\"bpf\"", plan::OriginKind::suite, "suite lsm", {}}};
  const auto requests = requests_from(to_stored(asked));
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].symbol, "CFI");
  EXPECT_EQ(requests[0].value, "y");
  EXPECT_EQ(requests[0].asked_by, "config clang-cfi");
  EXPECT_EQ(requests[0].at, "x.yaml:12:5");
  EXPECT_EQ(requests[1].value, "\"bpf\"");
  EXPECT_EQ(requests[1].at, "");
}

TEST(StoredJson, TakesWhatItDoesNotUnderstandForNothing) {
  for (const char* text : {"", "null", "{}", "[1]", "[[\"a\"]]", "[{\"symbol\": 1}]", "[", "x"}) {
    EXPECT_TRUE(cell_parts_from(text).empty()) << text;
    EXPECT_TRUE(requests_from(text).empty()) << text;
  }
}

}  // namespace
}  // namespace kmatrix::cli
