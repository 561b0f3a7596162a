// SPDX-License-Identifier: GPL-2.0-or-later
// The part of OneRun that comes after the first pass over the cells.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "cli/one_run.h"
#include "cli/reruns.h"
#include "report/report.h"

namespace kmatrix::cli {

Status OneRun::run_open_cases(const run::Prepared& prepared, store::RunId run,
                              std::unique_ptr<machine::LibvirtHypervisor>& hypervisor) {
  // What repeats a part of an earlier run has too little of it for verdicts.
  if (read_.experiment.reruns.per_case < 2 || rerun_) return {};
  auto built = prepared;
  for (auto& kernel : built.kernels) kernel.artefact = workshop_.kernels.artefact(kernel.key);
  std::optional<std::size_t> before;
  for (int round = 1;; ++round) {
    const auto stored = report::read_run(store_, run);
    if (!stored) return stored.error();
    if (before == stored->reruns.size()) {
      say("no more reruns: the last round had no result at all");
      return {};
    }
    before = stored->reruns.size();
    const auto passes = plan_reruns(read_.matrix, read_.experiment.reruns, *stored);
    if (passes.empty()) return {};
    if (!hypervisor) {
      auto connected = connect();
      if (!connected) return connected.error();
      hypervisor = std::move(*connected);
    }
    std::size_t cases = 0;
    for (const auto& pass : passes) cases += pass.cases;
    say(fmt::format("round {} of reruns: {} runs of cases whose verdict is open, in {} cell{}",
                    round, cases, passes.front().skip.size(),
                    passes.front().skip.size() == 1 ? "" : "s"));
    for (const auto& pass : passes) KMATRIX_TRY(run_pass(built, *stored, pass, *hypervisor));
  }
}

Status OneRun::run_further_times(const run::Prepared& prepared, store::RunId run,
                                 std::unique_ptr<machine::LibvirtHypervisor>& hypervisor) {
  const auto& replay = options_.replay;
  if (replay.bundle.empty() || replay.times < 2) return {};
  auto built = prepared;
  for (auto& kernel : built.kernels) kernel.artefact = workshop_.kernels.artefact(kernel.key);
  RerunPass pass;
  pass.skip[0] = {replay.skip.begin(), replay.skip.end()};
  for (int before = 0;;) {
    const auto stored = report::read_run(store_, run);
    if (!stored) return stored.error();
    std::map<std::string, int> times;
    int most = 0;
    for (const auto& row : stored->reruns) most = std::max(most, ++times[row.name]);
    // A cell that does not come to its cases would never have run often enough.
    const bool ran = stored->cells.front().state == "done" && most >= before;
    if (most + 1 >= replay.times || !ran) return {};
    before = most + 1;
    if (!hypervisor) {
      auto connected = connect();
      if (!connected) return connected.error();
      hypervisor = std::move(*connected);
    }
    say(fmt::format("time {} of {}", most + 2, replay.times));
    KMATRIX_TRY(run_pass(built, *stored, pass, *hypervisor));
  }
}

/// All other cells and all kernels count as finished.
Status OneRun::run_pass(const run::Prepared& prepared, const report::StoredRun& stored,
                        const RerunPass& pass, machine::Hypervisor& hypervisor) {
  const auto number =
      std::to_string(clock_.wall().time_since_epoch() / std::chrono::milliseconds(1));
  auto options = runner_options(
      run_folder(std::filesystem::absolute(global_.db), stored.run.id.value) / "reruns" / number,
      stored.run.id);
  std::map<std::string, std::size_t> index_of;
  for (std::size_t i = 0; i < read_.matrix.cells.size(); ++i) {
    index_of[read_.matrix.cells[i].name] = i;
    if (pass.skip.count(i) == 0) options.finished_cells.insert(i);
  }
  for (std::size_t i = 0; i < read_.matrix.kernels.size(); ++i) options.finished_kernels.insert(i);
  options.finished_cases = pass.skip;
  std::map<std::size_t, std::int64_t> ids;
  for (const auto& cell : stored.cells) {
    const auto index = index_of.find(cell.name);
    if (index == index_of.end()) continue;
    ids[index->second] = cell.id;
    if (cell.slowness > 0) options.slowness[index->second] = cell.slowness;
  }
  RerunObserver to_store(store_, std::move(ids));
  return run_and_tell(prepared, options, to_store, &hypervisor);
}

}  // namespace kmatrix::cli
