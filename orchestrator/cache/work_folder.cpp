// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache/work_folder.h"

#include <sys/stat.h>

#include <ctime>

namespace kmatrix::cache {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view lock_name = ".kmatrix.lock";
constexpr std::time_t day_s = 86400;

/// Its owner is gone: nobody holds its lock, or it has none and is old.
bool is_left(const fs::path& path) {
  std::error_code failure;
  if (fs::exists(path / lock_name, failure)) {
    const auto lock = support::FileLock::try_take(path / lock_name);
    return lock && *lock;
  }
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && status.st_mtime < std::time(nullptr) - day_s;
}

std::vector<fs::path> left_in(const fs::path& parent) {
  std::vector<fs::path> left;
  std::error_code failure;
  for (fs::directory_iterator walk(parent, failure), end; !failure && walk != end;
       walk.increment(failure))
    if (is_left(walk->path())) left.push_back(walk->path());
  return left;
}

/// Nobody may sweep between the making of a folder and its lock.
Result<support::FileLock> guard(const fs::path& cache) {
  return support::FileLock::take(cache / "locks" / "work-folders.lock");
}

}  // namespace

Result<WorkFolder> WorkFolder::create(const fs::path& cache, std::string_view prefix) {
  KMATRIX_TRY(remove_leftovers(cache));
  auto held = guard(cache);
  if (!held) return held.error();
  auto folder = support::TempFolder::create(cache / "tmp", prefix);
  if (!folder) return folder.error();
  auto lock = support::FileLock::take(folder->path() / lock_name);
  if (!lock) return lock.error();
  return WorkFolder(std::move(*folder), std::move(*lock));
}

Result<std::vector<fs::path>> find_leftovers(const fs::path& cache) {
  auto held = guard(cache);
  if (!held) return held.error();
  return left_in(cache / "tmp");
}

Status remove_leftovers(const fs::path& cache) {
  auto held = guard(cache);
  if (!held) return held.error();
  for (const auto& path : left_in(cache / "tmp")) (void)support::remove_tree(path);
  return {};
}

}  // namespace kmatrix::cache
