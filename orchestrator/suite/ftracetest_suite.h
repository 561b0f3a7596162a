// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

#include "suite/suite.h"

namespace kmatrix::suite {

/// tools/testing/selftests/ftrace of the kernel tree, one .tc file a case and a process.
Result<std::unique_ptr<Suite>> make_ftracetest_suite(const spec::Suite& spec,
                                                     const std::filesystem::path& source);

}  // namespace kmatrix::suite
