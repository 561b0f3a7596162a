// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "support/text.h"

// A key is the SHA-256 of a sequence of named, length-framed fields (support::Hasher), so two
// different inputs never give the same bytes. What has no order (symbols, expectations) is sorted
// first; what only serves people (who asked for a symbol, in which file) does not count.
//
// There are two keys because Kconfig stands between what is asked and what is built. RecipeKey
// covers all that is known before Kconfig ran; KernelKey covers the .config that came out of it, so
// that two recipes with the same .config share one kernel. `expect` belongs to the recipe alone: it
// decides whether we build, never what.
namespace kmatrix::plan {

namespace {

using support::Digest;
using support::Hasher;
using Values = std::map<std::string, std::string>;

template <class Request>
void hash_requests(Hasher& hasher, std::string_view field, const std::vector<Request>& requests) {
  std::set<std::tuple<std::string_view, std::string_view, bool>> sorted;
  for (const auto& each : requests) sorted.emplace(each.symbol, each.value, each.optional);
  for (const auto& [symbol, value, optional] : sorted) {
    hasher.field(field, symbol);
    hasher.field("value", value);
    if (optional) hasher.field("optional", "");
  }
}

void hash_common(Hasher& hasher, std::string_view what, const RecipeInputs& inputs) {
  hasher.field(what, std::to_string(recipe_version));
  hasher.field("tree", inputs.tree.hex);
  hasher.field("series", inputs.series.hex);
  hasher.field("arch", inputs.arch);
  hasher.field("compiler", inputs.compiler);
}

template <class Request>
Values values_of(const std::vector<Request>& requests) {
  Values values;
  for (const auto& each : requests)
    values[each.symbol] = each.value + (each.optional ? " (optional)" : "");
  return values;
}

void compare_values(const Values& before, const Values& now, std::string_view prefix,
                    std::vector<std::string>& phrases) {
  Values all = before;
  all.insert(now.begin(), now.end());
  const auto word = [](const Values& values, const std::string& symbol) {
    const auto found = values.find(symbol);
    return found == values.end() ? std::string("not asked for") : found->second;
  };
  for (const auto& [symbol, value] : all) {
    const auto was = word(before, symbol);
    const auto is = word(now, symbol);
    if (was != is) phrases.push_back(fmt::format("{}{} {} -> {}", prefix, symbol, was, is));
  }
}

std::string series_phrase(const Digest& before, const Digest& now) {
  if (before.empty()) return "series added: " + now.brief();
  if (now.empty()) return "series removed";
  return fmt::format("series changed: {} -> {}", before.brief(), now.brief());
}

/// The lines of `text` that `other` does not have, on one line; all of them if there are none.
std::string distinct_lines(const std::string& text, const std::string& other) {
  const auto lines = support::split_lines(text);
  const auto others = support::split_lines(other);
  std::vector<std::string> distinct;
  for (const auto& line : lines)
    if (std::find(others.begin(), others.end(), line) == others.end()) distinct.push_back(line);
  const auto words = support::join(distinct.empty() ? lines : distinct, ", ");
  return words.empty() ? "none" : words;
}

bool is_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string changed(const std::string& name, const std::string& was, const std::string& is) {
  if (name == "cell") return "kmatrix runs or judges cases differently now";
  if (is_digest(was) && is_digest(is))
    return fmt::format("{} changed: {} -> {}", name, Digest{was}.brief(), Digest{is}.brief());
  const auto word = [](const std::string& value) {
    return value.empty() ? "none" : is_digest(value) ? Digest{value}.brief() : value;
  };
  return fmt::format("{} {} -> {}", name, word(was), word(is));
}

void add_suite_parts(const CellInputs& inputs, CellParts& parts) {
  const auto& suite = inputs.suite;
  for (const auto& pattern : suite.select) parts.emplace_back("select", pattern);
  for (const auto& pattern : suite.deny) parts.emplace_back("deny", pattern);
  for (const auto& file : suite.tree_deny_files) parts.emplace_back("deny file", file);
  for (const auto& target : suite.targets) parts.emplace_back("target", target);
  for (const auto& each : suite.cases) parts.emplace_back("case " + each.name, each.command);
  for (const auto& [name, digest] : inputs.files) parts.emplace_back("file " + name, digest.hex);
  if (suite.protocol != spec::Protocol::automatic)
    parts.emplace_back("protocol", to_string(suite.protocol));
  if (suite.is_built()) parts.emplace_back("selftests", std::to_string(selftests_version));
}

}  // namespace

Digest series_digest(const std::vector<spec::Patch>& patches) {
  if (patches.empty()) return {};
  Hasher hasher;
  hasher.field("kmatrix series", "1");
  for (const auto& patch : patches) hasher.field("patch", patch.content);
  return hasher.finish();
}

CellParts cell_parts(const CellInputs& inputs) {
  const auto& machine = inputs.machine;
  CellParts parts{{"cell", std::to_string(cell_version)},
                  {"kernel", inputs.kernel.digest.hex},
                  {"arch", machine.arch},
                  {"accel", to_string(machine.accel)},
                  {"cpu", machine.cpu},
                  {"cpus", std::to_string(machine.cpus)},
                  {"memory_mib", std::to_string(machine.memory_mib)},
                  {"kernel_args", machine.kernel_args},
                  {"runner", to_string(inputs.suite.runner)}};
  add_suite_parts(inputs, parts);
  if (!inputs.tests.hex.empty()) parts.emplace_back("tests", inputs.tests.hex);
  parts.emplace_back("image", inputs.image.hex);
  parts.emplace_back("agent", inputs.agent.hex);
  parts.emplace_back("guest scripts", inputs.guest_scripts.hex);
  parts.emplace_back("hypervisor", inputs.hypervisor);
  return parts;
}

std::string values_called(const std::string& name, const CellParts& parts) {
  std::vector<std::string> values;
  for (const auto& part : parts)
    if (part.first == name) values.push_back(part.second);
  return support::join(values, ", ");
}

Digest cell_key(const CellParts& parts) {
  Hasher hasher;
  for (const auto& [name, value] : parts) hasher.field(name, value);
  return hasher.finish();
}

Digest ignore_key(const spec::Experiment& experiment, const PlannedCell& cell) {
  if (cell.ignore.empty()) return {};
  Hasher hasher;
  hasher.field("kmatrix ignore", "1");
  for (const auto index : cell.ignore) {
    const auto& ignore = experiment.ignore[index];
    hasher.field("kind", ignore.kind);
    hasher.field("title", ignore.title);
    hasher.field("reason", ignore.reason);
  }
  return hasher.finish();
}

RecipeKey recipe_key(const RecipeInputs& inputs) {
  Hasher hasher;
  hash_common(hasher, "kmatrix recipe", inputs);
  hasher.field("base config", inputs.base_config);
  hash_requests(hasher, "symbol", inputs.symbols);
  hash_requests(hasher, "expect", inputs.expect);
  for (const auto& path : inputs.tree_fragments) hasher.field("tree fragment", path);
  return {hasher.finish()};
}

KernelKey kernel_key(const RecipeInputs& inputs, const Digest& final_config) {
  Hasher hasher;
  hash_common(hasher, "kmatrix kernel", inputs);
  hasher.field("config", final_config.hex);
  return {hasher.finish()};
}

std::vector<std::string> differences(const RecipeInputs& before, const RecipeInputs& now) {
  std::vector<std::string> phrases;
  if (before.tree != now.tree)
    phrases.push_back(fmt::format("tree changed: {} -> {}", before.tree.brief(), now.tree.brief()));
  if (before.series != now.series) phrases.push_back(series_phrase(before.series, now.series));
  if (before.arch != now.arch)
    phrases.push_back(fmt::format("architecture changed: {} -> {}", before.arch, now.arch));
  if (before.compiler != now.compiler)
    phrases.push_back(fmt::format("compiler changed: {} -> {}",
                                  distinct_lines(before.compiler, now.compiler),
                                  distinct_lines(now.compiler, before.compiler)));
  if (before.base_config != now.base_config)
    phrases.push_back(fmt::format("base {} -> {}", before.base_config, now.base_config));
  if (before.tree_fragments != now.tree_fragments) {
    const auto words = [](const std::vector<std::string>& paths) {
      return paths.empty() ? std::string("none") : support::join(paths, ", ");
    };
    phrases.push_back(fmt::format("fragments of the tree {} -> {}", words(before.tree_fragments),
                                  words(now.tree_fragments)));
  }
  compare_values(values_of(before.symbols), values_of(now.symbols), "", phrases);
  compare_values(values_of(before.expect), values_of(now.expect), "expected ", phrases);
  return phrases;
}

std::vector<std::string> differences(const CellParts& before, const CellParts& now) {
  std::vector<std::string> phrases;
  std::set<std::string_view> seen;
  for (const auto* parts : {&now, &before})
    for (const auto& part : *parts) {
      if (!seen.insert(part.first).second) continue;
      const auto was = values_called(part.first, before);
      const auto is = values_called(part.first, now);
      if (was != is) phrases.push_back(changed(part.first, was, is));
    }
  return phrases;
}

}  // namespace kmatrix::plan
