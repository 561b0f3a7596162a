// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

#include "suite/suite.h"

namespace kmatrix::suite {

/// The sample modules of samples/ftrace/ that use direct calls, each loaded, watched in the trace
/// and unloaded by images/guest/ftrace-sample. A case that taints the kernel fails.
Result<std::unique_ptr<Suite>> make_sample_suite(const spec::Suite& spec,
                                                 const std::filesystem::path& data);

}  // namespace kmatrix::suite
