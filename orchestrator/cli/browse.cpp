// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include "browse/terminal.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/find_run.h"
#include "cli/run_lock.h"

namespace kmatrix::cli {

namespace {

/// So soon a signal or another size of the window is noticed.
constexpr auto key_patience = std::chrono::milliseconds(200);
constexpr auto browse_refresh = std::chrono::seconds(2);

struct BrowseOptions {
  std::string run;
};

/// Until the user leaves, or a signal says so.
int use(const CommandLine& line, browse::Browser& browser, browse::Terminal& terminal) {
  const support::SystemClock clock;
  auto read = clock.now();
  while (!browser.done()) {
    browser.resize(terminal.size());
    terminal.draw(browse::view(browser, terminal.unicode()));
    const auto key = terminal.read(key_patience);
    if (line.stop.stop_requested()) return exit_interrupted;
    if (key) browser.press(*key);
    if (clock.now() - read < browse_refresh) continue;
    browser.refresh();
    read = clock.now();
  }
  return exit_good;
}

int browse_results(const CommandLine& line, const BrowseOptions& options) {
  if (const auto usable = browse::Terminal::check(); !usable) return fail(usable.error());
  auto store = store::Store::open_to_read(line.global.db);
  if (!store) return fail(store.error());
  // Also without a name: a database without runs is nothing to look at.
  const auto run = find_run(*store, options.run);
  if (!run) return fail(run.error());
  browse::Source source(std::move(*store), notice_interruption);
  auto browser =
      browse::Browser::begin(source, options.run.empty() ? std::nullopt : std::optional(run->id));
  if (!browser) return fail(browser.error());
  line.manners->be_quiet(browse::Terminal::give_back);
  auto terminal = browse::Terminal::open(line.global.colour);
  if (!terminal) return fail(terminal.error());
  return use(line, *browser, **terminal);
}

}  // namespace

void add_browse(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<BrowseOptions>();
  auto* command =
      add_command(app, line, "browse", "Look through runs, cells, cases and logs on the terminal",
                  "kmatrix browse latest", options, browse_results);
  command->add_option("RUN", options->run, "Number of a run to begin with, or latest");
}

}  // namespace kmatrix::cli
