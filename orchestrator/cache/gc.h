// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "cache/inventory.h"
#include "support/result.h"

namespace kmatrix::cache {

/// Which entries to remove so that the cache has at most `keep` bytes: those that were unused for
/// the longest time, never one in use. Pure. A patched copy goes before the tree that it shares its
/// files with, or nothing would be gained.
std::vector<ListedEntry> choose_garbage(const Inventory& inventory, std::uint64_t keep);

struct Collected {
  std::vector<ListedEntry> removed;     ///< or what would be
  std::vector<std::string> leftovers;   ///< temporary folders of killed processes
  std::uint64_t freed = 0;              ///< bytes, of both
  std::uint64_t before = 0, after = 0;  ///< the whole cache
  std::uint64_t in_use = 0;             ///< bytes of entries that others use
};

/// Removes leftovers, seals without an entry, and then what choose_garbage() says. What others
/// begin to use in the meantime stays.
Result<Collected> collect_garbage(const std::filesystem::path& cache, std::uint64_t keep,
                                  bool dry_run, const std::stop_token& stop);

}  // namespace kmatrix::cache
