// SPDX-License-Identifier: GPL-2.0-or-later
//
// A set of cells is described by the values of some axes: "on clang-cfi without direct-calls" are
// all cells with this config and the base. The smallest set of axes is taken in which
// the marked cells' own values let in no cell that is clear.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compare/layout.h"
#include "support/text.h"

namespace kmatrix::compare {

namespace {

/// In the order of the words.
constexpr std::array<Axis, 5> axes{Axis::config, Axis::tree, Axis::machine, Axis::series,
                                   Axis::tests};
constexpr std::array<unsigned, 31> fewest_first{8,  1,  2,  4,  16, 9,  10, 12, 24, 3,  5,
                                                6,  17, 18, 20, 11, 13, 14, 25, 26, 28, 7,
                                                19, 21, 22, 15, 27, 29, 30, 23, 31};

struct Box {
  unsigned restricted = 0;  ///< bit i: axes[i]
  std::array<std::vector<std::string>, axes.size()> values;
};

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool holds(const Box& box, const Coordinates& cell) {
  for (std::size_t i = 0; i < axes.size(); ++i)
    if ((box.restricted >> i & 1U) != 0 && !contains(box.values.at(i), value_of(cell, axes.at(i))))
      return false;
  return true;
}

/// The box of the fewest axes with all cells of `in` and none of `out`.
std::optional<Box> enclose(const std::vector<Coordinates>& cells, const std::vector<bool>& in,
                           const std::vector<bool>& out) {
  std::vector<Coordinates> inside;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (in[i]) inside.push_back(cells[i]);
  Box box;
  for (std::size_t i = 0; i < axes.size(); ++i) box.values.at(i) = values_of(inside, axes.at(i));
  for (const unsigned restricted : fewest_first) {
    box.restricted = restricted;
    bool good = true;
    for (std::size_t i = 0; i < cells.size() && good; ++i) good = !out[i] || !holds(box, cells[i]);
    if (good) return box;
  }
  return std::nullopt;
}

std::string series_words(const Layout& layout, const std::vector<std::string>& values) {
  if (!contains(values, layout.base)) return "with " + support::join(values, " and ");
  std::vector<std::string> without;
  for (const auto& series : values_of(layout.cells, Axis::series))
    if (!contains(values, series)) without.push_back(series);
  return "without " + support::join(without, " and ");
}

std::string words(const Layout& layout, const Box& box) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if ((box.restricted >> i & 1U) == 0) continue;
    const auto& values = box.values.at(i);
    const Axis axis = axes.at(i);
    parts.push_back(axis == Axis::series ? series_words(layout, values)
                                         : fmt::format("{} {}",
                                                       axis == Axis::config  ? "on"
                                                       : axis == Axis::tree  ? "in"
                                                       : axis == Axis::tests ? "with the tests of"
                                                                             : "under",
                                                       support::join(values, " and ")));
  }
  return support::join(parts, " ");
}

std::string list(const Layout& layout, const std::vector<bool>& marked) {
  constexpr std::size_t shown = 3;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < marked.size(); ++i) {
    const auto& cell = layout.cells[i];
    if (marked[i])
      names.push_back(
          fmt::format("{}/{}/{}/{}", cell.tree, cell.series, cell.config, cell.machine));
  }
  const auto count = names.size();
  if (count > shown) names.resize(shown);
  return fmt::format("in {} of {} cells: {}{}", count, marked.size(), support::join(names, ", "),
                     count > shown ? ", ..." : "");
}

}  // namespace

std::string where(const Layout& layout, const std::vector<bool>& marked,
                  const std::vector<bool>& clear) {
  const auto none = [](const std::vector<bool>& flags) {
    return std::find(flags.begin(), flags.end(), true) == flags.end();
  };
  if (none(marked)) return "";
  if (none(clear)) return "everywhere";
  if (const auto box = enclose(layout.cells, marked, clear)) return "only " + words(layout, *box);
  if (const auto box = enclose(layout.cells, clear, marked))
    return "everywhere except " + words(layout, *box);
  return list(layout, marked);
}

}  // namespace kmatrix::compare
