// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/run_lock.h"
#include "report/report.h"

namespace kmatrix::cli {

namespace {

struct RunsOptions {};

int runs(const CommandLine& line, const RunsOptions&) {
  auto store = store::Store::open_to_read(line.global.db);
  if (!store) return fail(store.error());
  auto all = store->runs();
  if (!all) return fail(all.error());
  for (auto& run : *all) notice_interruption(run);
  if (line.global.json) {
    fmt::print("{}\n", report::runs_json(*all).dump(2));
  } else {
    fmt::print("{}", report::runs_text(*all));
  }
  return exit_good;
}

}  // namespace

void add_runs(CLI::App& app, CommandLine& line) {
  auto* command = add_command(app, line, "runs", "List the runs in the database",
                              "kmatrix runs --json", std::make_shared<RunsOptions>(), runs);
  add_json(command, line);
}

}  // namespace kmatrix::cli
