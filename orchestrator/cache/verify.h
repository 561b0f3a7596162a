// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "cache/cache.h"
#include "support/result.h"

namespace kmatrix::cache {

struct DamagedEntry {
  Entry entry;  ///< name "" for a memo: then the kind is its path
  std::string label, damage;
  bool removed = false;  ///< false: in use
};

struct Verified {
  std::size_t entries = 0, memos = 0;
  std::size_t unsealed = 0;  ///< of an earlier version: nothing to compare with yet
  std::uint64_t bytes = 0;
  std::vector<DamagedEntry> damaged;
};

/// Reads every sealed entry and memo of a cache and removes what is damaged, unless it is in use:
/// it is made again when it is needed. `on_entry` is called before each.
Result<Verified> verify(const std::filesystem::path& cache,
                        const std::function<void(const Entry&)>& on_entry,
                        const std::stop_token& stop);

}  // namespace kmatrix::cache
