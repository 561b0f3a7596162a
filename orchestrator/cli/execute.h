// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "cli/command_line.h"
#include "cli/experiment_file.h"
#include "cli/one_run.h"
#include "cli/run_options.h"
#include "cli/screen.h"

namespace kmatrix::cli {

/// Prepares and runs an experiment, or what options.rerun leaves of it, and returns the exit code.
int execute(const CommandLine& line, const RunOptions& options, ReadExperiment read,
            store::Store& store, Screen& screen, std::optional<ClaimedRun> resumed);

}  // namespace kmatrix::cli
