// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "build/dot_config.h"
#include "build/kernel_builder.h"
#include "build/relations.h"
#include "plan/matrix.h"
#include "spec/experiment.h"

namespace kmatrix::build {

/// A value that was asked for and did not come out.
struct Mismatch {
  std::string symbol, wanted, actual;
  std::string who;                  ///< "asked by config clang-cfi", "expected by config clang-cfi"
  std::vector<std::string> suites;  ///< not empty: asked by these suites
  Location at;
};

/// The requests and expectations that do not hold in a final .config, in order.
std::vector<Mismatch> mismatches(const plan::PlannedKernel& kernel, const spec::Config& config,
                                 const DotConfig& result);

/// What follows from the mismatches: suites' become unmet needs, one a suite; others, and symbols
/// that the tree does not know, are input errors. An empty table knows nothing: no accounts then.
void judge(const std::vector<Mismatch>& found, const RelationTable& table,
           KernelBuilder::Configured& into);

}  // namespace kmatrix::build
