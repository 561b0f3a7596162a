// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/diff.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/find_run.h"
#include "cli/side.h"
#include "report/history.h"

namespace kmatrix::cli {

namespace {

struct DiffOptions {
  std::string before, now;
};

int diff(const CommandLine& line, const DiffOptions& options) {
  auto store = store::Store::open_to_read(line.global.db);
  if (!store) return fail(store.error());
  const auto before = find_run(*store, options.before);
  if (!before) return fail(before.error());
  const auto now = find_run(*store, options.now);
  if (!now) return fail(now.error());
  const auto had = read_side(*store, before->id);
  if (!had) return fail(had.error());
  const auto has = read_side(*store, now->id);
  if (!has) return fail(has.error());
  const auto differences = compare::diff(*had, *has);
  if (line.global.json) {
    fmt::print("{}\n", report::diff_json(*before, *now, differences).dump(2));
  } else {
    fmt::print("{}", report::diff_text(*before, *now, differences, line.global.colour));
  }
  return differences.regressed() ? exit_tests_failed : exit_good;
}

}  // namespace

void add_diff(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<DiffOptions>();
  auto* command = add_command(app, line, "diff", "Show what changed between two runs",
                              "kmatrix diff 3 latest", options, diff);
  command->add_option("RUN1", options->before, "Number of the run, or latest")->required();
  command->add_option("RUN2", options->now, "Number of the later run, or latest")->required();
  add_json(command, line);
}

}  // namespace kmatrix::cli
