// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "spec/experiment.h"
#include "support/result.h"

namespace kmatrix::suite {

/// The names that a suite's `select` globs choose, in the order of `names`; all if it has none.
/// Input error, with what was meant: a glob that matches no name.
Result<std::vector<std::string>> selected(const spec::Suite& spec,
                                          const std::vector<std::string>& names);

}  // namespace kmatrix::suite
