// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "source/git_process.h"
#include "spec/git.h"
#include "support/result.h"

namespace kmatrix::source {

struct GitCommit {
  std::string commit, tree;  ///< full names of the two objects
  bool operator==(const GitCommit&) const = default;
};

/// A git repository on this machine, only ever read: the user's own, or our mirror of a URL.
class GitRepository {
 public:
  /// `folder` is its top or bare folder; `name` is what messages call it. Input errors at `at`: not
  /// a repository, or one of another user that git does not trust.
  static Result<GitRepository> open(const std::filesystem::path& folder, const std::string& name,
                                    const Location& at, GitProcess git);

  const std::string& name() const { return name_; }

  /// The commit that a revision means; input errors at `at`, with a did-you-mean of the branches
  /// and tags.
  Result<GitCommit> resolve(const std::string& revision, const Location& at);

  /// One patch a commit, oldest first, as `git apply` takes them; commits without a change are left
  /// out. Input errors at range.range_at: no commit, a merge, more than 1,000 commits, a history
  /// that is cut off (shallow).
  Result<std::vector<spec::Patch>> patches(const spec::GitRange& range);

  /// Writes the files of a tree object into the existing empty folder `into`, exactly as they are
  /// in the repository: .gitattributes change nothing. `scratch` is for files of our own. Input
  /// errors at `at`: submodules, links that lead out of the tree, objects that are not there.
  Status unpack(const std::string& tree, const std::filesystem::path& scratch,
                const std::filesystem::path& into, const Location& at);

 private:
  struct Listed {
    std::string commit, title;
    std::vector<std::string> parents;
  };

  GitRepository(std::filesystem::path folder, std::string name, GitProcess git)
      : folder_(std::move(folder)), name_(std::move(name)), git_(std::move(git)) {}
  Error unknown_revision(const std::string& revision, const std::string& output,
                         const Location& at);
  Result<std::vector<Listed>> list(const std::string& from, const std::string& to);
  Status check_linear(const std::vector<Listed>& commits, const spec::GitRange& range) const;
  Error empty_range(const spec::GitRange& range, const std::string& from, const std::string& to);
  Result<spec::Patch> patch_of(const Listed& commit, const std::filesystem::path& file);
  Status refuse_submodules(const std::string& tree, const Location& at);

  std::filesystem::path folder_;
  std::string name_;
  GitProcess git_;
  std::filesystem::path objects_;
  std::string object_format_;
  bool shallow_ = false;
};

}  // namespace kmatrix::source
