// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/nightly_plan.h"

#include <algorithm>

#include "cli/selection.h"
#include "support/clock.h"

namespace kmatrix::cli {

namespace {

bool is_whole(const store::RunRow& run) {
  RunOptions options;
  if (!apply_selection(run.selection, options)) return false;
  const auto& experiment = options.experiment;
  return options.rerun.of == 0 && options.replay.bundle.empty() && experiment.only.empty() &&
         experiment.trees.empty() && experiment.series.empty();
}

}  // namespace

std::vector<store::RunRow> whole_runs(const std::vector<store::RunRow>& runs,
                                      const std::string& experiment_file) {
  std::vector<store::RunRow> whole;
  for (const auto& run : runs)
    if (run.experiment_file == experiment_file && is_whole(run)) whole.push_back(run);
  return whole;
}

std::optional<store::RunRow> run_to_continue(const std::vector<store::RunRow>& runs,
                                             std::chrono::system_clock::time_point now) {
  if (runs.empty() || runs.front().state != "interrupted") return std::nullopt;
  // Times of this form are in the order of their texts.
  if (runs.front().started < support::iso_time(now - longest_night)) return std::nullopt;
  return runs.front();
}

Result<std::optional<Baseline>> choose_baseline(
    const std::vector<store::RunRow>& runs, store::RunId now,
    const std::function<Result<bool>(const store::RunRow&)>& is_good) {
  std::optional<Baseline> newest;
  std::size_t looked_at = 0;
  for (const auto& run : runs) {
    if (run.id.value >= now.value || run.state != "done") continue;
    if (++looked_at > most_looked_at) break;
    const auto good = is_good(run);
    if (!good) return good.error();
    if (*good) return std::optional(Baseline{run, true});
    if (!newest) newest = Baseline{run, false};
  }
  return newest;
}

}  // namespace kmatrix::cli
