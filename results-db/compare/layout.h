// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "compare/compare.h"
#include "compare/evidence.h"

namespace kmatrix::compare {

/// Where a cell stands, for the cases of one suite.
struct Coordinates {
  std::string tree, series, config, machine;
  std::string tests = {};  ///< the tree that they are from, where an experiment crosses these
  bool operator==(const Coordinates&) const = default;
};
const std::string& value_of(const Coordinates& cell, Axis axis);
/// In order of first appearance.
std::vector<std::string> values_of(const std::vector<Coordinates>& cells, Axis axis);

/// Cells that differ in one axis only stand side by side in a stratum.
struct Contrast {
  Axis axis = Axis::series;
  std::vector<std::string> values;
  std::vector<std::vector<std::optional<std::size_t>>> strata;  ///< by value: the cell, if any
  std::vector<Subset> subsets;
};
/// Of the cells with one of these values; only strata with two cells or more.
Contrast contrast(const std::vector<Coordinates>& cells, Axis axis,
                  const std::vector<std::string>& values);

/// How the cells of an experiment are compared.
struct Layout {
  std::vector<Coordinates> cells;
  std::string base;
  std::vector<Contrast> series;        ///< one a series: base against it; each stratum has both
  std::vector<Contrast> interactions;  ///< likewise: configs, whose "cells" are strata of `series`
  std::vector<Contrast> others;        ///< configs, trees, machines, tests, where there are several
};
Layout lay_out(const std::vector<Coordinates>& cells, const std::string& base = "base");

/// The marked cells in words: "only on clang-cfi without direct-calls", "everywhere", "everywhere
/// except in v6.12". The fewest axes that tell them from all that are `clear`; cells that are
/// neither do not matter. Empty if nothing is marked.
std::string where(const Layout& layout, const std::vector<bool>& marked,
                  const std::vector<bool>& clear);

}  // namespace kmatrix::compare
