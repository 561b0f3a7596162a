// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/config_diff.h"

#include <algorithm>
#include <set>

namespace kmatrix::compare {

namespace {

Setting setting_of(const FinalConfig& config, const std::string& symbol) {
  Setting setting{"n", {}};
  if (const auto value = config.values.find(symbol); value != config.values.end())
    setting.value = value->second;
  if (const auto asked = config.asked.find(symbol); asked != config.asked.end())
    setting.asked = asked->second;
  return setting;
}

bool is_asked_for(const SymbolDifference& each) {
  return !each.a.asked.asked_by.empty() || !each.b.asked.asked_by.empty();
}

}  // namespace

std::vector<SymbolDifference> config_differences(const FinalConfig& a, const FinalConfig& b) {
  std::set<std::string> symbols;
  for (const auto* config : {&a, &b})
    for (const auto& value : config->values) symbols.insert(value.first);
  std::vector<SymbolDifference> differences;
  for (const auto& symbol : symbols) {
    SymbolDifference each{symbol, setting_of(a, symbol), setting_of(b, symbol)};
    if (each.a.value != each.b.value) differences.push_back(std::move(each));
  }
  std::stable_partition(differences.begin(), differences.end(), is_asked_for);
  return differences;
}

}  // namespace kmatrix::compare
