// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
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
    int objects = 0;
  };
  struct Selftests {
    std::string kernel, suite;
    support::Seconds took{0};
  };
  struct Cell {
    std::string name, machine, suite;
    support::Seconds took{0};
  };
  std::vector<Kernel> kernels;
  std::vector<Cell> cells;
  std::vector<Selftests> selftests = {};
};

/// How long each case of a cell took before, by its name; one that is not there never ran.
using CaseTimes = std::map<std::string, support::Seconds>;

/// How long they may take this time; parallel to Matrix::kernels and Matrix::cells.
struct Estimates {
  std::vector<support::Seconds> kernels, cells;
  std::vector<support::Seconds> selftests = {};  ///< of the suites of the cells, if they are built
  std::map<std::size_t, CaseTimes> cases = {};   ///< of cells that ran before, or others like them
};

/// From the newest of the same name; else the median of what is most like it (a kernel of the same
/// config, a cell of the same machine and suite, or of the suite); else of its kind; else a guess
/// (10 min for a kernel, 1 min for a cell). Of kernels it is the time that an object took, where
/// `objects`, parallel to Matrix::kernels, says how many they will have (0: unknown). Selftests
/// take as long as those of the same kernel and suite did, else of the suite, else as their kernel.
/// Pure.
Estimates estimate(const plan::Matrix& matrix, const History& history,
                   const std::vector<int>& objects = {});

/// What a job of this run took, beside what was expected of it before.
struct Pace {
  support::Seconds expected{0}, took{0};
};
/// What is expected of a job once others of its kind have ended: they say by what factor (their
/// median) this host is slower or faster today, or the guess was wrong. Pure.
support::Seconds corrected(support::Seconds expected, const std::vector<Pace>& seen);

/// What each case counts of how far a cell is: the more the longer it took before, and 1 on
/// average. Parallel to `names`; one that never ran counts 1. Pure.
std::vector<double> weights_of(const std::vector<std::string>& names, const CaseTimes& took);

/// How far a job is.
struct Part {
  double done = 0, all = 0;  ///< objects, or cases by their weights; of 0: unknown
};
/// How long a job needs that has been running for `spent`: by how far it is, and by the time
/// expected of it, as long as it can be right: the more is done the less it counts. Pure.
support::Seconds time_left(support::Seconds expected, support::Seconds spent, Part part);

}  // namespace kmatrix::run
