// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/fragment_text.h"

#include <map>
#include <nlohmann/json.hpp>

namespace kmatrix::bundle {

std::string fragment_text(const std::vector<spec::SymbolRequest>& requests,
                          const std::string& comment) {
  std::string text = "# " + comment + "\n";
  for (const auto& each : requests) {
    if (each.optional) text += "# kmatrix: optional\n";
    text += each.value == "n" ? "# CONFIG_" + each.symbol + " is not set\n"
                              : "CONFIG_" + each.symbol + "=" + each.value + "\n";
  }
  return text;
}

std::vector<spec::SymbolRequest> requests_for(const std::vector<spec::SymbolRequest>& requests,
                                              const std::string& tree) {
  std::vector<spec::SymbolRequest> chosen;
  std::map<std::string, std::size_t> places;
  for (const auto& each : requests) {
    if (!each.applies_to(tree)) continue;
    const auto [found, is_new] = places.emplace(each.symbol, chosen.size());
    if (is_new)
      chosen.push_back(each);
    else
      chosen[found->second] = each;
  }
  return chosen;
}

std::vector<spec::SymbolRequest> asked_for(const plan::PlannedKernel& kernel, plan::OriginKind kind,
                                           const std::string& except) {
  std::vector<spec::SymbolRequest> requests;
  for (const auto& each : kernel.symbols)
    if (each.kind == kind && each.asked_by != except)
      requests.push_back({each.symbol, each.value, each.at, "", each.optional});
  return requests;
}

std::string yaml_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string yaml_value(const std::string& value) {
  return value.starts_with('"') ? yaml_text(value) : value;
}

}  // namespace kmatrix::bundle
