// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "store/store.h"
#include "support/file.h"

namespace kmatrix::cli {

// A process holds a lock on the folder of the run that it works on. The kernel drops the lock with
// the process, however that ends, so a run in state `running` without it was interrupted.

/// Claims a run for this process. Input error: another one works on it.
Result<support::FileLock> lock_run(const std::filesystem::path& folder, store::RunId run);

/// Is a process at work on the run? Also while it draws conclusions from one that is done.
bool is_worked_on(const store::RunRow& run);

/// Makes the state of a run that its process left behind `interrupted` (in the row alone).
void notice_interruption(store::RunRow& run);

}  // namespace kmatrix::cli
