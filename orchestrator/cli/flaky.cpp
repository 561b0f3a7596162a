// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/cell_filter.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "compare/flaky.h"
#include "report/history.h"
#include "support/clock.h"

namespace kmatrix::cli {

namespace {

struct FlakyOptions {
  store::CellFilter filter;
};

int flaky(const CommandLine& line, const FlakyOptions& options) {
  auto store = store::Store::open_to_read(line.global.db);
  if (!store) return fail(store.error());
  const auto filter = checked_filter(options.filter, support::SystemClock().wall());
  if (!filter) return fail(filter.error());
  const auto unstable = store->unstable_cases(*filter);
  if (!unstable) return fail(unstable.error());
  if (unstable->empty())
    if (const auto named = check_names(*store, *filter); !named) return fail(named.error());
  const auto cases = compare::flaky(*unstable);
  if (line.global.json) {
    fmt::print("{}\n", report::flaky_json(cases, *filter).dump(2));
  } else {
    fmt::print("{}", report::flaky_text(cases, line.global.colour));
  }
  return exit_good;
}

}  // namespace

void add_flaky(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<FlakyOptions>();
  auto* command =
      add_command(app, line, "flaky", "List cases that came out differently with the same inputs",
                  "kmatrix flaky --since 4w", options, flaky);
  add_filter(command, options->filter);
  add_json(command, line);
}

}  // namespace kmatrix::cli
