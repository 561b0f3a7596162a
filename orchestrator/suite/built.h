// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace kmatrix::suite {

/// What the build of a suite's selftests gave: the files `tests` (a name a line) and `blocked.json`
/// ({"name": "why it could not be built"}) of its folder.
struct Built {
  std::vector<std::string> tests;
  std::map<std::string, std::string> blocked;
};

/// The text of a `blocked.json`. Infrastructure error: it is damaged, or one of its names is none.
Result<std::map<std::string, std::string>> parse_blocked(
    const std::string& text, const std::filesystem::path& file,
    const std::function<bool(std::string_view)>& is_name);

/// Infrastructure error: the files are damaged, or `folder` is empty because nothing was built.
Result<Built> read_built(const std::filesystem::path& folder);

}  // namespace kmatrix::suite
