// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "cache/in_use.h"
#include "source/git_repository.h"
#include "spec/git.h"
#include "support/process.h"

namespace kmatrix::source {

/// Git repositories as experiments name them. One on this machine is read in place; a URL is
/// mirrored in the cache (git/) once, and fetched again when a revision is not there or on refresh.
/// Several processes may use one cache.
class GitSources : public spec::GitReader {
 public:
  /// `refresh`: read_range() fetches each URL once more. `say` gets a line about each long step.
  GitSources(std::filesystem::path cache, support::ProcessRunner& runner,
             std::function<void(std::string)> say, std::stop_token stop, bool refresh = false);

  Status check(const spec::GitOrigin& origin) override;
  Result<std::vector<spec::Patch>> read_range(const spec::GitRange& range) override;

  /// The commit that the origin means now.
  Result<GitCommit> resolve(const spec::GitOrigin& origin, bool refresh);
  /// The same without a fetch; nullopt if it is not known without.
  std::optional<GitCommit> resolve_cheaply(const spec::GitOrigin& origin);
  /// Writes the files of a tree object that resolve() gave into the existing empty folder `into`.
  Status unpack(const spec::GitOrigin& origin, const std::string& tree,
                const std::filesystem::path& scratch, const std::filesystem::path& into,
                const Location& at);

 private:
  std::filesystem::path mirror_of(const std::string& url) const;
  /// Keeps the mirror from being removed while this object lives, and notes that it was used.
  Status keep(const std::filesystem::path& mirror);
  /// Opens without a fetch; for a URL that was never fetched nullopt.
  Result<std::optional<GitRepository>> open(const std::string& repository, const Location& at);
  /// Opens, for a URL after a first fetch or on `refresh` after another one.
  Result<GitRepository> open_fetched(const std::string& repository, const Location& at,
                                     bool refresh);
  /// `revision` is fetched by its name if it is a commit's full one.
  Status fetch(const std::string& url, const std::string& revision, const Location& at);

  std::filesystem::path cache_;
  cache::InUse in_use_;
  std::set<std::filesystem::path> kept_;
  support::ProcessRunner& runner_;
  std::function<void(std::string)> say_;
  std::stop_token stop_;
  bool refresh_;
  std::set<std::string> fetched_;  ///< URLs, by this object
};

}  // namespace kmatrix::source
