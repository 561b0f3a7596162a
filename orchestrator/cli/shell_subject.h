// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "cli/experiment_file.h"

namespace kmatrix::cli {

/// The cell that somebody wants to look into.
struct ShellSubject {
  ReadExperiment read;     ///< its matrix has this cell alone
  std::string kernel_key;  ///< of the kernel that ran; "" if the cell is not one of a run
  std::string run;         ///< "run 3"; "" likewise
};

/// `from`: a run's number, "latest", an experiment's file, or "" for the latest run. `cell`: its
/// name, or a part of it that only one cell has; "" if there is just one.
Result<ShellSubject> find_shell_subject(const CommandLine& line, const std::string& from,
                                        const std::string& cell);

}  // namespace kmatrix::cli
