// SPDX-License-Identifier: GPL-2.0-or-later
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/execute.h"
#include "cli/exit_code.h"
#include "cli/find_run.h"
#include "cli/selection.h"

namespace kmatrix::cli {

namespace {

struct RerunOptions {
  std::string run;
  RunOptions how;
};

/// The experiment is read as it was then; what it names (trees, fragments, patches) as it is now.
int rerun(const CommandLine& line, const RerunOptions& wanted) {
  auto store = store::Store::open_existing(line.global.db);
  if (!store) return fail(store.error());
  const auto earlier = find_run(*store, wanted.run);
  if (!earlier) return fail(earlier.error());
  if (earlier->state == "running")
    return fail(support::input_error("run " + wanted.run + " is still running"));
  RunOptions options = wanted.how;
  // Of a rerun, what that was about; it is narrowed down further.
  if (auto applied = apply_selection(earlier->selection, options); !applied)
    return fail(applied.error());
  options.rerun = wanted.how.rerun;
  options.rerun.of = earlier->id.value;
  options.again = true;
  options.experiment.file = earlier->experiment_file;
  const auto read = read_experiment_text(line, earlier->experiment_text, options.experiment);
  if (!read.errors.empty()) return fail(read.errors);
  Screen screen(stderr, can_draw());
  return execute(line, options, read, *store, screen, std::nullopt);
}

}  // namespace

void add_rerun(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<RerunOptions>();
  auto* command = add_command(app, line, "rerun", "Run again what an earlier run did",
                              "kmatrix rerun 3 --failed", options, rerun);
  command->add_option("RUN", options->run, "Number of the run, or latest")->required();
  command->add_flag("--failed", options->how.rerun.failed,
                    "Only cases that were not good, and cells that came to no outcome");
  command->add_option("--cell", options->how.rerun.cells, "Only cells that match this glob")
      ->type_name("GLOB");
  command->add_option("--case", options->how.rerun.cases, "Only cases that match this glob")
      ->type_name("GLOB");
  command->add_option("-j,--jobs", options->how.jobs, "make -j of each build")
      ->check(CLI::Range(1, 4096));
  command->add_option("--boots", options->how.boots, "Machines at a time")
      ->check(CLI::Range(1, 1024));
  add_json(command, line);
}

}  // namespace kmatrix::cli
