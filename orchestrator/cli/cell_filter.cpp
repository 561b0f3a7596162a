// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cell_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "support/clock.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

/// Has `text` digits where the form has '0', and its own character everywhere else?
bool has_form(const std::string& text, std::string_view form) {
  return text.size() == form.size() &&
         std::equal(text.begin(), text.end(), form.begin(), [](char is, char wanted) {
           return wanted == '0' ? is >= '0' && is <= '9' : is == wanted;
         });
}

/// "7d"; nothing for any other text.
std::optional<std::chrono::hours> age(const std::string& text) {
  constexpr std::size_t longest = 6;
  if (text.size() < 2 || text.size() > longest ||
      text.find_first_not_of("0123456789") != text.size() - 1)
    return std::nullopt;
  const int hours_each = text.back() == 'h'   ? 1
                         : text.back() == 'd' ? 24
                         : text.back() == 'w' ? 7 * 24
                                              : 0;
  if (hours_each == 0) return std::nullopt;
  return std::chrono::hours(std::stoi(text) * hours_each);
}

}  // namespace

void add_filter(CLI::App* command, store::CellFilter& filter) {
  command->add_option("--tree", filter.tree, "Only cells of this tree")->type_name("GLOB");
  command->add_option("--series", filter.series, "Only cells of this series")->type_name("GLOB");
  command->add_option("--config", filter.config, "Only cells of this config")->type_name("GLOB");
  command->add_option("--machine", filter.machine, "Only cells of this machine")->type_name("GLOB");
  command
      ->add_option("--since", filter.since,
                   "Only runs that began since then: 2026-01-31, 2026-01-31T12:00:00Z, 12h, 7d, 4w")
      ->type_name("TIME");
}

Result<store::CellFilter> checked_filter(store::CellFilter filter,
                                         std::chrono::system_clock::time_point now) {
  const std::string& since = filter.since;
  // A date stands before all times of its day in the order of texts.
  if (since.empty() || has_form(since, "0000-00-00") || has_form(since, "0000-00-00T00:00:00Z"))
    return filter;
  const auto before = age(since);
  if (!before)
    return support::input_error(fmt::format("--since: '{}' is no time", since), {},
                                "2026-01-31, 2026-01-31T12:00:00Z, 12h, 7d or 4w");
  filter.since = support::iso_time(now - *before);
  return filter;
}

Status check_names(const store::Store& store, const store::CellFilter& filter) {
  const auto known = store.coordinates();
  if (!known) return known.error();
  for (const auto& [axis, wanted] :
       {std::pair("tree", &filter.tree), std::pair("series", &filter.series),
        std::pair("config", &filter.config), std::pair("machine", &filter.machine)}) {
    std::vector<std::string> names;
    for (const auto& each : *known)
      if (each.axis == axis) names.push_back(each.name);
    const auto fits = [&, glob = wanted](const std::string& name) {
      return support::glob_match(*glob, name);
    };
    if (wanted->empty() || std::any_of(names.begin(), names.end(), fits)) continue;
    const auto near = support::did_you_mean(*wanted, names);
    return support::input_error(fmt::format("no run has a {} '{}'", axis, *wanted), {},
                                near.empty() ? "there are " + support::join(names, ", ") : near);
  }
  return {};
}

}  // namespace kmatrix::cli
