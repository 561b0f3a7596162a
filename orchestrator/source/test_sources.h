// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/digest.h"
#include "support/file.h"
#include "support/result.h"

// Small kernel trees and archives for the tests of this folder.
namespace kmatrix::source::testing {

namespace fs = std::filesystem;

/// A folder of its own for each test; without links in its path, as messages show real paths.
class SourceTest : public ::testing::Test {
 protected:
  fs::path write(const fs::path& name, const std::string& content) {
    const fs::path file = folder_ / name;
    EXPECT_TRUE(support::write_file(file, content));
    return file;
  }
  static std::string content(const fs::path& file) {
    return support::read_file(file).value_or("(unreadable)");
  }
  static std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(folder, missing))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  support::TempFolder temporary_ =
      std::move(*support::TempFolder::create(fs::temp_directory_path(), "source-test"));
  fs::path folder_ = fs::canonical(temporary_.path());
};

inline std::map<std::string, std::string> kernel_files() {
  return {{"Makefile", "VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 3\nEXTRAVERSION =\n"},
          {"Kconfig", "mainmenu \"Linux\"\n"},
          {"kernel/fork.c", "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n"},
          {"kernel/exit.c", "int exit;\n"}};
}

inline void make_kernel_tree(const fs::path& folder) {
  for (const auto& [name, content] : kernel_files())
    ASSERT_TRUE(support::write_file(folder / name, content));
}

/// Writes a tar archive entry by entry, also such as tar(1) would not.
class TarWriter {
 public:
  explicit TarWriter(const fs::path& file) {
    archive_write_add_filter_gzip(archive_);
    archive_write_set_format_pax_restricted(archive_);
    EXPECT_EQ(archive_write_open_filename(archive_, file.c_str()), ARCHIVE_OK);
  }
  ~TarWriter() {
    archive_entry_free(entry_);
    archive_write_free(archive_);
  }
  TarWriter(const TarWriter&) = delete;
  TarWriter& operator=(const TarWriter&) = delete;

  TarWriter& file(const std::string& name, const std::string& content, unsigned mode = 0644) {
    return add(name, AE_IFREG, mode, content);
  }
  TarWriter& folder(const std::string& name) { return add(name, AE_IFDIR, 0755, ""); }
  TarWriter& device(const std::string& name) { return add(name, AE_IFCHR, 0644, ""); }
  TarWriter& link(const std::string& name, const std::string& target) {
    archive_entry_set_symlink(entry_, target.c_str());
    return add(name, AE_IFLNK, 0777, "");
  }
  TarWriter& hardlink(const std::string& name, const std::string& target) {
    archive_entry_set_hardlink(entry_, target.c_str());
    return add(name, AE_IFREG, 0644, "");
  }
  TarWriter& kernel(const std::string& top) {
    for (const auto& [name, content] : kernel_files()) file(top + "/" + name, content);
    return *this;
  }
  void close() { EXPECT_EQ(archive_write_close(archive_), ARCHIVE_OK); }

 private:
  TarWriter& add(const std::string& name, unsigned type, unsigned mode,
                 const std::string& content) {
    archive_entry_set_pathname(entry_, name.c_str());
    archive_entry_set_filetype(entry_, type);
    archive_entry_set_perm(entry_, mode);
    archive_entry_set_size(entry_, static_cast<la_int64_t>(content.size()));
    EXPECT_EQ(archive_write_header(archive_, entry_), ARCHIVE_OK) << name;
    EXPECT_EQ(archive_write_data(archive_, content.data(), content.size()),
              static_cast<la_ssize_t>(content.size()));
    archive_entry_clear(entry_);
    return *this;
  }

  archive* archive_ = archive_write_new();
  archive_entry* entry_ = archive_entry_new();
};

}  // namespace kmatrix::source::testing
