// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/selection.h"

#include <fmt/format.h>

#include <algorithm>

#include "spec/pattern.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::suite {

namespace {

Error no_match(const spec::Suite& spec, const std::string& pattern,
               const std::vector<std::string>& names) {
  auto hint = support::did_you_mean(pattern, names);
  if (hint.empty() && !names.empty())
    hint = fmt::format("the suite has {} cases, such as '{}'", names.size(), names.front());
  return support::input_error(
      fmt::format("suite '{}': select '{}' matches no case", spec.name, pattern), spec.at, hint);
}

}  // namespace

Result<std::vector<std::string>> selected(const spec::Suite& spec,
                                          const std::vector<std::string>& names) {
  for (const auto& pattern : spec.select)
    if (std::none_of(names.begin(), names.end(),
                     [&](const auto& name) { return spec::matches(pattern, name); }))
      return no_match(spec, pattern, names);
  std::vector<std::string> result;
  for (const auto& name : names)
    if ((spec.select.empty() || spec::matches_any(spec.select, name)) &&
        !spec::matches_any(spec.deny, name))
      result.push_back(name);
  if (result.empty() && !names.empty())
    return support::input_error(
        fmt::format("suite '{}': `deny` leaves no case of those that were selected", spec.name),
        spec.at);
  return result;
}

Result<std::vector<std::string>> denied(const spec::Suite& spec,
                                        const std::filesystem::path& source) {
  auto patterns = spec.deny;
  for (const auto& file : spec.tree_deny_files) {
    std::error_code failure;
    if (!std::filesystem::is_regular_file(source / file, failure))
      return support::input_error(
          fmt::format("suite '{}': the kernel tree has no file {}", spec.name, file), spec.at);
    auto text = support::read_file(source / file);
    if (!text) return text.error();
    for (auto& each : spec::parse_pattern_list(*text)) patterns.push_back(std::move(each));
  }
  return patterns;
}

}  // namespace kmatrix::suite
