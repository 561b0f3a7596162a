// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache/verify.h"

#include <system_error>

#include "cache/inventory.h"
#include "cache/memo_file.h"

namespace kmatrix::cache {

namespace fs = std::filesystem;

namespace {

/// Words for what is wrong with a sealed entry, or none.
Result<std::optional<std::string>> damage_of(const fs::path& cache, const Entry& entry,
                                             const std::stop_token& stop) {
  const auto memo = read_memo(seal_file(cache, entry));
  const auto seal = memo.text && memo.has_digest ? parse_seal(*memo.text) : std::nullopt;
  if (!seal) return std::optional<std::string>("its seal is damaged");
  return find_damage(cache / entry.kind / entry.name, *seal, Depth::read, stop);
}

Status verify_entry(const fs::path& cache, const ListedEntry& listed, const std::stop_token& stop,
                    Verified& verified) {
  // Shared while it is read, so that nobody removes it; owned to remove it.
  InUse in_use(cache);
  KMATRIX_TRY(in_use.share(listed.entry.path()));
  std::error_code failure;
  if (!fs::exists(fs::symlink_status(cache / listed.entry.kind / listed.entry.name, failure)))
    return {};
  const auto damage = damage_of(cache, listed.entry, stop);
  if (!damage) return damage.error();
  ++verified.entries;
  verified.bytes += listed.bytes;
  if (!*damage) return {};
  const auto owned = in_use.own(listed.entry.path());
  if (!owned) return owned.error();
  if (*owned) KMATRIX_TRY(remove_entry(cache, listed.entry));
  verified.damaged.push_back({listed.entry, listed.label, **damage, *owned});
  return {};
}

Status verify_memos(const fs::path& cache, const std::stop_token& stop, Verified& verified) {
  for (const char* const folder : {"recipes", "names", "resolved"}) {
    std::error_code failure;
    for (fs::directory_iterator walk(cache / folder, failure), end; !failure && walk != end;
         walk.increment(failure)) {
      if (stop.stop_requested()) return support::interrupted_error();
      const auto memo = read_memo(walk->path());
      if (memo.has_digest || memo.damaged) ++verified.memos;
      if (!memo.damaged) continue;
      const auto name = walk->path().lexically_relative(cache).string();
      std::error_code ignored;
      const bool removed = fs::remove(walk->path(), ignored);
      verified.damaged.push_back({{name, ""}, "", "it has another content", removed});
    }
  }
  return {};
}

}  // namespace

Result<Verified> verify(const fs::path& cache, const std::function<void(const Entry&)>& on_entry,
                        const std::stop_token& stop) {
  Verified verified;
  const auto inventory = take_inventory(cache, stop);
  if (!inventory) return inventory.error();
  for (const auto& listed : inventory->entries) {
    std::error_code failure;
    // A seal whose first lines cannot be read is damage, none at all is an earlier version's.
    if (!listed.sealed && !fs::exists(seal_file(cache, listed.entry), failure)) {
      verified.unsealed += is_never_sealed(listed.entry) ? 0 : 1;
      continue;
    }
    on_entry(listed.entry);
    KMATRIX_TRY(verify_entry(cache, listed, stop, verified));
  }
  KMATRIX_TRY(verify_memos(cache, stop, verified));
  return verified;
}

}  // namespace kmatrix::cache
