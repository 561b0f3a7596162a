// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "spec/fragment.h"
#include "spec/sections.h"

namespace kmatrix::spec {

namespace {

/// make targets that give a .config without asking anybody.
bool is_base(const std::string& text) {
  static const std::set<std::string> targets = {"allnoconfig",  "alldefconfig", "allmodconfig",
                                                "allyesconfig", "tinyconfig",   "defconfig"};
  return targets.count(text) > 0 || (text.ends_with("_defconfig") && is_word(text, "._+-"));
}

void read_base(const Field& field, Config& config, Problems& problems) {
  constexpr std::string_view expected = "allnoconfig, defconfig, NAME_defconfig or tinyconfig";
  const auto base = read_text(field, expected, problems);
  if (base && is_base(*base))
    config.base = *base;
  else if (base)
    report_type(field, expected, problems, "a .config file goes into `fragments`");
}

/// `set` has the last word over the config's own fragments. What is set for one tree alone comes
/// last, and there the last one counts (plan/compose.h).
void add_settings(const std::vector<SymbolRequest>& settings,
                  std::vector<SymbolRequest>& requests) {
  std::set<std::string_view> set;
  for (const auto& setting : settings)
    if (setting.tree.empty()) set.insert(setting.symbol);
  std::erase_if(requests, [&](const SymbolRequest& each) { return set.count(each.symbol) > 0; });
  requests.insert(requests.end(), settings.begin(), settings.end());
  std::stable_partition(requests.begin(), requests.end(),
                        [](const SymbolRequest& each) { return each.tree.empty(); });
}

void check_expectations(const Config& config, Problems& problems) {
  for (const auto& expected : config.expect) {
    const SymbolRequest* asked = nullptr;
    for (const auto& request : config.requests)
      if (request.symbol == expected.symbol && request.applies_to(expected.tree)) asked = &request;
    if (asked != nullptr && asked->value != expected.value)
      problems.add(expected.at,
                   fmt::format("config {} expects CONFIG_{}={}, but asks for CONFIG_{}={} at {}",
                               quote(config.name), expected.symbol, expected.value, asked->symbol,
                               asked->value, support::to_string(asked->at)));
  }
}

Config read_config(const Entry& entry, const Fields& fields, const Reading& reading) {
  Config config;
  config.name = entry.key;
  config.at = entry.at;
  const auto toolchain = fields.required("toolchain");
  if (const auto name = read_text(toolchain, "the name of a toolchain", reading.problems)) {
    config.toolchain = *name;
    reading.check_reference(*toolchain.node, "toolchain", "config " + quote(entry.key),
                            reading.names.toolchains);
  }
  read_base(fields.optional("base"), config, reading.problems);
  auto fragments = read_fragments(fields.optional("fragments"), reading);
  config.requests = std::move(fragments.requests);
  config.tree_fragments = std::move(fragments.of_tree);
  add_settings(read_symbols(fields.optional("set"), reading), config.requests);
  config.expect = read_symbols(fields.optional("expect"), reading);
  check_expectations(config, reading.problems);
  return config;
}

}  // namespace

std::vector<Config> read_configs(const YamlNode* section, const Reading& reading) {
  std::vector<Config> configs;
  const auto read = [&](const Entry& entry, const Fields& fields) {
    configs.push_back(read_config(entry, fields, reading));
  };
  for_each_named({section, "configs", "config", keys::config}, reading, read);
  return configs;
}

}  // namespace kmatrix::spec
