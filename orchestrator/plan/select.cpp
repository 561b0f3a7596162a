// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/select.h"

#include <algorithm>
#include <map>

#include "support/text.h"

namespace kmatrix::plan {

namespace {

const std::vector<std::string> axes{"tree", "series", "config", "machine", "suite"};

const std::string& coordinate(const Matrix& matrix, const PlannedCell& cell,
                              const std::string& axis) {
  const auto& kernel = matrix.kernels[cell.kernel];
  if (axis == "tree") return kernel.tree;
  if (axis == "series") return kernel.series;
  if (axis == "config") return kernel.config;
  return axis == "machine" ? cell.machine : cell.suite;
}

std::vector<std::string> values_of(const spec::Experiment& experiment, const std::string& axis) {
  std::vector<std::string> names;
  const auto add = [&](const auto& all) {
    for (const auto& each : all) names.push_back(each.name);
  };
  if (axis == "tree") add(experiment.trees);
  if (axis == "series") add(experiment.series);
  if (axis == "config") add(experiment.configs);
  if (axis == "machine") add(experiment.machines);
  if (axis == "suite") add(experiment.suites);
  return names;
}

struct Condition {
  std::string axis;
  std::vector<std::string> values;
};

Result<Condition> parse(const spec::Experiment& experiment, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) {
    return support::input_error("'" + text + "' is not of the form axis=value[,value...]", {},
                                "for example suite=boot");
  }
  Condition condition{text.substr(0, equals), {}};
  if (std::find(axes.begin(), axes.end(), condition.axis) == axes.end()) {
    return support::input_error("there is no axis '" + condition.axis + "'", {},
                                "the axes are " + support::join(axes, ", "));
  }
  const auto known = values_of(experiment, condition.axis);
  for (std::size_t begin = equals + 1; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto value = text.substr(begin, end - begin);
    if (std::find(known.begin(), known.end(), value) == known.end()) {
      return support::input_error("the axis " + condition.axis + " has no value '" + value + "'",
                                  {}, support::did_you_mean(value, known));
    }
    condition.values.push_back(value);
    for (const auto& suite : experiment.suites)
      if (condition.axis == "suite" && suite.family == value)
        condition.values.push_back(suite.name);
    begin = end + 1;
  }
  return condition;
}

/// Two of one axis cannot both hold, unless they name the same.
std::string hint_for(const std::vector<Condition>& conditions) {
  for (auto each = conditions.begin(); each != conditions.end(); ++each)
    for (auto other = std::next(each); other != conditions.end(); ++other)
      if (each->axis == other->axis)
        return "every --only has to match; for more than one value write --only " + each->axis +
               "=" + each->values.front() + "," + other->values.front();
  return {};
}

}  // namespace

Result<Matrix> select_cells(const spec::Experiment& experiment, const Matrix& matrix,
                            const std::vector<std::string>& only) {
  std::vector<Condition> conditions;
  for (const auto& text : only) {
    auto condition = parse(experiment, text);
    if (!condition) return condition.error();
    conditions.push_back(*condition);
  }
  const auto matches = [&](const PlannedCell& cell) {
    return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& condition) {
      const auto& value = coordinate(matrix, cell, condition.axis);
      return std::count(condition.values.begin(), condition.values.end(), value) > 0;
    });
  };
  Matrix selected = keep_cells(matrix, matches);
  if (selected.cells.empty()) {
    return support::input_error("no cell of " + experiment.file.string() + " matches --only " +
                                    support::join(only, " --only "),
                                {}, hint_for(conditions));
  }
  return selected;
}

Matrix keep_cells(const Matrix& matrix, const std::function<bool(const PlannedCell&)>& wanted) {
  Matrix kept;
  std::map<std::size_t, std::size_t> new_index;
  for (const auto& cell : matrix.cells) {
    if (!wanted(cell)) continue;
    const auto [place, added] = new_index.try_emplace(cell.kernel, kept.kernels.size());
    if (added) kept.kernels.push_back(matrix.kernels[cell.kernel]);
    kept.cells.push_back(cell);
    kept.cells.back().kernel = place->second;
  }
  return kept;
}

}  // namespace kmatrix::plan
