// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/layout.h"

#include <algorithm>
#include <array>

namespace kmatrix::compare {

namespace {

constexpr std::array<Axis, 5> axes{Axis::series, Axis::config, Axis::tree, Axis::machine,
                                   Axis::tests};

bool alike_but_for(const Coordinates& a, const Coordinates& b, Axis but) {
  return std::all_of(axes.begin(), axes.end(), [&](Axis axis) {
    return axis == but || value_of(a, axis) == value_of(b, axis);
  });
}

template <class T>
std::size_t index_in(const std::vector<T>& list, const T& value) {
  return static_cast<std::size_t>(std::find(list.begin(), list.end(), value) - list.begin());
}

/// A third for all strata, a third for those with one value of an axis, a third for each alone.
std::vector<Subset> stake(const std::vector<Coordinates>& strata, Axis compared) {
  std::vector<Subset> alone, by_value;
  Subset all;
  for (std::size_t i = 0; i < strata.size(); ++i) {
    all.strata.push_back(i);
    alone.push_back({{i}, 0});
  }
  for (const Axis axis : axes) {
    const auto values = values_of(strata, axis);
    if (axis == compared || values.size() < 2) continue;
    for (const auto& value : values) {
      Subset subset;
      for (std::size_t i = 0; i < strata.size(); ++i)
        if (value_of(strata[i], axis) == value) subset.strata.push_back(i);
      by_value.push_back(std::move(subset));
    }
  }
  std::vector<Subset> subsets;
  for (auto* group : {&alone, &by_value})
    for (auto& subset : *group) {
      subset.weight = 1. / 3 / static_cast<double>(group->size());
      subsets.push_back(std::move(subset));
    }
  all.weight = by_value.empty() ? 2. / 3 : 1. / 3;
  subsets.push_back(std::move(all));
  return subsets;
}

bool has_two(const std::vector<std::optional<std::size_t>>& stratum) {
  return std::count(stratum.begin(), stratum.end(), std::nullopt) + 2 <=
         static_cast<std::ptrdiff_t>(stratum.size());
}

/// Does the effect of the series depend on the config? The strata of `series` take the place of
/// cells.
Contrast interaction(const std::vector<Coordinates>& cells, const Contrast& series) {
  std::vector<Coordinates> pairs;
  for (const auto& stratum : series.strata) pairs.push_back(cells[stratum[1].value()]);
  return contrast(pairs, Axis::config, values_of(pairs, Axis::config));
}

}  // namespace

const std::string& value_of(const Coordinates& cell, Axis axis) {
  switch (axis) {
    case Axis::tree:
      return cell.tree;
    case Axis::config:
      return cell.config;
    case Axis::machine:
      return cell.machine;
    case Axis::tests:
      return cell.tests;
    case Axis::series:
    case Axis::suite:
      break;
  }
  return cell.series;
}

std::vector<std::string> values_of(const std::vector<Coordinates>& cells, Axis axis) {
  std::vector<std::string> values;
  for (const auto& cell : cells)
    if (index_in(values, value_of(cell, axis)) == values.size())
      values.push_back(value_of(cell, axis));
  return values;
}

Contrast contrast(const std::vector<Coordinates>& cells, Axis axis,
                  const std::vector<std::string>& values) {
  Contrast result{axis, values, {}, {}};
  std::vector<Coordinates> points;  // of the strata; what they have on the axis means nothing
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t value = index_in(values, value_of(cells[i], axis));
    if (value == values.size()) continue;
    const auto found = std::find_if(points.begin(), points.end(), [&](const Coordinates& point) {
      return alike_but_for(point, cells[i], axis);
    });
    const auto stratum = static_cast<std::size_t>(found - points.begin());
    if (found == points.end()) {
      points.push_back(cells[i]);
      result.strata.emplace_back(values.size());
    }
    result.strata[stratum][value] = i;
  }
  for (std::size_t i = points.size(); i > 0; --i) {
    if (has_two(result.strata[i - 1])) continue;
    result.strata.erase(result.strata.begin() + static_cast<std::ptrdiff_t>(i - 1));
    points.erase(points.begin() + static_cast<std::ptrdiff_t>(i - 1));
  }
  if (!points.empty()) result.subsets = stake(points, axis);
  return result;
}

Layout lay_out(const std::vector<Coordinates>& cells, const std::string& base) {
  Layout layout{cells, base, {}, {}, {}};
  for (const auto& series : values_of(cells, Axis::series)) {
    if (series == base) continue;
    layout.series.push_back(contrast(cells, Axis::series, {base, series}));
    layout.interactions.push_back(interaction(cells, layout.series.back()));
  }
  for (const Axis axis : {Axis::config, Axis::tree, Axis::machine, Axis::tests}) {
    auto each = contrast(cells, axis, values_of(cells, axis));
    if (!each.strata.empty()) layout.others.push_back(std::move(each));
  }
  return layout;
}

}  // namespace kmatrix::compare
