// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "compare/layout.h"
#include "compare/observe.h"

namespace kmatrix::compare {

/// "ftrace-direct@v7.2": the suite, and where its tests are from (spec/test_sources.h); "" for each
/// kernel's own tree.
struct SuiteName {
  std::string suite, tests;
};
SuiteName parse_suite_name(const std::string& name);

/// Where the cells of some runs stand. Of a suite whose tests come from several trees, `tests` of
/// the coordinates is the one, with its series, that a cell's are from. Sources that have the same
/// tests, as cells show that are identical but for them, are one.
class Places {
 public:
  explicit Places(const std::vector<RunRows>& runs);
  Coordinates of(const store::CellRow& cell) const;

 private:
  std::string source_of(const store::CellRow& cell) const;
  void unite(const store::CellRow& cell, const store::CellRow& twin);

  std::set<std::string> crossed_;                                   ///< suites
  std::map<std::pair<std::string, std::string>, std::string> one_;  ///< by suite and source
};

}  // namespace kmatrix::compare
