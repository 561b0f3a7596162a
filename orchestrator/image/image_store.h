// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "cache/cache.h"
#include "support/digest.h"
#include "support/file.h"
#include "support/process.h"
#include "support/result.h"

namespace kmatrix::image {

/// images/NAME.yaml: how to make the root file system of a guest, or of a toolchain and what else a
/// build calls, without running what is in it.
struct Recipe {
  std::string name, arch, suite;
  std::vector<std::string> foreign;  ///< further architectures: packages NAME:ARCH
  std::vector<std::string> packages;
  std::vector<std::string> remove;           ///< globs of paths to leave out
  std::map<std::string, std::string> links;  ///< what postinst would have done: path -> target
  std::vector<std::string> folders;          ///< empty folders to make
  std::map<std::string, std::string> files;  ///< path -> content
  support::Digest digest;                    ///< of the recipe's text
};

/// The recipe's name is the file's. Input errors name line and column.
Result<Recipe> load_recipe(const std::filesystem::path& file);

/// A file that a cell's disk takes along: where it comes from, and its path on the disk.
struct DiskItem {
  std::filesystem::path from;  ///< file or folder on the host
  std::string to;              ///< relative path on the disk
};

/// Read-only erofs disks in the cache, by digest of what goes into them. A disk is read as a whole
/// before its first use (cache::Depth::read) and written again if it is not as it was made. Atomic;
/// several processes may use one cache.
class ImageStore {
 public:
  ImageStore(std::filesystem::path cache, support::ProcessRunner& runner,
             std::function<void(std::string)> say, std::stop_token stop);

  /// Root file system of the recipe with `agent` (a static executable) as /sbin/kmatrix-agent.
  Result<std::filesystem::path> root_disk(const Recipe& recipe, const std::filesystem::path& agent);

  /// An unpacked root file system.
  struct Root {
    std::filesystem::path folder;
    support::Digest content;
  };
  /// That of a toolchain's recipe.
  Result<Root> toolchain(const Recipe& recipe) { return root(recipe, cache::Depth::look); }
  /// True if the recipe's packages are there already.
  bool has_packages(const Recipe& recipe) const;

  /// A disk with modules and selftests; `label` is for people and logs only.
  Result<std::filesystem::path> cell_disk(const std::vector<DiskItem>& items,
                                          const std::string& label);

 private:
  Result<Root> root(const Recipe& recipe, cache::Depth depth);
  /// Its cache entry, with the folder `root` and the file `digest`.
  static cache::Entry packages(const Recipe& recipe);
  /// Makes root.tar in the folder.
  Status fetch(const Recipe& recipe, const std::filesystem::path& folder);
  /// The disk, made from the folder that `stage` fills.
  Result<std::filesystem::path> disk(
      const cache::Entry& entry, const std::string& label,
      const std::function<Status(const std::filesystem::path&)>& stage);
  Status write_disk(const std::filesystem::path& content, const std::filesystem::path& file);

  std::filesystem::path cache_;
  support::ProcessRunner& runner_;
  std::function<void(std::string)> say_;
  std::stop_token stop_;
  cache::Cache entries_;
};

}  // namespace kmatrix::image
