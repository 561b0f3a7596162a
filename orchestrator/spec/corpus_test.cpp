// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "spec/test_folder.h"

// tests/corpus/spec has wrong experiments, NAME.yaml, each with all its errors in NAME.expected.
// KMATRIX_ACCEPT=1 writes what comes out now; read the difference before you commit it.
namespace kmatrix::spec {
namespace {

namespace fs = std::filesystem;

const fs::path corpus = KMATRIX_SOURCE_DIR "/tests/corpus/spec";

std::vector<std::string> wrong_experiments() {
  std::vector<std::string> names;
  for (const auto& each : fs::directory_iterator(corpus))
    if (each.path().extension() == ".yaml") names.push_back(each.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string errors_of(const fs::path& file) {
  std::string text;
  for (const auto& error : load(file).errors) text += support::to_string(error) + "\n";
  const auto prefix = corpus.string() + "/";
  for (std::size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;)
    text.erase(at, prefix.size());
  return text;
}

class Corpus : public testing::TestWithParam<std::string> {};

TEST_P(Corpus, GivesExactlyTheExpectedErrors) {
  const auto errors = errors_of(corpus / (GetParam() + ".yaml"));
  const auto expected = corpus / (GetParam() + ".expected");
  EXPECT_NE(errors, "") << GetParam() << " is not wrong";
  if (std::getenv("KMATRIX_ACCEPT") != nullptr) {
    ASSERT_TRUE(support::write_file(expected, errors));
  }
  const auto before = support::read_file(expected);
  ASSERT_TRUE(before) << support::to_string(before.error());
  EXPECT_EQ(errors, *before);
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  auto name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Spec, Corpus, testing::ValuesIn(wrong_experiments()), test_name);

}  // namespace
}  // namespace kmatrix::spec
