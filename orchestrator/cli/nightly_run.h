// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/nightly_report.h"

namespace kmatrix::cli {

/// What `kmatrix nightly run` was asked for.
struct NightlyOptions {
  std::vector<std::filesystem::path> files;  ///< experiments
  std::string to;                            ///< address in the mails
  std::string hook;                          ///< command for /bin/sh; empty: none
  std::string keep;                          ///< size that the cache may have; empty: as it is
  std::filesystem::path publish;             ///< folder for the site; empty: none
  int jobs = 0, boots = 0;                   ///< as for run
};

/// One night, under a lock: each experiment with the newest version of its trees, compared with its
/// last good run and put into a mail; then the cache is pruned and the hook called. Returns the
/// exit code.
int run_nightly(const CommandLine& line, const NightlyOptions& options);

/// Beside the database: the mails of all nights, and the lock.
std::filesystem::path nightly_folder(const std::filesystem::path& db);

}  // namespace kmatrix::cli
