// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "spec/load.h"
#include "support/file.h"

namespace kmatrix::spec {

inline std::string experiments_documentation() {
  return support::read_file(KMATRIX_SOURCE_DIR "/docs/experiments.md").value();
}

/// A folder for a test's files, gone with the test.
class TestFolder {
 public:
  TestFolder()
      : folder_(
            support::TempFolder::create(std::filesystem::temp_directory_path(), "spec").value()) {}

  std::filesystem::path path(const std::string& name = "") const { return folder_.path() / name; }

  std::filesystem::path write(const std::string& name, const std::string& content) const {
    const auto file = path(name);
    EXPECT_TRUE(support::make_folders(file.parent_path()));
    EXPECT_TRUE(support::write_file(file, content));
    return file;
  }

  /// The errors of an experiment with this text, as they are printed, without our folder's name.
  std::vector<std::string> errors_of(const std::string& yaml) const {
    std::vector<std::string> words;
    for (const auto& error : load(write("x.yaml", yaml)).errors) {
      EXPECT_EQ(error.kind, ErrorKind::input);
      words.push_back(without_folder(support::to_string(error)));
    }
    return words;
  }

  /// The first YAML block of docs/experiments.md, with stubs for the files that it names.
  std::filesystem::path write_documented_example() const {
    for (const auto* fragment : {"clang-cfi", "ftrace-direct", "ftrace-samples"})
      write(std::string("fragments/") + fragment + ".config", "CONFIG_STUB=y\n");
    for (const auto* tree : {"v6.12", "v7.2"})
      write(std::string("series/direct-calls/") + tree + "/0001-stub.patch", "stub\n");
    const auto text = experiments_documentation();
    const std::string fence = "```yaml\n";
    const auto begin = text.find(fence) + fence.size();
    return write("example.yaml", text.substr(begin, text.find("```\n", begin) - begin));
  }

  std::string without_folder(std::string text) const {
    const auto prefix = folder_.path().string() + "/";
    for (std::size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;)
      text.erase(at, prefix.size());
    return text;
  }

 private:
  support::TempFolder folder_;
};

/// The smallest experiment, for tests that add to it.
inline const std::string small_experiment =
    "kmatrix: 1\n"
    "name: small\n"
    "trees: {v6.12: {debian: linux-source-6.12}}\n"
    "toolchains: {clang-19: {llvm: 19}}\n"
    "configs: {clang: {toolchain: clang-19}}\n"
    "machines: {tcg: {}}\n"
    "suites: {boot: {runner: boot}}\n";

}  // namespace kmatrix::spec
