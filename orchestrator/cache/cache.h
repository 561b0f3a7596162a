// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "cache/in_use.h"
#include "cache/seal.h"
#include "support/result.h"

namespace kmatrix::cache {

/// Name of an entry, a file or a folder that appears whole or not at all: its kind is the folder.
struct Entry {
  std::string kind;  ///< "trees", "kernels"...
  std::string name;
  std::string path() const { return kind + "/" + name; }
  auto operator<=>(const Entry&) const = default;  // NOLINT(modernize-use-nullptr): not ours
};

/// How an entry comes to be.
struct Making {
  std::string label;          ///< for people
  Depth depth = Depth::look;  ///< how well one that is there already is checked
  /// Makes it at `into`, which does not exist; `scratch` is a folder of ours.
  std::function<Status(const std::filesystem::path& scratch, const std::filesystem::path& into)>
      make;
  /// An entry without a seal, of an earlier version: false if it is not whole. May complete it.
  std::function<Result<bool>(const std::filesystem::path&)> adopt = {};
  /// What a good entry lacks for this caller ("its objects were not kept"): then it is made again.
  /// Empty: nothing.
  std::function<std::string(const std::filesystem::path&)> lacks = {};
  /// Entry that this one shares unchanged files with.
  std::optional<Entry> like = {};
};

/// What get() found or made.
struct Found {
  std::filesystem::path path;
  bool made = false;
  std::string damage;  ///< why it was made again; empty otherwise
};

/// The entries of a cache folder: made once, sealed, checked when used, and kept while used. An
/// entry that differs from its seal is made again, and said. Several processes may use one cache;
/// thread-safe.
class Cache {
 public:
  using Say = std::function<void(const std::string&)>;
  Cache(std::filesystem::path folder, Say say, std::stop_token stop);

  std::filesystem::path place(const Entry& entry) const {
    return folder_ / entry.kind / entry.name;
  }

  /// The entry, good, and not to be removed while this object lives. One that this object has
  /// checked already is not checked again.
  Result<Found> get(const Entry& entry, const Making& making);

  /// Keeps the entry from being removed while this object lives, and notes that it was used. False
  /// if it is not there. It is not checked.
  Result<bool> keep(const Entry& entry);

 private:
  struct State {
    enum { absent, good, unsealed, damaged, poor } what = absent;
    std::string damage;  ///< or what it lacks
  };
  Result<State> look(const Entry& entry, Depth depth);
  Result<State> look(const Entry& entry, const Making& making);
  State judge(const Entry& entry, const Making& making) const;
  Result<bool> adopt(const Entry& entry, const Making& making);
  Status make(const Entry& entry, const Making& making);
  Status write_seal(const Entry& entry, const std::filesystem::path& content, const Making& making);
  bool is_checked(const Entry& entry);
  void set_checked(const Entry& entry);

  std::filesystem::path folder_;
  Say say_;
  std::stop_token stop_;
  std::mutex mutex_;
  InUse in_use_;
  std::set<Entry> checked_;
};

/// Where an entry's seal is; its time says when the entry was last used.
std::filesystem::path seal_file(const std::filesystem::path& cache, const Entry& entry);

/// Takes an entry and its seal away: at once for everybody else, then from the disk.
Status remove_entry(const std::filesystem::path& cache, const Entry& entry);

}  // namespace kmatrix::cache
