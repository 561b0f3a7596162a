// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace kmatrix::cli {

/// Runs of the whole of an experiment's file, from the newest on: no parts, reruns or replays, and
/// none with another tree or series than the file's. `runs` has the newest first. Pure.
std::vector<store::RunRow> whole_runs(const std::vector<store::RunRow>& runs,
                                      const std::string& experiment_file);

/// The run that this night goes on with: the newest of `runs` (whole_runs), if it was interrupted
/// and began at most `longest_night` ago. A night that was missed altogether begins anew. Pure.
inline constexpr std::chrono::hours longest_night{20};
std::optional<store::RunRow> run_to_continue(const std::vector<store::RunRow>& runs,
                                             std::chrono::system_clock::time_point now);

/// The run that `now` is compared with: the newest good one before it, else the newest that was
/// done.
struct Baseline {
  store::RunRow run;
  bool good = false;
};
/// `is_good` is asked of the newest `most_looked_at` runs at most. Its Error is that of the call.
inline constexpr std::size_t most_looked_at = 60;
Result<std::optional<Baseline>> choose_baseline(
    const std::vector<store::RunRow>& runs, store::RunId now,
    const std::function<Result<bool>(const store::RunRow&)>& is_good);

}  // namespace kmatrix::cli
