// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "support/process.h"
#include "support/result.h"

namespace kmatrix::source {

/// Runs git on repositories that are not trusted. Only plumbing is used; whatever of a repository's
/// own configuration could start a program (hooks, fsmonitor, pagers, filters, the fetching of
/// missing objects) is switched off, and replaced objects are not heard of. The user's own
/// configuration counts only where it says which repositories are safe, and for fetching.
class GitProcess {
 public:
  GitProcess(support::ProcessRunner& runner, std::stop_token stop)
      : runner_(runner), stop_(std::move(stop)) {}

  /// `git ARGS` in the repository whose top, or bare folder, is `folder`: one around it is not
  /// found.
  Result<support::Exit> in_repository(const std::filesystem::path& folder,
                                      const std::vector<std::string>& arguments);
  /// `git ARGS` in `folder`, in whatever repository that is.
  Result<support::Exit> in_folder(const std::filesystem::path& folder,
                                  const std::vector<std::string>& arguments);
  /// `git ARGS` with GIT_DIR = `git_dir`, ours alone, on the objects in `objects`.
  Result<support::Exit> on_objects(const std::filesystem::path& git_dir,
                                   const std::filesystem::path& objects,
                                   const std::vector<std::string>& arguments);
  /// `git ARGS` with GIT_DIR = `git_dir`, ours alone, and with the network.
  Result<support::Exit> with_network(const std::filesystem::path& git_dir,
                                     const std::vector<std::string>& arguments);

  const std::stop_token& stop() const { return stop_; }

 private:
  using Environment = std::map<std::string, std::string>;
  Result<support::Exit> run(const std::filesystem::path& folder, Environment environment,
                            const std::vector<std::string>& arguments);

  support::ProcessRunner& runner_;
  std::stop_token stop_;
};

/// What git said, for a message: the first lines that are no progress, on one line.
std::string git_words(const std::string& output);

/// The full name of an object (SHA-1 or SHA-256) among the lines of an output; "" if there is none.
std::string object_name_in(const std::string& output);
bool is_object_name(std::string_view text);

}  // namespace kmatrix::source
