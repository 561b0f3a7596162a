// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "cli/command_line.h"
#include "cli/experiment_file.h"
#include "cli/one_run.h"
#include "cli/run_options.h"
#include "cli/screen.h"

namespace kmatrix::cli {

/// Prepares and runs an experiment, or what options.rerun and options.replay leave of it, and
/// returns the exit code. `tell`: what to say of a run that went to its end, in place of its
/// summary.
int execute(const CommandLine& line, const RunOptions& options, ReadExperiment read,
            store::Store& store, Screen& screen, std::optional<ClaimedRun> resumed,
            const Tell& tell = {});

/// Goes on with a run that was interrupted (options.resume), with what it was asked for then.
int resume(const CommandLine& line, RunOptions options, Screen& screen, const Tell& tell = {});

}  // namespace kmatrix::cli
