// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "suite/suite.h"

// What the process of a case means that ends with kselftest's exit codes and may speak KTAP. The
// first element is the case itself, as everywhere.
namespace kmatrix::suite {

/// By the exit code alone: 0 passed, 4 skipped, all else failed.
std::vector<Judged> judge_exit(const std::string& name, const Finished& finished);

/// By exit code and KTAP: the case fails if either says so. Then each subtest, "NAME/SUB/SUB".
std::vector<Judged> judge_ktap(const std::string& name, const Finished& finished);

/// judge_ktap if the output speaks_ktap and has a result, else judge_exit.
std::vector<Judged> judge_either(const std::string& name, const Finished& finished);

}  // namespace kmatrix::suite
