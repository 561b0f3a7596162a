// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/flaky.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace kmatrix::compare {

namespace {

using Sightings = std::vector<std::pair<std::int64_t, std::string>>;

/// "3 passed,4 failed"
Sightings parse(const std::string& text) {
  Sightings seen;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::size_t space = text.find(' ', at);
    if (space != std::string::npos && space < end) {
      std::int64_t run = 0;
      std::from_chars(text.data() + at, text.data() + space, run);
      seen.emplace_back(run, text.substr(space + 1, end - space - 1));
    }
    at = end + 1;
  }
  return seen;
}

std::map<std::string, std::size_t> counts(const Sightings& seen) {
  std::map<std::string, std::size_t> counted;
  for (const auto& each : seen) ++counted[each.second];
  return counted;
}

/// Observations of one key that were not the usual outcome.
std::size_t unusual(const Sightings& seen) {
  std::size_t most = 0;
  for (const auto& [outcome, count] : counts(seen)) most = std::max(most, count);
  return seen.size() - most;
}

void finish(FlakyCase& each) {
  std::sort(each.seen.begin(), each.seen.end());
  for (const auto& [outcome, count] : counts(each.seen)) each.outcomes.emplace_back(outcome, count);
  std::stable_sort(each.outcomes.begin(), each.outcomes.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
}

}  // namespace

std::vector<FlakyCase> flaky(const std::vector<store::UnstableCase>& unstable) {
  std::map<std::pair<std::string, std::string>, FlakyCase> merged;
  std::map<const FlakyCase*, std::size_t> odd;
  for (const auto& row : unstable) {
    auto& each = merged[{row.cell, row.case_name}];
    each.cell = row.cell;
    each.suite = row.suite;
    each.case_name = row.case_name;
    ++each.keys;
    const Sightings seen = parse(row.seen);
    each.seen.insert(each.seen.end(), seen.begin(), seen.end());
    odd[&each] += unusual(seen);
  }
  std::vector<FlakyCase> list;
  for (auto& [name, each] : merged) {
    finish(each);
    if (!each.seen.empty())
      each.rate = static_cast<double>(odd[&each]) / static_cast<double>(each.seen.size());
    list.push_back(each);
  }
  std::stable_sort(list.begin(), list.end(),
                   [](const auto& a, const auto& b) { return a.rate > b.rate; });
  return list;
}

}  // namespace kmatrix::compare
