// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "plan/matrix.h"
#include "spec/experiment.h"

namespace kmatrix::cli {

/// An experiment file, read and expanded: the same way for check, plan and run.
struct ReadExperiment {
  spec::Experiment experiment;
  plan::Matrix whole, matrix;  ///< `matrix`: the part that was asked for
  std::vector<Error> errors;
};

/// Reads what the options name; keeps the cells that match all of `only`. Git repositories are
/// asked, and those that are URLs are fetched for their first time, or on `refresh` again, which is
/// said on stderr.
ReadExperiment read_experiment(const CommandLine& line, const ExperimentOptions& options,
                               bool refresh = false);

/// The same of the text that the file once had.
ReadExperiment read_experiment_text(const CommandLine& line, const std::string& text,
                                    const ExperimentOptions& options);

/// Prints "==> text" to stderr, above a live line if there is one.
void say(const std::string& text);

}  // namespace kmatrix::cli
