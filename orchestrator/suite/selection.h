// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "spec/experiment.h"
#include "support/result.h"

namespace kmatrix::suite {

/// The names that a suite's `select` chooses and its `deny` leaves, in the order of `names`. Input
/// errors: a selecting pattern that matches no name (with what was meant), and nothing left.
Result<std::vector<std::string>> selected(const spec::Suite& spec,
                                          const std::vector<std::string>& names);

/// All that a suite denies: its own patterns, and those of the tree's files. Input error: a file
/// that the tree does not have.
Result<std::vector<std::string>> denied(const spec::Suite& spec,
                                        const std::filesystem::path& source);

}  // namespace kmatrix::suite
