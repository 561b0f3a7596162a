// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/selection.h"

#include <fmt/format.h>
#include <algorithm>

#include "support/text.h"

namespace kmatrix::suite {

Result<std::vector<std::string>> selected(const spec::Suite& spec,
                                          const std::vector<std::string>& names) {
  if (spec.select.empty()) return names;
  for (const auto& glob : spec.select) {
    const auto matches = [&](const auto& name) { return support::glob_match(glob, name); };
    if (std::any_of(names.begin(), names.end(), matches)) continue;
    auto hint = support::did_you_mean(glob, names);
    if (hint.empty() && !names.empty())
      hint = fmt::format("the suite has {} cases, such as '{}'", names.size(), names.front());
    return support::input_error(
        fmt::format("suite '{}': select '{}' matches no case", spec.name, glob), spec.at, hint);
  }
  std::vector<std::string> result;
  for (const auto& name : names) {
    const auto matches = [&](const auto& glob) { return support::glob_match(glob, name); };
    if (std::any_of(spec.select.begin(), spec.select.end(), matches)) result.push_back(name);
  }
  return result;
}

}  // namespace kmatrix::suite
