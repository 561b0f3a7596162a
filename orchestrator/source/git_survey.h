// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "source/git_process.h"
#include "support/result.h"

namespace kmatrix::source {

/// What there is to know of somebody's own work in a repository, to write an experiment of it.
struct GitSurvey {
  std::filesystem::path top;  ///< of the repository, or its bare folder
  std::string base;           ///< where the series begins: a tag, or the full name of a commit
  std::string base_name;      ///< what people call that: "v6.12", "v6.12-rc3-17-g0123456789ab"
  std::string tip;            ///< a branch, or the full name of a commit
  std::vector<std::string> titles;  ///< of the commits that change anything, oldest first
};

/// Looks at the repository that `folder` is in. `range` is "FROM..TO"; if empty, what HEAD has that
/// its upstream branch has not, or else the last tag. Input errors, at `at`, are those of
/// GitRepository, and that nobody can tell where the series begins.
Result<GitSurvey> survey(const std::filesystem::path& folder, const std::string& range,
                         const Location& at, GitProcess git);

}  // namespace kmatrix::source
