// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "cache/cache.h"
#include "support/result.h"

namespace kmatrix::cache {

/// An entry as it lies in the cache.
struct ListedEntry {
  Entry entry;
  std::string label;        ///< for people; empty: unknown
  std::uint64_t bytes = 0;  ///< on the disk, without what it shares with other entries
  std::int64_t made_s = 0;  ///< since 1970; 0: unknown
  std::int64_t used_s = 0;  ///< last use
  bool sealed = false;
  bool in_use = false;  ///< by a process that lives
};

/// What is not made of entries: ccache's objects, memos, apt's lists, temporary folders.
struct OtherFolder {
  std::string name;
  std::uint64_t bytes = 0;
};

struct Inventory {
  std::vector<ListedEntry> entries;  ///< by kind, then the longest unused first
  std::vector<OtherFolder> others;
  std::uint64_t bytes = 0;  ///< all of it
};

/// Looks at the sizes on the disk of what has no seal, and believes the seals of the rest. An empty
/// or missing folder is an empty inventory.
Result<Inventory> take_inventory(const std::filesystem::path& cache, const std::stop_token& stop);

/// Of a kind that has no seals: logs of failures, mirrors of git repositories.
bool is_never_sealed(const Entry& entry);

/// Bytes on the disk below a path, each file once.
std::uint64_t bytes_below(const std::filesystem::path& path, const std::stop_token& stop);

}  // namespace kmatrix::cache
