// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/stored_json.h"

#include <nlohmann/json.hpp>

namespace kmatrix::cli {

using nlohmann::json;

namespace {

std::string dumped(const json& document) {
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// What `read` makes of the text; empty if that is not what was written here.
template <class List>
List from(const std::string& text, List (*read)(const json&)) {
  try {
    return text.empty() ? List() : read(json::parse(text));
  } catch (const json::exception&) {
    return {};
  }
}

}  // namespace

std::string to_stored(const plan::CellParts& parts) {
  json list = json::array();
  for (const auto& [name, value] : parts) list.push_back(json::array({name, value}));
  return dumped(list);
}

plan::CellParts cell_parts_from(const std::string& text) {
  return from<plan::CellParts>(text, [](const json& list) {
    plan::CellParts parts;
    for (const auto& each : list)
      parts.emplace_back(each.at(0).get<std::string>(), each.at(1).get<std::string>());
    return parts;
  });
}

std::string to_stored(const std::vector<plan::ComposedSymbol>& requests) {
  json list = json::array();
  for (const auto& each : requests)
    list.push_back({{"symbol", each.symbol},
                    {"value", each.value},
                    {"asked_by", each.asked_by},
                    {"at", support::to_string(each.at)}});
  return dumped(list);
}

std::vector<StoredRequest> requests_from(const std::string& text) {
  return from<std::vector<StoredRequest>>(text, [](const json& list) {
    std::vector<StoredRequest> requests;
    for (const auto& each : list)
      requests.push_back({each.at("symbol").get<std::string>(), each.at("value").get<std::string>(),
                          each.at("asked_by").get<std::string>(),
                          each.at("at").get<std::string>()});
    return requests;
  });
}

}  // namespace kmatrix::cli
