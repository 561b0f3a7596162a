// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "cache/cache.h"
#include "source/git_sources.h"
#include "spec/experiment.h"
#include "support/digest.h"
#include "support/process.h"
#include "support/result.h"

namespace kmatrix::source {

/// What a tree is right now: a digest that changes with its content, and words for people.
struct TreeIdentity {
  support::Digest digest;
  std::string description;    ///< "linux-source-6.12 6.12.117-1~deb12u1"
  std::string git_tree = {};  ///< of a git revision: the name of its tree object
  bool operator==(const TreeIdentity&) const = default;
};

/// Kernel sources in the cache: a pristine folder once per digest (trees/), and private copies
/// with a series applied (sources/), which share unchanged files with it by hard links. Both are
/// looked at when they are used (cache::Depth::look) and made again if they were changed. Several
/// processes may use one cache.
class TreeStore {
 public:
  /// `say` gets a line about each long step. `runner` outlives the store.
  TreeStore(std::filesystem::path cache, support::ProcessRunner& runner,
            std::function<void(std::string)> say, std::stop_token stop);

  /// Which content the tree has. A Debian package without a version stays at what it was resolved
  /// to the first time until `refresh`; a folder is digested each time; a git revision is its
  /// tree object, and of a URL what was fetched last until `refresh`.
  Result<TreeIdentity> identify(const spec::Tree& tree, bool refresh = false);

  /// identify() without network or long work: nullopt if it is not known yet.
  std::optional<TreeIdentity> identify_cheaply(const spec::Tree& tree);

  /// Folder of the pristine tree, fetched and unpacked if it is not there yet. Archives with
  /// entries that point outside of the tree are refused (input error).
  Result<std::filesystem::path> pristine(const spec::Tree& tree, const TreeIdentity& identity);

  /// Folder with the series applied. A patch that does not apply is an input error with patch
  /// file and line, hunk number and target file; nothing stays behind. Patches that touch a path
  /// outside of the tree are refused.
  Result<std::filesystem::path> patched(const spec::Tree& tree, const TreeIdentity& identity,
                                        const std::vector<spec::Patch>& patches);

 private:
  Result<TreeIdentity> identify_package(const spec::DebianOrigin& origin, const Location& at,
                                        bool refresh);
  Result<TreeIdentity> identify_tarball(const spec::TarballOrigin& origin, const Location& at);
  Result<TreeIdentity> identify_folder(const spec::FolderOrigin& origin, const Location& at);
  Result<TreeIdentity> identify_git(const spec::GitOrigin& origin, bool refresh);
  /// Puts the tree's content into the new folder `into`.
  Status fill(const spec::Tree& tree, const TreeIdentity& identity,
              const std::filesystem::path& scratch, const std::filesystem::path& into);
  Status fill_from_package(const TreeIdentity& identity, const Location& at,
                           const std::filesystem::path& scratch, const std::filesystem::path& into);
  Status fill_from_folder(const spec::FolderOrigin& origin, const TreeIdentity& identity,
                          const Location& at, const std::filesystem::path& scratch,
                          const std::filesystem::path& into);
  std::filesystem::path cache_;
  support::ProcessRunner& runner_;
  std::function<void(std::string)> say_;
  std::stop_token stop_;
  GitSources git_;
  cache::Cache entries_;
};

}  // namespace kmatrix::source
