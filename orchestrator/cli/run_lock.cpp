// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/run_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace kmatrix::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* lock_name = "lock";

/// Asks with a shared lock, so that several may ask at once, and never makes the file.
bool is_locked(const fs::path& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool locked = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(fd);
  return locked;
}

}  // namespace

Result<support::FileLock> lock_run(const fs::path& folder, store::RunId run) {
  // Whoever only asks holds the lock for a moment.
  constexpr int tries = 20;
  for (int i = 0; i < tries; ++i) {
    auto lock = support::FileLock::try_take(folder / lock_name);
    if (!lock) return lock.error();
    if (*lock) return std::move(**lock);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return support::input_error(fmt::format("another kmatrix is at work on run {}", run.value), {},
                              fmt::format("`kmatrix show {}` shows how far it is", run.value));
}

bool is_worked_on(const store::RunRow& run) {
  return is_locked(fs::path(run.folder) / std::to_string(run.id.value) / lock_name);
}

void notice_interruption(store::RunRow& run) {
  if (run.state == "running" && !is_worked_on(run)) run.state = "interrupted";
}

}  // namespace kmatrix::cli
