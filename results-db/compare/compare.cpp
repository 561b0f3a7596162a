// SPDX-License-Identifier: GPL-2.0-or-later
//
// The cells of a run are points in a space of five axes. Those that agree in all but the compared
// ones form a group, in which the cells stand side by side, one a value of the compared axes. The
// cases of a group are the union of its cells' cases; a case that a cell has no outcome of takes
// what the cell's state says instead, so that nothing which one side has can vanish from the
// comparison.
#include "compare/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "support/text.h"

namespace kmatrix::compare {

namespace {

struct NamedAxis {
  Axis axis;
  const char* name;
  std::string store::CellRow::*coordinate;
};
constexpr std::array<NamedAxis, 5> all_axes = {{
    {Axis::tree, "tree", &store::CellRow::tree},
    {Axis::series, "series", &store::CellRow::series},
    {Axis::config, "config", &store::CellRow::config},
    {Axis::machine, "machine", &store::CellRow::machine},
    {Axis::suite, "suite", &store::CellRow::suite},
}};

/// "v7.2/direct-calls"
std::string value_of(const store::CellRow& cell, const Axes& axes) {
  std::vector<std::string> names;
  for (const auto axis : axes)
    names.push_back(cell.*all_axes.at(static_cast<std::size_t>(axis)).coordinate);
  return support::join(names, "/");
}

/// The coordinates of a cell in the other axes.
std::vector<std::string> others(const store::CellRow& cell, const Axes& axes) {
  std::vector<std::string> names;
  for (const auto& other : all_axes)
    if (std::find(axes.begin(), axes.end(), other.axis) == axes.end())
      names.push_back(cell.*other.coordinate);
  return names;
}

/// Position of `value` in `list`, where it is put if it is not there.
template <class T>
std::size_t position(std::vector<T>& list, const T& value) {
  const auto found = std::find(list.begin(), list.end(), value);
  if (found != list.end()) return static_cast<std::size_t>(found - list.begin());
  list.push_back(value);
  return list.size() - 1;
}

using CasesByName = std::map<std::string, const store::CaseRow*>;  ///< of a cell, by name

bool did_not_run(const store::CellRow& cell) {
  return cell.state == "unavailable" || cell.state == "blocked";
}

/// Did the case get an outcome of its own? Of a cell that did not run, all cases are missing or
/// blocked.
bool ran(const store::CaseRow& result) {
  return result.outcome != "missing" && result.outcome != "blocked";
}

/// What a cell says of a case: outcome and message.
std::pair<std::string, std::string> said(const store::CellRow& cell, const store::CaseRow* result) {
  if (did_not_run(cell) && (result == nullptr || !ran(*result))) return {cell.state, cell.reason};
  if (result != nullptr) return {result->outcome, result->message};
  if (cell.state == "done") return {"absent", ""};
  return {cell.state, cell.reason};
}

bool more_than_one_kind(const std::vector<std::string>& outcomes) {
  std::set<std::string> kinds(outcomes.begin(), outcomes.end());
  kinds.erase("");
  return kinds.size() > 1;
}

bool has_outcomes(const CasesByName& cases) {
  return std::any_of(cases.begin(), cases.end(),
                     [](const auto& named) { return ran(*named.second); });
}

/// The cells of a group by axis value; nullptr where there is none.
using Row = std::vector<const store::CellRow*>;

Group compare_group(std::string name, const Row& row, std::map<std::int64_t, CasesByName>& cases) {
  Group group{std::move(name), {}, {}};
  std::set<std::string> names;
  for (const auto* cell : row) {
    group.cells.push_back(cell == nullptr
                              ? CellCompared{}
                              : CellCompared{cell->state, cell->reason,
                                             did_not_run(*cell) && !has_outcomes(cases[cell->id])});
    if (cell == nullptr) continue;
    for (const auto& named : cases[cell->id]) names.insert(named.first);
  }
  for (const auto& case_name : names) {
    CaseRowCompared compared{case_name, {}, {}, false};
    for (const auto* cell : row) {
      std::pair<std::string, std::string> words;
      if (cell != nullptr) {
        const auto found = cases[cell->id].find(case_name);
        words = said(*cell, found == cases[cell->id].end() ? nullptr : found->second);
      }
      compared.outcomes.push_back(std::move(words.first));
      compared.messages.push_back(std::move(words.second));
    }
    compared.differs = more_than_one_kind(compared.outcomes);
    group.cases.push_back(std::move(compared));
  }
  std::stable_partition(group.cases.begin(), group.cases.end(),
                        [](const CaseRowCompared& compared) { return compared.differs; });
  return group;
}

std::vector<IncidentDifference> compare_incidents(
    const std::map<std::int64_t, std::size_t>& value_of_cell,
    const std::vector<store::IncidentRow>& incidents, const std::vector<std::string>& values) {
  std::map<std::array<std::string, 3>, std::set<std::size_t>> where;
  for (const auto& incident : incidents) {
    const auto value = value_of_cell.find(incident.cell);
    if (value != value_of_cell.end())
      where[{incident.ignored, incident.kind, incident.title}].insert(value->second);
  }
  std::vector<IncidentDifference> differences;
  for (const auto& [what, indexes] : where) {
    if (indexes.size() == values.size()) continue;
    IncidentDifference difference{what[1], what[2], what[0], {}};
    for (const std::size_t index : indexes) difference.values.push_back(values[index]);
    differences.push_back(std::move(difference));
  }
  return differences;
}

void count(Comparison& comparison) {
  for (const auto& group : comparison.groups)
    for (const auto& compared : group.cases) {
      const auto sides =
          compared.outcomes.size() - static_cast<std::size_t>(std::count(
                                         compared.outcomes.begin(), compared.outcomes.end(), ""));
      ++(compared.differs ? comparison.different : sides > 1 ? comparison.same : comparison.alone);
    }
}

Result<Axis> parse_axis(const std::string& text) {
  std::vector<std::string> names;
  for (const auto& axis : all_axes) {
    if (text == axis.name) return axis.axis;
    names.emplace_back(axis.name);
  }
  const std::string near = support::did_you_mean(text, names);
  return support::input_error(
      fmt::format("unknown axis '{}'", text), {},
      near.empty() ? fmt::format("the axes are {}", support::join(names, ", ")) : near);
}

}  // namespace

std::string to_string(Axis axis) {
  if (axis == Axis::tests) return "tests";
  return all_axes.at(static_cast<std::size_t>(axis)).name;
}

Result<Axes> parse_axes(const std::vector<std::string>& names) {
  Axes axes;
  for (const auto& name : names) {
    const auto axis = parse_axis(name);
    if (!axis) return axis.error();
    if (std::find(axes.begin(), axes.end(), *axis) != axes.end())
      return support::input_error(fmt::format("axis '{}' is named twice", name));
    axes.push_back(*axis);
  }
  return axes;
}

std::string to_string(const Axes& axes) {
  std::vector<std::string> names;
  for (const auto axis : axes) names.push_back(to_string(axis));
  return support::join(names, ",");
}

Result<std::vector<store::CellRow>> select(const std::vector<store::CellRow>& cells,
                                           const Axes& axes,
                                           const std::vector<std::string>& values) {
  std::vector<store::CellRow> selected;
  std::vector<std::string> known;
  for (const auto& cell : cells) position(known, value_of(cell, axes));
  for (const auto& value : values) {
    if (std::find(known.begin(), known.end(), value) == known.end()) {
      const auto near = support::did_you_mean(value, known);
      return support::input_error(fmt::format("no cell has {} '{}'", to_string(axes), value), {},
                                  near.empty() ? "there are " + support::join(known, ", ") : near);
    }
    for (const auto& cell : cells)
      if (value_of(cell, axes) == value) selected.push_back(cell);
  }
  return selected;
}

Comparison compare(const std::vector<store::CellRow>& cells,
                   const std::vector<store::CaseRow>& cases,
                   const std::vector<store::IncidentRow>& incidents, const Axes& axes) {
  Comparison comparison;
  comparison.axes = axes;
  std::map<std::int64_t, std::size_t> value_of_cell;
  for (const auto& cell : cells)
    value_of_cell[cell.id] = position(comparison.values, value_of(cell, axes));

  std::vector<std::vector<std::string>> keys;
  std::vector<Row> rows;
  for (const auto& cell : cells) {
    const std::size_t group = position(keys, others(cell, axes));
    rows.resize(keys.size(), Row(comparison.values.size()));
    rows[group][value_of_cell[cell.id]] = &cell;
  }

  std::map<std::int64_t, CasesByName> cases_of_cell;
  for (const auto& result : cases) cases_of_cell[result.cell][result.name] = &result;
  for (std::size_t i = 0; i < rows.size(); ++i)
    comparison.groups.push_back(compare_group(support::join(keys[i], "/"), rows[i], cases_of_cell));
  comparison.incidents = compare_incidents(value_of_cell, incidents, comparison.values);
  count(comparison);
  return comparison;
}

}  // namespace kmatrix::compare
