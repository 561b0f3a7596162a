// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/find_run.h"
#include "report/report.h"

namespace kmatrix::cli {

namespace {

struct ShowOptions {
  std::string run;
};

int show(const CommandLine& line, const ShowOptions& options) {
  const auto stored = stored_run(line.global, options.run);
  if (!stored) return fail(stored.error());
  if (line.global.json) {
    fmt::print("{}\n", report::show_json(*stored).dump(2));
  } else {
    fmt::print("{}", report::show_text(*stored, line.global.colour));
  }
  return exit_good;
}

}  // namespace

void add_show(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<ShowOptions>();
  auto* command =
      add_command(app, line, "show", "Show the results of a run", "kmatrix show 3", options, show);
  add_run_name(command, options->run);
  add_json(command, line);
}

}  // namespace kmatrix::cli
