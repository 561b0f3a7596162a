// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "cli/accelerators.h"
#include "cli/commands.h"
#include "cli/execute.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/find_run.h"
#include "cli/finish.h"
#include "cli/one_run.h"
#include "cli/run_lock.h"
#include "cli/screen.h"
#include "cli/selection.h"
#include "cli/workshop.h"
#include "report/words.h"
#include "run/host.h"
#include "run/prepare.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

/// Leaves of the matrix what of an earlier run is to run again.
Result<std::optional<RerunPlan>> narrow(ReadExperiment& read, const store::Store& store,
                                        const RunOptions& options) {
  if (!options.replay.bundle.empty())
    return std::optional(plan_replay(read.matrix, options.replay));
  const auto& rerun = options.rerun;
  if (rerun.of == 0) return std::optional<RerunPlan>();
  const auto earlier = report::read_run(store, store::RunId{rerun.of});
  if (!earlier) return earlier.error();
  auto plan = plan_rerun(read.matrix, *earlier, rerun);
  if (!plan) return plan.error();
  read.matrix = plan->matrix;
  return std::optional(std::move(*plan));
}

}  // namespace

int execute(const CommandLine& line, const RunOptions& options, ReadExperiment read,
            store::Store& store, Screen& screen, std::optional<ClaimedRun> resumed,
            const Tell& tell) {
  const Beginning began;
  const auto rerun = narrow(read, store, options);
  if (!rerun) return fail(rerun.error());
  std::set<std::string> machines;
  for (const auto& cell : read.matrix.cells) machines.insert(cell.machine);
  if (const auto decided = decide_accelerators(line.global, read.experiment, machines, line.stop);
      !decided)
    return fail(decided.error());
  const auto say = [&](const std::string& text) {
    screen.print("==> " + support::printable(text));
  };
  const int jobs = build_jobs(options, read.matrix.kernels.size());
  Workshop workshop(line.global, jobs, say, line.stop, options.objects);
  run::Preparation preparation(read.experiment, read.matrix, workshop.trees, workshop.builder,
                               workshop.kernels);
  const auto prepared = preparation.prepare(options.refresh);
  if (!prepared.errors.empty()) return fail(prepared.errors);
  return OneRun({line.global, options, read, workshop, store, screen, line.stop, tell}, began,
                std::move(resumed), *rerun)
      .execute(prepared);
}

int resume(const CommandLine& line, RunOptions options, Screen& screen, const Tell& tell) {
  const auto say = [&](const std::string& text) {
    screen.print("==> " + support::printable(text));
  };
  auto store = store::Store::open_existing(line.global.db);
  if (!store) return fail(store.error());
  const auto found = find_run(*store, options.resume);
  if (!found) return fail(found.error());
  auto lock =
      lock_run(std::filesystem::path(found->folder) / std::to_string(found->id.value), found->id);
  if (!lock) return fail(lock.error());
  // Read again under the lock: whoever held it may have finished the run.
  auto row = store->run(found->id);
  if (!row) return fail(row.error());
  if (row->state == "done") {
    say(fmt::format("run {} is done: there is nothing to go on with", row->id.value));
    const auto took = report::duration_of(*row);
    return tell ? tell(row->id, took) : print_summary(line.global, *store, row->id, took);
  }
  if (auto applied = apply_selection(row->selection, options); !applied)
    return fail(applied.error());
  const std::filesystem::path file = options.experiment.file = row->experiment_file;
  const auto text = support::read_file(file);
  if (!text || *text != row->experiment_text)
    say(fmt::format("{} {} since run {} began, which goes on with the text that it began with",
                    file.string(), text ? "has changed" : "is gone", row->id.value));
  const auto read = read_experiment_text(line, row->experiment_text, options.experiment);
  if (!read.errors.empty()) return fail(read.errors);
  return execute(line, options, read, *store, screen, ClaimedRun{*row, std::move(*lock)}, tell);
}

namespace {

int run(const CommandLine& line, const RunOptions& options) {
  Screen screen(stderr, can_draw());
  if (!options.resume.empty()) return resume(line, options, screen);
  if (options.experiment.file.empty())
    return fail(support::input_error("FILE is required", {}, "or --resume RUN"));
  const auto read = read_experiment(line, options.experiment, options.refresh);
  if (!read.errors.empty()) return fail(read.errors);
  auto store = store::Store::open(line.global.db);
  if (!store) return fail(store.error());
  return execute(line, options, read, *store, screen, std::nullopt);
}

}  // namespace

int build_jobs(const RunOptions& options, std::size_t kernels) {
  constexpr int enough = 8;
  if (options.jobs > 0) return options.jobs;
  const int cores = run::measure_host().cores;
  const int at_once = std::clamp(static_cast<int>(kernels), 1, std::max(1, cores / enough));
  return cores / at_once;
}

void add_run(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<RunOptions>();
  auto* command = add_command(app, line, "run", "Build, boot and test all cells",
                              "kmatrix run matrices/quickstart.yaml", options, run);
  add_experiment(command, options->experiment);
  command->get_option("FILE")->required(false);
  command
      ->add_option("--resume", options->resume,
                   "Go on with this run where it was interrupted (a number, or latest)")
      ->type_name("RUN")
      ->excludes("FILE", "--only");
  add_json(command, line);
  command
      ->add_option("-j,--jobs", options->jobs,
                   "make -j of each build (default: as the cores allow)")
      ->check(CLI::Range(1, 4096));
  command
      ->add_option("--boots", options->boots,
                   "Machines at a time (default: as cores and memory allow)")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--again", options->again,
                    "Run also cells that passed before and whose inputs did not change");
  command->add_flag("--objects", options->objects,
                    "Build kernels again that an earlier version built without keeping objects");
  command->add_flag("--refresh", options->refresh, "Ask again for the newest version of each tree");
}

}  // namespace kmatrix::cli
