// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "suite/suite.h"

namespace kmatrix::suite {

/// Commands of the experiment itself, run by /bin/sh -c in /kmatrix/cell/files, where the suite's
/// files are.
Result<std::unique_ptr<Suite>> make_script_suite(const spec::Suite& spec);

}  // namespace kmatrix::suite
