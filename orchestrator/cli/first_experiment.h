// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "source/git_survey.h"

namespace kmatrix::cli {

/// The compiler of a first experiment: its name there and its definition, as YAML.
struct FirstToolchain {
  std::string name, yaml;
  bool is_here = false;  ///< on this machine
};

/// The text of an experiment on somebody's own commits, with comments. It is written into `file` in
/// `folder` (absolute): a repository around that is named relative to it.
std::string first_experiment(const source::GitSurvey& survey, const FirstToolchain& toolchain,
                             const std::filesystem::path& folder, const std::string& file);

}  // namespace kmatrix::cli
