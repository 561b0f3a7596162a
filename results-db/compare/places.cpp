// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/places.h"

#include <algorithm>

#include "spec/experiment.h"

namespace kmatrix::compare {

namespace {

bool same_kernel_and_machine(const store::CellRow& a, const store::CellRow& b) {
  return a.kernel == b.kernel && a.machine == b.machine;
}

}  // namespace

SuiteName parse_suite_name(const std::string& name) {
  const auto at = name.find('@');
  return at == name.npos ? SuiteName{name, ""} : SuiteName{name.substr(0, at), name.substr(at + 1)};
}

Places::Places(const std::vector<RunRows>& runs) {
  for (const auto& run : runs)
    for (const auto& cell : run.cells)
      if (const auto name = parse_suite_name(cell.suite); !name.tests.empty())
        crossed_.insert(name.suite);
  for (const auto& run : runs)
    for (const auto& cell : run.cells) {
      if (cell.identical_to.empty()) continue;
      const auto twin = std::find_if(run.cells.begin(), run.cells.end(), [&](const auto& other) {
        return other.name == cell.identical_to && same_kernel_and_machine(other, cell);
      });
      if (twin != run.cells.end()) unite(cell, *twin);
    }
}

std::string Places::source_of(const store::CellRow& cell) const {
  const auto name = parse_suite_name(cell.suite);
  if (crossed_.count(name.suite) == 0) return {};
  auto source = name.tests;
  if (source.empty())
    source = cell.series == spec::base_series ? cell.tree : cell.tree + "+" + cell.series;
  const auto other = one_.find({name.suite, source});
  return other == one_.end() ? source : other->second;
}

void Places::unite(const store::CellRow& cell, const store::CellRow& twin) {
  const auto suite = parse_suite_name(cell.suite).suite;
  const auto kept = source_of(twin), gone = source_of(cell);
  if (suite != parse_suite_name(twin.suite).suite || kept == gone) return;
  for (auto& [key, source] : one_)
    if (key.first == suite && source == gone) source = kept;
  one_[{suite, gone}] = kept;
}

Coordinates Places::of(const store::CellRow& cell) const {
  return {cell.tree, cell.series, cell.config, cell.machine, source_of(cell)};
}

}  // namespace kmatrix::compare
