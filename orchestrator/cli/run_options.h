// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "cli/command_line.h"

namespace kmatrix::cli {

/// What of an earlier run is to run again.
struct Rerun {
  std::int64_t of = 0;                    ///< that run; 0: none
  bool failed = false;                    ///< only what was not good there
  std::vector<std::string> cells, cases;  ///< globs; empty: all
};

/// The cell of a bundle that runs again.
struct Replay {
  std::string bundle;             ///< digest of the bundle; empty: none
  std::string of;                 ///< which cell of which run that was, for people
  std::vector<std::string> skip;  ///< cases of the cell that do not run
  int times = 1;                  ///< how often the others do
};

/// What `kmatrix run` was asked for.
struct RunOptions {
  ExperimentOptions experiment;
  std::string resume;    ///< the run to go on with, instead of all of `experiment`
  int jobs = 0;          ///< make -j of a build; 0: as cores allow
  int boots = 0;         ///< machines at a time; 0: as cores and memory allow
  bool again = false;    ///< run cells again whose results of an earlier run could be taken over
  bool objects = false;  ///< build kernels again whose objects were not kept
  bool refresh = false;  ///< ask again for the newest version of each tree
  Rerun rerun;           ///< then the experiment is that of the earlier run
  Replay replay;         ///< then it is that of the bundle, with one cell
};

/// make -j for a run that may build this many kernels: alone a build has all cores; of several each
/// has at least 8, for more would wait for the links of one after the other.
int build_jobs(const RunOptions& options, std::size_t kernels);

}  // namespace kmatrix::cli
