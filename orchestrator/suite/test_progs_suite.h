// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "suite/suite.h"

namespace kmatrix::suite {

/// BPF's test_progs, one test a process. `spec.deny` is complete. A pattern "TEST/SUBTEST" chooses
/// or denies subtests.
Result<std::unique_ptr<Suite>> make_test_progs_suite(const spec::Suite& spec, const Places& places);

/// Input errors: a tree without test_progs, or a selection that none of its sources' tests fits.
Status check_test_progs(const spec::Suite& spec, const std::filesystem::path& source);

}  // namespace kmatrix::suite
