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

}  // namespace kmatrix::run
