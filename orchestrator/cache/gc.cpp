// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache/gc.h"

#include <algorithm>
#include <system_error>
#include <tuple>

#include "cache/work_folder.h"
#include "support/file.h"

namespace kmatrix::cache {

namespace fs = std::filesystem;

namespace {

/// True if it was ours alone and is gone.
Result<bool> remove_unused(const fs::path& cache, const Entry& entry) {
  InUse in_use(cache);
  const auto owned = in_use.own(entry.path());
  if (!owned || !*owned) return owned;
  auto work = WorkFolder::create(cache, "gone-");
  if (!work) return work.error();
  std::error_code failure;
  fs::rename(cache / entry.kind / entry.name, work->path() / "entry", failure);
  if (failure)
    return support::infrastructure_error("cannot remove " + entry.path() + ": " +
                                         failure.message());
  fs::remove(seal_file(cache, entry), failure);
  KMATRIX_TRY(in_use.drop(entry.path()));
  KMATRIX_TRY(support::remove_tree(work->path() / "entry"));
  return true;
}

/// Seals whose entry somebody removed by hand.
void remove_lone_seals(const fs::path& cache) {
  std::vector<fs::path> lone;
  std::error_code failure;
  for (fs::recursive_directory_iterator walk(cache / "seals", failure), end;
       !failure && walk != end; walk.increment(failure)) {
    if (!walk->is_regular_file(failure)) continue;
    const auto name = walk->path().lexically_relative(cache / "seals");
    // Young ones may belong to an entry that is just about to appear.
    const auto age = fs::file_time_type::clock::now() - walk->last_write_time(failure);
    if (!support::is_there(cache / name) && age > std::chrono::hours(24))
      lone.push_back(walk->path());
  }
  for (const auto& file : lone) fs::remove(file, failure);
}

Status collect_leftovers(const fs::path& cache, bool dry_run, const std::stop_token& stop,
                         Collected& collected) {
  const auto leftovers = find_leftovers(cache);
  if (!leftovers) return leftovers.error();
  for (const auto& path : *leftovers) {
    collected.leftovers.push_back(path.filename().string());
    collected.freed += bytes_below(path, stop);
  }
  if (dry_run) return {};
  remove_lone_seals(cache);
  return remove_leftovers(cache);
}

}  // namespace

std::vector<ListedEntry> choose_garbage(const Inventory& inventory, std::uint64_t keep) {
  auto order = inventory.entries;
  std::erase_if(order, [](const auto& each) { return each.in_use; });
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    const bool a_is_tree = a.entry.kind == "trees", b_is_tree = b.entry.kind == "trees";
    return std::tie(a.used_s, a_is_tree, a.entry) < std::tie(b.used_s, b_is_tree, b.entry);
  });
  std::vector<ListedEntry> chosen;
  std::uint64_t bytes = inventory.bytes;
  for (auto& each : order) {
    if (bytes <= keep) break;
    bytes -= std::min(bytes, each.bytes);
    chosen.push_back(std::move(each));
  }
  return chosen;
}

Result<Collected> collect_garbage(const fs::path& cache, std::uint64_t keep, bool dry_run,
                                  const std::stop_token& stop) {
  Collected collected;
  if (!support::is_there(cache)) return collected;
  auto inventory = take_inventory(cache, stop);
  if (!inventory) return inventory.error();
  collected.before = inventory->bytes;
  KMATRIX_TRY(collect_leftovers(cache, dry_run, stop, collected));
  inventory->bytes -= std::min(inventory->bytes, collected.freed);
  for (const auto& each : inventory->entries)
    if (each.in_use) collected.in_use += each.bytes;
  for (auto& each : choose_garbage(*inventory, keep)) {
    if (stop.stop_requested()) return support::interrupted_error();
    if (!dry_run) {
      const auto gone = remove_unused(cache, each.entry);
      if (!gone) return gone.error();
      if (!*gone) continue;
    }
    collected.freed += each.bytes;
    collected.removed.push_back(std::move(each));
  }
  collected.after = collected.before - std::min(collected.before, collected.freed);
  return collected;
}

}  // namespace kmatrix::cache
