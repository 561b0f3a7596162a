// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "cli/run_options.h"

namespace kmatrix::cli {

/// What of a command line decides about the content of a run, as a JSON record; it is stored with
/// the run, so that a resume does the same. Not in it: how many jobs and machines at a time.
std::string to_selection(const RunOptions& options);

/// Puts a stored selection into `options`. "", of a run from before selections were stored, is an
/// empty one; what cannot be understood is an infrastructure Error.
Status apply_selection(const std::string& text, RunOptions& options);

}  // namespace kmatrix::cli
