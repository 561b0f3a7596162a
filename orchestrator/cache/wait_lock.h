// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>

#include "support/file.h"
#include "support/result.h"

namespace kmatrix::cache {

/// Waits for a lock that another process may hold for minutes, unless a stop is asked for
/// (interrupted). `on_wait` is called once if the lock is not free at first.
Result<support::FileLock> wait_for_lock(const std::filesystem::path& file,
                                        const std::stop_token& stop,
                                        const std::function<void()>& on_wait);

}  // namespace kmatrix::cache
