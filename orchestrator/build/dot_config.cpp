// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/dot_config.h"

#include <set>

#include "support/text.h"

namespace kmatrix::build {

namespace {
constexpr std::string_view prefix = "CONFIG_", unset_prefix = "# CONFIG_",
                           unset_suffix = " is not set";

struct Line {
  std::string_view symbol, value;  ///< no symbol: the line says nothing about any
};

Line parse(std::string_view line) {
  const auto sign = line.find('=');
  if (line.starts_with(prefix) && sign != std::string_view::npos)
    return {line.substr(prefix.size(), sign - prefix.size()), line.substr(sign + 1)};
  if (line.starts_with(unset_prefix) && line.ends_with(unset_suffix)) {
    line.remove_prefix(unset_prefix.size());
    line.remove_suffix(unset_suffix.size());
    return {line, "n"};
  }
  return {};
}
}  // namespace

DotConfig::DotConfig(std::string_view text) {
  for (const auto& each : support::split_lines(text))
    if (const Line line = parse(each); !line.symbol.empty())
      values_.insert_or_assign(std::string(line.symbol), std::string(line.value));
}

const std::string& DotConfig::value_of(std::string_view symbol) const {
  static const std::string unset = "n";
  const auto found = values_.find(symbol);
  return found == values_.end() ? unset : found->second;
}

std::size_t DotConfig::count(std::string_view value) const {
  return static_cast<std::size_t>(std::count_if(
      values_.begin(), values_.end(), [&](const auto& each) { return each.second == value; }));
}

std::string fragment_text(const std::vector<plan::ComposedSymbol>& symbols) {
  std::string text;
  for (const auto& each : symbols) {
    if (each.value == "n") {
      text.append(unset_prefix).append(each.symbol).append(unset_suffix).append("\n");
    } else {
      text.append(prefix).append(each.symbol).append("=").append(each.value).append("\n");
    }
  }
  return text;
}

std::string merged(std::string_view config, const std::vector<plan::ComposedSymbol>& symbols) {
  std::set<std::string, std::less<>> replaced;
  for (const auto& each : symbols) replaced.insert(each.symbol);
  std::string text;
  for (const auto& each : support::split_lines(config))
    if (!replaced.contains(parse(each).symbol)) text += each + "\n";
  return text + fragment_text(symbols);
}

std::string difference(const std::string& symbol, const std::string& wanted,
                       const std::string& actual) {
  if (actual == "n") return symbol + " is not set";
  return symbol + " is " + actual + ", not " + wanted;
}

}  // namespace kmatrix::build
