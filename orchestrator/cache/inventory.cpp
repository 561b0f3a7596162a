// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache/inventory.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <set>
#include <system_error>

namespace kmatrix::cache {

namespace fs = std::filesystem;

namespace {

/// Folders whose children are entries. "failures" are logs, and "git" mirrors, without seals.
constexpr std::array<std::string_view, 9> kinds{
    "git", "trees", "sources", "kernels", "failures", "selftests", "rootfs", "images", "disks"};

bool is_kind(const std::string& name) {
  return std::find(kinds.begin(), kinds.end(), name) != kinds.end();
}

std::uint64_t blocks_of(const struct stat& status) {
  return static_cast<std::uint64_t>(status.st_blocks) * 512;
}

/// Each file once, over several calls.
class Measure {
 public:
  std::uint64_t of(const fs::path& path, const std::stop_token& stop) {
    std::uint64_t bytes = one(path);
    std::error_code failure;
    if (!fs::is_directory(fs::symlink_status(path, failure))) return bytes;
    fs::recursive_directory_iterator walk(path, failure);
    for (const fs::recursive_directory_iterator end;
         !failure && walk != end && !stop.stop_requested(); walk.increment(failure))
      bytes += one(walk->path());
    return bytes;
  }

 private:
  std::uint64_t one(const fs::path& path) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) return 0;
    if (!S_ISDIR(status.st_mode) && status.st_nlink > 1 && !seen_.insert(status.st_ino).second)
      return 0;
    return blocks_of(status);
  }
  std::set<ino_t> seen_;
};

std::int64_t mtime_of(const fs::path& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 ? status.st_mtime : 0;
}

std::int64_t seconds_of(const std::string& iso) {
  tm parts{};
  const char* const end = strptime(iso.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return end != nullptr && *end == '\0' ? timegm(&parts) : 0;
}

class Listing {
 public:
  Listing(const fs::path& cache, const std::stop_token& stop)
      : cache_(cache), stop_(stop), in_use_(cache) {}

  Status add_kind(const std::string& kind) {
    std::error_code failure;
    for (fs::directory_iterator walk(cache_ / kind, failure), end; !failure && walk != end;
         walk.increment(failure)) {
      if (stop_.stop_requested()) return support::interrupted_error();
      // disks/memo is no entry.
      if (kind == "disks" && walk->path().extension() != ".erofs") continue;
      KMATRIX_TRY(add({kind, walk->path().filename().string()}));
    }
    return {};
  }

  void add_other(const std::string& name) {
    inventory_.others.push_back({name, measure_.of(cache_ / name, stop_)});
  }

  Inventory finish() {
    auto& entries = inventory_.entries;
    std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
      return std::tie(a.entry.kind, a.used_s, a.entry.name) <
             std::tie(b.entry.kind, b.used_s, b.entry.name);
    });
    for (const auto& each : entries) inventory_.bytes += each.bytes;
    for (const auto& each : inventory_.others) inventory_.bytes += each.bytes;
    std::sort(inventory_.others.begin(), inventory_.others.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    return std::move(inventory_);
  }

 private:
  Status add(const Entry& entry) {
    ListedEntry listed;
    listed.entry = entry;
    const fs::path seal = seal_file(cache_, entry), place = cache_ / entry.kind / entry.name;
    if (const auto head = read_seal_head(seal)) {
      listed.sealed = true;
      listed.label = head->label;
      listed.bytes = head->bytes + blocks(seal);
      listed.made_s = seconds_of(head->made);
      listed.used_s = mtime_of(seal);
    } else {
      listed.bytes = measure_.of(place, stop_);
      listed.made_s = listed.used_s = mtime_of(place);
    }
    const auto used = in_use_.by_others(entry.path());
    if (!used) return used.error();
    listed.in_use = *used;
    inventory_.entries.push_back(std::move(listed));
    return {};
  }

  static std::uint64_t blocks(const fs::path& file) {
    struct stat status {};
    return lstat(file.c_str(), &status) == 0 ? blocks_of(status) : 0;
  }

  fs::path cache_;
  std::stop_token stop_;
  InUse in_use_;
  Measure measure_;
  Inventory inventory_;
};

}  // namespace

bool is_never_sealed(const Entry& entry) { return entry.kind == "failures" || entry.kind == "git"; }

std::uint64_t bytes_below(const fs::path& path, const std::stop_token& stop) {
  return Measure().of(path, stop);
}

Result<Inventory> take_inventory(const fs::path& cache, const std::stop_token& stop) {
  std::error_code failure;
  if (!fs::exists(cache, failure)) return Inventory{};
  Listing listing(cache, stop);
  for (const auto kind : kinds) KMATRIX_TRY(listing.add_kind(std::string(kind)));
  for (fs::directory_iterator walk(cache, failure), end; !failure && walk != end;
       walk.increment(failure)) {
    if (stop.stop_requested()) return support::interrupted_error();
    const auto name = walk->path().filename().string();
    // The seals are counted with their entries.
    if (!is_kind(name) && name != "seals") listing.add_other(name);
  }
  if (failure)
    return support::infrastructure_error("cannot read " + cache.string() + ": " +
                                         failure.message());
  return listing.finish();
}

}  // namespace kmatrix::cache
