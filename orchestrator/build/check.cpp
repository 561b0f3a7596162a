// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/check.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/text.h"

namespace kmatrix::build {

namespace {

/// "suite a, suite b" -> a, b: suites that agree on a symbol share one ComposedSymbol.
std::vector<std::string> suites_in(std::string_view asked_by) {
  constexpr std::string_view separator = ", ", word = "suite ";
  std::vector<std::string> names;
  while (!asked_by.empty()) {
    const auto end = std::min(asked_by.find(separator), asked_by.size());
    std::string_view name = asked_by.substr(0, end);
    if (name.starts_with(word)) name.remove_prefix(word.size());
    names.emplace_back(name);
    asked_by.remove_prefix(std::min(end + separator.size(), asked_by.size()));
  }
  return names;
}

std::string indented(const std::string& lines) {
  std::string text;
  for (const auto& line : support::split_lines(lines)) text += "\n    " + line;
  return text;
}

Error unknown_symbol(const Mismatch& each, const RelationTable& table) {
  std::vector<std::string> names;
  names.reserve(table.size());
  for (const auto& [name, symbol] : table) names.push_back(name);
  return support::input_error(fmt::format("the tree has no symbol {} ({})", each.symbol, each.who),
                              each.at, support::did_you_mean(each.symbol, names));
}

void add_unmet(const Mismatch& each, const RelationTable& table, std::vector<UnmetNeed>& unmet) {
  for (const auto& suite : each.suites) {
    const auto same = [&](const UnmetNeed& need) { return need.suite == suite; };
    if (std::any_of(unmet.begin(), unmet.end(), same)) continue;
    unmet.push_back({suite, difference(each.symbol, each.wanted, each.actual),
                     account(table, each.symbol, each.wanted)});
  }
}

}  // namespace

std::vector<Mismatch> mismatches(const plan::PlannedKernel& kernel, const spec::Config& config,
                                 const DotConfig& result) {
  std::vector<Mismatch> found;
  for (const auto& each : kernel.symbols) {
    if (each.optional || result.is(each.symbol, each.value)) continue;
    Mismatch mismatch{
        each.symbol, each.value, result.value_of(each.symbol), "asked by " + each.asked_by,
        {},          each.at};
    if (each.kind == plan::OriginKind::suite) mismatch.suites = suites_in(each.asked_by);
    found.push_back(std::move(mismatch));
  }
  for (const auto& each : config.expect)
    if (each.applies_to(kernel.tree) && !result.is(each.symbol, each.value))
      found.push_back({each.symbol,
                       each.value,
                       result.value_of(each.symbol),
                       "expected by config " + config.name,
                       {},
                       each.at});
  return found;
}

std::optional<UnmetNeed> unmet_need(const spec::Suite& suite, const std::string& config_text,
                                    const std::vector<UnmetNeed>& explained) {
  const DotConfig config(config_text);
  for (const auto& need : suite.needs) {
    if (need.optional || config.is(need.symbol, need.value)) continue;
    UnmetNeed unmet{suite.name, difference(need.symbol, need.value, config.value_of(need.symbol)),
                    ""};
    for (const auto& each : explained)
      if (each.reason == unmet.reason) unmet.explanation = each.explanation;
    return unmet;
  }
  return std::nullopt;
}

void judge(const std::vector<Mismatch>& found, const RelationTable& table,
           KernelBuilder::Configured& into) {
  for (const auto& each : found) {
    const bool unknown = !table.empty() && !table.contains(each.symbol);
    if (unknown) {
      into.errors.push_back(unknown_symbol(each, table));
    } else if (!each.suites.empty()) {
      add_unmet(each, table, into.kernel.unmet);
    } else {
      into.errors.push_back(
          support::input_error(fmt::format("{}={} ({}) came out as {}", each.symbol, each.wanted,
                                           each.who, each.actual) +
                                   indented(account(table, each.symbol, each.wanted)),
                               each.at));
    }
  }
}

}  // namespace kmatrix::build
