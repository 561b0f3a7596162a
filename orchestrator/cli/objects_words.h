// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "build/object_comparison.h"
#include "compare/kernel_pairs.h"

// What `kmatrix objects` prints. Paths and code come from a kernel tree: they are made safe for a
// terminal, and valid for JSON.
namespace kmatrix::cli {

struct ComparedPair {
  compare::KernelPair kernels;
  std::optional<build::ObjectComparison> comparison;
  std::optional<Error> problem;  ///< why there is none
};

/// "1151 objects: 1150 identical, 1 with the same code"
std::string summary_of(const build::ObjectComparison& comparison);

/// A line for the pair, and one for each object that is not identical; then the diffs.
std::string pair_text(const ComparedPair& pair);
nlohmann::ordered_json objects_json(store::RunId run, const std::string& axis,
                                    const std::vector<ComparedPair>& pairs);

}  // namespace kmatrix::cli
