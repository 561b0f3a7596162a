// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "plan/matrix.h"
#include "support/clock.h"

namespace kmatrix::run {

/// How long kernels and cells took in earlier runs, the newest first.
struct History {
  struct Kernel {
    std::string name, config;
    support::Seconds took{0};
  };
  struct Cell {
    std::string name, machine, suite;
    support::Seconds took{0};
  };
  std::vector<Kernel> kernels;
  std::vector<Cell> cells;
};

/// How long they may take this time; parallel to Matrix::kernels and Matrix::cells.
struct Estimates {
  std::vector<support::Seconds> kernels, cells;
};

/// From the newest of the same name; else the median of what is most like it (a kernel of the same
/// config, a cell of the same machine and suite, or of the suite); else of its kind; else a guess
/// (10 min for a kernel, 1 min for a cell). Pure.
Estimates estimate(const plan::Matrix& matrix, const History& history);

/// What a job of this run took, beside what was expected of it before.
struct Pace {
  support::Seconds expected{0}, took{0};
};
/// What is expected of a job once others of its kind have ended: they say by what factor (their
/// median) this host is slower or faster today, or the guess was wrong. Pure.
support::Seconds corrected(support::Seconds expected, const std::vector<Pace>& seen);

/// How long a job needs that has been running for `spent`: by its objects or cases, `done` of `all`
/// (0: unknown), and by the time expected of it, as long as it can be right: the more of them are
/// done the less it counts. Pure.
support::Seconds time_left(support::Seconds expected, support::Seconds spent, int done, int all);

}  // namespace kmatrix::run
