// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "report/explain.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

using compare::Setting;
using compare::SymbolDifference;
using nlohmann::ordered_json;

std::string value_word(const std::string& value) {
  return value == "n" ? "not set" : line_of(value);
}

std::string asker(const Setting& setting) {
  const auto& asked = setting.asked;
  std::string text = line_of(asked.asked_by);
  if (asked.value != setting.value) text += " (for " + value_word(asked.value) + ")";
  return asked.at.empty() ? text : text + " at " + line_of(asked.at);
}

std::string askers(const SymbolDifference& each) {
  const bool a = !each.a.asked.asked_by.empty(), b = !each.b.asked.asked_by.empty();
  if (!a && !b) return "nobody: Kconfig's own choice";
  std::vector<std::string> parts;
  if (a) parts.push_back("A: " + asker(each.a));
  if (b) parts.push_back("B: " + asker(each.b));
  return support::join(parts, "; ");
}

ordered_json setting_record(const Setting& setting) {
  return {{"value", text_or_null(setting.value)},
          {"asked_by", text_or_null(setting.asked.asked_by)},
          {"asked_value", text_or_null(setting.asked.value)},
          {"at", text_or_null(setting.asked.at)}};
}

ordered_json record_of(const ConfigOf& config) {
  ordered_json run = nullptr;
  if (config.run.value != 0) run = config.run.value;
  return {{"run", std::move(run)},
          {"kernel", text_or_null(config.kernel)},
          {"options_y", config.built_in},
          {"options_m", config.modules}};
}

std::string run_word(const ConfigOf& config) {
  return config.run.value != 0 ? fmt::format("run {}", config.run.value) : "configured only";
}

/// "598 =y, 5 =m".
std::string options_word(const ConfigOf& config) {
  return fmt::format("{} =y, {} =m", config.built_in, config.modules);
}

}  // namespace

std::string config_diff_text(const ConfigOf& a, const ConfigOf& b,
                             const std::vector<SymbolDifference>& differences) {
  Table head;
  head.add({"A", line_of(a.kernel), run_word(a), options_word(a)});
  head.add({"B", line_of(b.kernel), run_word(b), options_word(b)});
  Table table;
  table.add({"symbol", "A", "B", "asked for by"});
  for (const auto& each : differences)
    table.add(
        {line_of(each.symbol), value_word(each.a.value), value_word(each.b.value), askers(each)});
  const auto asked = std::count_if(differences.begin(), differences.end(), [](const auto& each) {
    return !each.a.asked.asked_by.empty() || !each.b.asked.asked_by.empty();
  });
  const std::string count =
      fmt::format("{} differ{}, {} of them asked for\n", count_of(differences.size(), "symbol"),
                  differences.size() == 1 ? "s" : "", asked);
  if (differences.empty()) return head.render(false) + "\nno symbol differs\n";
  return head.render(false) + "\n" + table.render(false) + "\n" + count;
}

ordered_json config_diff_json(const ConfigOf& a, const ConfigOf& b,
                              const std::vector<SymbolDifference>& differences) {
  auto symbols = ordered_json::array();
  for (const auto& each : differences)
    symbols.push_back({{"symbol", text_or_null(each.symbol)},
                       {"a", setting_record(each.a)},
                       {"b", setting_record(each.b)}});
  return {{"a", record_of(a)}, {"b", record_of(b)}, {"symbols", std::move(symbols)}};
}

}  // namespace kmatrix::report
