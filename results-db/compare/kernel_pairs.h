// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "compare/compare.h"
#include "store/store.h"

namespace kmatrix::compare {

/// Two kernels of a run that differ in one axis alone.
struct KernelPair {
  std::string name;              ///< the coordinates that they share: "v6.12/clang-nocfi"
  std::string a_value, b_value;  ///< of the axis: "base", "direct-calls"
  store::KernelRow a, b;
};

/// Pairs of those of a run's kernels that match every "AXIS=VALUE[,VALUE...]" of `where`. The first
/// kernel of a group, which is that of the axis's first value, is `a` of all of its pairs. Input
/// errors: an axis that kernels do not have, a value that no kernel has (did you mean), no pair.
Result<std::vector<KernelPair>> pair_kernels(const std::vector<store::KernelRow>& kernels,
                                             const std::string& axis,
                                             const std::vector<std::string>& where);

}  // namespace kmatrix::compare
