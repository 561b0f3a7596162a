// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "support/file.h"
#include "support/result.h"

namespace kmatrix::cache {

/// A folder of ours in cache/tmp, removed with the object. What a killed process left there is
/// removed when the next one is made: each is locked while it lives, and the kernel drops the lock
/// of a dead process.
class WorkFolder {
 public:
  static Result<WorkFolder> create(const std::filesystem::path& cache, std::string_view prefix);
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  WorkFolder(support::TempFolder folder, support::FileLock lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}

  support::TempFolder folder_;
  support::FileLock lock_;
};

/// Folders and files in cache/tmp whose process is gone. Those without a lock file, which earlier
/// versions and killed processes in the first moment of a folder left, count after a day.
Result<std::vector<std::filesystem::path>> find_leftovers(const std::filesystem::path& cache);

/// Removes them; each has been taken by one process alone.
Status remove_leftovers(const std::filesystem::path& cache);

}  // namespace kmatrix::cache
