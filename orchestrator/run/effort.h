// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "plan/job_graph.h"
#include "support/clock.h"

namespace kmatrix::run {

/// A link of the critical path.
struct TimedJob {
  std::string name;
  support::Seconds took{0};
};

/// What one process spent on a run.
struct Effort {
  support::Seconds wall{0};
  /// Of this process and all below it: compilers and machines. 0 if it was stopped: of what was
  /// killed in a sandbox nobody knows.
  support::Seconds cpu{0};
  int cores = 1;  ///< of the host
  /// The chain of jobs, each waiting for the one before, that took longest: with any number of
  /// cores the run could not have been faster. It begins with the preparation.
  std::vector<TimedJob> critical_path;
};

/// The jobs of the longest chain of dependencies, first to last, by what they `took` (0: did not
/// run). Pure.
std::vector<std::size_t> critical_path(const std::vector<plan::Job>& jobs,
                                       const std::vector<support::Seconds>& took);

/// CPU time of this process and of all its children that have ended.
support::Seconds cpu_time();

}  // namespace kmatrix::run
