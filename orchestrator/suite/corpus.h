// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "suite/suite.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::suite {

/// A file NAME.expected of a corpus: lines "FIELD: VALUE", among them how the process ended ("exit:
/// 2" or "exit: timeout"); a blank line; then a line an outcome. NAME.out is what was printed.
struct Golden {
  std::string head, outcomes;
  std::map<std::string, std::string> fields;
  Finished finished;
};

inline Golden read_golden(const std::filesystem::path& expected) {
  Golden golden;
  bool in_head = true;
  for (const auto& line : support::split_lines(support::read_file(expected).value())) {
    (in_head ? golden.head : golden.outcomes) += line + "\n";
    const auto colon = line.find(": ");
    if (in_head && colon != std::string::npos)
      golden.fields[line.substr(0, colon)] = line.substr(colon + 2);
    in_head = in_head && !line.empty();
  }
  const auto& exit = golden.fields.at("exit");
  golden.finished.timed_out = exit == "timeout";
  if (!golden.finished.timed_out) golden.finished.code = std::stoi(exit);
  auto output = expected;
  golden.finished.output = support::read_file(output.replace_extension(".out")).value();
  return golden;
}

/// Expects the outcomes of every file below tests/corpus/`folder`, of which there must be more than
/// `least`. KMATRIX_ACCEPT=1 writes them again.
inline void check_corpus(const std::string& folder, std::size_t least,
                         const std::function<std::string(const Golden&)>& outcomes) {
  std::vector<std::filesystem::path> files;
  for (const auto& each :
       std::filesystem::directory_iterator(KMATRIX_SOURCE_DIR "/tests/corpus/" + folder))
    if (each.path().extension() == ".expected") files.push_back(each.path());
  std::sort(files.begin(), files.end());
  ASSERT_GT(files.size(), least);
  for (const auto& path : files) {
    const auto golden = read_golden(path);
    const auto actual = outcomes(golden);
    if (std::getenv("KMATRIX_ACCEPT") != nullptr) {
      ASSERT_TRUE(support::write_file(path, golden.head + actual));
    } else {
      EXPECT_EQ(actual, golden.outcomes) << path;
    }
  }
}

}  // namespace kmatrix::suite
