// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "suite/suite.h"

namespace kmatrix::suite {

/// One case, `boot`: the guest came up and can run a program.
Result<std::unique_ptr<Suite>> make_boot_suite(const spec::Suite& spec);

}  // namespace kmatrix::suite
