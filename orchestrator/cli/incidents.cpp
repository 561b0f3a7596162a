// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/cell_filter.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "report/history.h"
#include "support/clock.h"

namespace kmatrix::cli {

namespace {

struct IncidentsOptions {
  store::CellFilter filter;
};

int incidents(const CommandLine& line, const IncidentsOptions& options) {
  auto store = store::Store::open_to_read(line.global.db);
  if (!store) return fail(store.error());
  const auto filter = checked_filter(options.filter, support::SystemClock().wall());
  if (!filter) return fail(filter.error());
  const auto seen = store->incidents_seen(*filter);
  if (!seen) return fail(seen.error());
  if (seen->empty())
    if (const auto named = check_names(*store, *filter); !named) return fail(named.error());
  if (line.global.json) {
    fmt::print("{}\n", report::incidents_json(*seen, *filter).dump(2));
  } else {
    fmt::print("{}", report::incidents_text(*seen, line.global.colour));
  }
  return exit_good;
}

}  // namespace

void add_incidents(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<IncidentsOptions>();
  auto* command = add_command(app, line, "incidents", "List the incidents of all runs, each once",
                              "kmatrix incidents --tree v6.12 --since 7d", options, incidents);
  add_filter(command, options->filter);
  add_json(command, line);
}

}  // namespace kmatrix::cli
