// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache/wait_lock.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace kmatrix::cache {

Result<support::FileLock> wait_for_lock(const std::filesystem::path& file,
                                        const std::stop_token& stop,
                                        const std::function<void()>& on_wait) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock guard(mutex);
  for (bool first = true; !stop.stop_requested(); first = false) {
    auto lock = support::FileLock::try_take(file);
    if (!lock) return lock.error();
    if (lock->has_value()) return std::move(**lock);
    if (first) on_wait();
    // flock can tell nobody when it becomes free, and a blocked flock could not be stopped.
    stopped.wait_for(guard, stop, std::chrono::milliseconds(100), [] { return false; });
  }
  return support::interrupted_error();
}

}  // namespace kmatrix::cache
