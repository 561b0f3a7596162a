// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/result.h"

namespace kmatrix::suite {

/// What the build of a suite's selftests gave: the files `tests` (a name a line) and `blocked.json`
/// ({"name": "why it could not be built"}) of its folder.
struct Built {
  std::vector<std::string> tests;
  std::map<std::string, std::string> blocked;
};

/// Infrastructure error: the files are damaged, or `folder` is empty because nothing was built.
Result<Built> read_built(const std::filesystem::path& folder);

}  // namespace kmatrix::suite
