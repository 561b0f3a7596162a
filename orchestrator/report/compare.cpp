// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/compare.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "report/report.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

using compare::CaseRowCompared;
using compare::Comparison;
using compare::Group;
using nlohmann::ordered_json;

/// Beyond so many cases with the same outcomes, a group's are counted instead of listed.
constexpr std::size_t listed_same = 25;

/// What a group's cells say of themselves, where that is more than "done".
std::string cell_lines(const Comparison& comparison, const Group& group, bool colour) {
  Table table(2);
  for (std::size_t i = 0; i < group.cells.size(); ++i) {
    const auto& cell = group.cells[i];
    if (cell.state == "done") continue;
    std::string text = cell.state.empty() ? "no such cell" : line_of(cell.state);
    if (!cell.reason.empty()) text += ": " + line_of(cell.reason);
    const Tone tone = cell.state.empty() ? Tone::dim : tone_of_outcome(cell.state);
    table.add({line_of(comparison.values[i]), Piece(text, tone)});
  }
  return table.render(colour);
}

/// Messages of the outcomes that are bad, each after its value of the axis.
std::string messages_of(const Comparison& comparison, const Group& group,
                        const CaseRowCompared& compared) {
  std::vector<std::string> said;
  for (std::size_t i = 0; i < compared.messages.size(); ++i)
    if (!compared.messages[i].empty() && !group.cells[i].without_outcomes &&
        tone_of_outcome(compared.outcomes[i]) == Tone::bad)
      said.push_back(line_of(comparison.values[i]) + ": " + line_of(compared.messages[i]));
  return support::join(said, "; ");
}

std::vector<Piece> case_row(const Comparison& comparison, const Group& group,
                            const CaseRowCompared& compared) {
  std::vector<Piece> row{compared.differs ? "*" : "", line_of(compared.name)};
  for (std::size_t i = 0; i < compared.outcomes.size(); ++i) {
    const std::string& outcome = compared.outcomes[i];
    if (outcome.empty() || group.cells[i].without_outcomes)
      row.emplace_back("-", Tone::dim);
    else
      row.emplace_back(line_of(outcome), tone_of_outcome(outcome));
  }
  row.emplace_back(messages_of(comparison, group, compared));
  return row;
}

std::string case_table(const Comparison& comparison, const Group& group, bool colour) {
  if (group.cases.empty()) return "";
  Table table(2);
  std::vector<Piece> header{"", "case"};
  for (const auto& value : comparison.values) header.emplace_back(line_of(value));
  table.add(std::move(header));
  const auto same = static_cast<std::size_t>(std::count_if(
      group.cases.begin(), group.cases.end(), [](const auto& each) { return !each.differs; }));
  for (const auto& compared : group.cases)
    if (compared.differs || same <= listed_same) table.add(case_row(comparison, group, compared));
  std::string text = table.render(colour);
  if (same > listed_same)
    text += fmt::format("  {} more without a difference\n", count_of(same, "case"));
  return text;
}

std::string incident_lines(const Comparison& comparison, bool colour) {
  if (comparison.incidents.empty()) return "";
  Table table(2);
  for (const auto& incident : comparison.incidents) {
    std::vector<std::string> values;
    for (const auto& value : incident.values) values.push_back(line_of(value));
    const bool counts = incident.ignored.empty();
    std::string where = support::join(values, ", ") + " only";
    if (!counts) where += " (ignored: " + line_of(incident.ignored) + ")";
    table.add({counts ? "*" : "", Piece(line_of(incident.kind), counts ? Tone::bad : Tone::dim),
               line_of(incident.title), where});
  }
  return "incidents\n" + table.render(colour) + "\n";
}

std::string last_line(const Comparison& comparison) {
  if (comparison.values.size() < 2) {
    const std::string axis = compare::to_string(comparison.axes);
    return comparison.values.empty()
               ? "no cells in this run: nothing to compare\n"
               : fmt::format("only one {} in this run ({}): nothing to compare\n", axis,
                             line_of(comparison.values.front()));
  }
  std::string text = fmt::format("{} differ{}, {} the same", count_of(comparison.different, "case"),
                                 comparison.different == 1 ? "s" : "", comparison.same);
  if (comparison.alone > 0) text += fmt::format(", {} on one side alone", comparison.alone);
  const auto count = static_cast<std::size_t>(
      std::count_if(comparison.incidents.begin(), comparison.incidents.end(),
                    [](const auto& each) { return each.ignored.empty(); }));
  return text + fmt::format("; {} differ{}\n", count_of(count, "incident"), count == 1 ? "s" : "");
}

ordered_json by_value(const Comparison& comparison, const std::vector<std::string>& texts) {
  auto record = ordered_json::object();
  for (std::size_t i = 0; i < texts.size(); ++i)
    record[support::valid_utf8(comparison.values[i])] = text_or_null(texts[i]);
  return record;
}

ordered_json group_record(const Comparison& comparison, const Group& group) {
  auto cells = ordered_json::object();
  for (std::size_t i = 0; i < group.cells.size(); ++i)
    cells[support::valid_utf8(comparison.values[i])] = {
        {"state", text_or_null(group.cells[i].state)},
        {"reason", text_or_null(group.cells[i].reason)}};
  auto cases = ordered_json::array();
  for (const auto& compared : group.cases)
    cases.push_back({{"name", text_or_null(compared.name)},
                     {"differs", compared.differs},
                     {"outcomes", by_value(comparison, compared.outcomes)},
                     {"messages", by_value(comparison, compared.messages)}});
  return {
      {"name", text_or_null(group.name)}, {"cells", std::move(cells)}, {"cases", std::move(cases)}};
}

}  // namespace

std::string compare_text(const Comparison& comparison, bool colour) {
  std::string text;
  for (const auto& group : comparison.groups)
    text += line_of(group.name) + "\n" + cell_lines(comparison, group, colour) +
            case_table(comparison, group, colour) + "\n";
  return text + incident_lines(comparison, colour) + last_line(comparison);
}

ordered_json compare_json(const Comparison& comparison) {
  auto values = ordered_json::array();
  for (const auto& value : comparison.values) values.push_back(support::valid_utf8(value));
  auto groups = ordered_json::array();
  for (const auto& group : comparison.groups) groups.push_back(group_record(comparison, group));
  auto incidents = ordered_json::array();
  for (const auto& incident : comparison.incidents) {
    auto where = ordered_json::array();
    for (const auto& value : incident.values) where.push_back(support::valid_utf8(value));
    incidents.push_back({{"kind", text_or_null(incident.kind)},
                         {"title", text_or_null(incident.title)},
                         {"ignored", text_or_null(incident.ignored)},
                         {"values", std::move(where)}});
  }
  ordered_json document = {{"axis", compare::to_string(comparison.axes)}};
  document["values"] = std::move(values);
  document["same"] = comparison.same;
  document["different"] = comparison.different;
  document["alone"] = comparison.alone;
  document["groups"] = std::move(groups);
  document["incidents"] = std::move(incidents);
  return document;
}

}  // namespace kmatrix::report
