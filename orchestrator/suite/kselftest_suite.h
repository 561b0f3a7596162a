// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "suite/suite.h"

namespace kmatrix::suite {

/// The kernel's selftests. `built` is what `make -C tools/testing/selftests install` makes at its
/// INSTALL_PATH: kselftest-list.txt with lines "COLLECTION:TEST", COLLECTION/TEST,
/// COLLECTION/settings; and blocked.json, {"COLLECTION:TEST": "REASON"}, of tests that were not
/// built, if there are any. All of it is read with bounds.
/// Errors: infrastructure, if `built` is empty, incomplete, or names a test outside of itself.
Result<std::unique_ptr<Suite>> make_kselftest_suite(const spec::Suite& spec,
                                                    const std::filesystem::path& built);

/// Input errors: a target that the tree does not have.
Status check_kselftest(const spec::Suite& spec, const std::filesystem::path& source);

}  // namespace kmatrix::suite
