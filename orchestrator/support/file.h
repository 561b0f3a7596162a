// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "support/result.h"

namespace kmatrix::support {

Result<std::string> read_file(const std::filesystem::path& file);

/// Writes through a temporary file in the same folder and a rename: readers see all or nothing.
Status write_file(const std::filesystem::path& file, std::string_view content);

/// Whether there is something of this name, be it a link to nothing.
bool is_there(const std::filesystem::path& path);

Status make_folders(const std::filesystem::path& folder);

/// Removes a folder and all in it, also where files or folders are read-only. Missing is good.
Status remove_tree(const std::filesystem::path& path);

/// A folder of our own below `parent`, removed with the object unless kept.
class TempFolder {
 public:
  static Result<TempFolder> create(const std::filesystem::path& parent, std::string_view prefix);
  TempFolder(TempFolder&& other) noexcept;
  TempFolder& operator=(TempFolder&& other) noexcept;
  ~TempFolder();
  const std::filesystem::path& path() const { return path_; }
  /// Gives up ownership: the folder stays.
  std::filesystem::path keep();

 private:
  explicit TempFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

/// An advisory lock (flock) on a file, held while the object lives. The kernel drops it when the
/// process dies, so a killed process never leaves one behind.
class FileLock {
 public:
  /// Waits for the lock.
  static Result<FileLock> take(const std::filesystem::path& file);
  /// nullopt if somebody else holds it.
  static Result<std::optional<FileLock>> try_take(const std::filesystem::path& file);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace kmatrix::support
