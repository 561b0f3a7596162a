// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/claim_subjects.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace kmatrix::compare {

namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

/// The only value of the list; else that of the cell.
const std::string& other(const std::vector<std::string>& values, const std::string& own) {
  return values.size() == 1 ? values.front() : own;
}

/// tree/series/config, as kernels are named; one of another architecture has that behind it.
std::string kernel_part(const store::CellRow& cell) {
  return fmt::format("{}/{}/{}", cell.tree, cell.series, cell.config);
}

}  // namespace

bool is_meant(const spec::Slice& where, const store::CellRow& cell) {
  return holds(where.trees, cell.tree) && holds(where.series, cell.series) &&
         holds(where.configs, cell.config) && holds(where.machines, cell.machine) &&
         holds(where.suites, cell.suite);
}

bool is_whole(const store::CellRow& cell) {
  return cell.state == "unavailable" || cell.state == "blocked";
}

std::string coordinates_but(const store::CellRow& cell, const std::string& axis) {
  std::string text;
  const auto add = [&](const char* name, const std::string& value) {
    text += (axis == name ? "" : value) + "/";
  };
  add("tree", cell.tree);
  add("series", cell.series);
  add("config", cell.config);
  add("machine", cell.machine);
  add("suite", cell.suite);
  return text;
}

std::string counted(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string value_in_config(const std::string& config_text, const std::string& symbol) {
  const auto line = "\nCONFIG_" + symbol + "=";
  const auto text = "\n" + config_text;
  const auto at = text.find(line);
  if (at == std::string::npos) return "n";
  const auto begin = at + line.size();
  return text.substr(begin, text.find('\n', begin) - begin);
}

ClaimSubjects::ClaimSubjects(const ClaimInputs& inputs) : inputs_(inputs) {
  for (const auto& cell : inputs.cells) {
    cells_[cell.name] = &cell;
    cases_[cell.id];
  }
  for (const auto& result : inputs.cases) cases_[result.cell].push_back(&result);
}

const store::CellRow* ClaimSubjects::cell(const std::string& name) const {
  const auto found = cells_.find(name);
  return found == cells_.end() ? nullptr : found->second;
}

const std::vector<const store::CaseRow*>& ClaimSubjects::cases(const store::CellRow& cell) const {
  return cases_.at(cell.id);
}

std::string ClaimSubjects::partner_of(const store::CellRow& cell, const spec::Slice& as) const {
  const auto wanted = std::tie(other(as.trees, cell.tree), other(as.series, cell.series),
                               other(as.configs, cell.config), other(as.machines, cell.machine),
                               other(as.suites, cell.suite));
  for (const auto& each : inputs_.planned)
    if (std::tie(each.tree, each.series, each.config, each.machine, each.suite) == wanted)
      return each.name;
  return {};
}

std::vector<ClaimSubjects::KernelGroup> ClaimSubjects::kernels_along(
    const spec::Slice& where, const std::string& axis) const {
  std::vector<KernelGroup> groups;
  std::map<std::string, std::size_t> group_of;
  std::set<std::string> seen;
  for (const auto& cell : inputs_.planned) {
    if (!is_meant(where, cell) || !seen.insert(kernel_part(cell)).second) continue;
    const auto group = [&](const std::string& arch) -> KernelGroup& {
      const auto key = fmt::format("{}/{}/{}/{}", axis == "tree" ? "" : cell.tree,
                                   axis == "series" ? "" : cell.series,
                                   axis == "config" ? "" : cell.config, arch);
      const auto [place, added] = group_of.try_emplace(key, groups.size());
      if (added) groups.emplace_back();
      return groups[place->second];
    };
    bool found = false;
    for (const auto& kernel : inputs_.kernels) {
      if (kernel.tree != cell.tree || kernel.series != cell.series || kernel.config != cell.config)
        continue;
      group(kernel.arch).kernels.push_back(&kernel);
      found = true;
    }
    if (!found) group("").absent.push_back(kernel_part(cell));
  }
  return groups;
}

}  // namespace kmatrix::compare
