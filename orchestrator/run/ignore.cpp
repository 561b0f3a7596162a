// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/ignore.h"

#include <algorithm>
#include <set>

namespace kmatrix::run {

namespace {

bool is_meant(const spec::Ignore& ignore, std::string_view kind, std::string_view title) {
  return (ignore.kind.empty() || ignore.kind == kind) && matches_wildcards(ignore.title, title);
}

}  // namespace

Ignores ignores_of(const spec::Experiment& experiment, const plan::PlannedCell& cell) {
  Ignores ignores;
  for (const auto index : cell.ignore) ignores.push_back(&experiment.ignore[index]);
  return ignores;
}

const spec::Ignore* ignored_by(const Ignores& ignores, std::string_view kind,
                               std::string_view title) {
  const auto found = std::find_if(ignores.begin(), ignores.end(), [&](const auto* ignore) {
    return is_meant(*ignore, kind, title);
  });
  return found == ignores.end() ? nullptr : *found;
}

bool matches_wildcards(std::string_view pattern, std::string_view text) {
  // Where the last star was, and what it has swallowed so far: going back there is enough, for an
  // earlier star could only swallow what this one can.
  std::size_t at = 0, read = 0, star = pattern.npos, swallowed = 0;
  while (read < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      swallowed = read;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[read])) {
      ++at;
      ++read;
    } else if (star != pattern.npos) {
      at = star + 1;
      read = ++swallowed;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == pattern.npos;
}

Ignores useless_ignores(const spec::Experiment& experiment, const plan::Matrix& matrix,
                        const std::vector<std::string>& ran,
                        const std::vector<SeenIncident>& incidents) {
  const std::set<std::string_view> names(ran.begin(), ran.end());
  std::set<const spec::Ignore*> asked, useful;
  for (const auto& cell : matrix.cells) {
    if (!names.contains(cell.name)) continue;
    const auto ignores = ignores_of(experiment, cell);
    asked.insert(ignores.begin(), ignores.end());
    for (const auto* ignore : ignores)
      if (std::any_of(incidents.begin(), incidents.end(), [&](const auto& incident) {
            return incident.cell == cell.name && is_meant(*ignore, incident.kind, incident.title);
          }))
        useful.insert(ignore);
  }
  Ignores useless;
  for (const auto& ignore : experiment.ignore)
    if (asked.contains(&ignore) && !useful.contains(&ignore)) useless.push_back(&ignore);
  return useless;
}

}  // namespace kmatrix::run
