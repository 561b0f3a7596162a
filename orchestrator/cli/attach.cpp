// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <condition_variable>
#include <mutex>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/find_run.h"
#include "cli/finish.h"
#include "cli/live.h"
#include "cli/run_lock.h"
#include "cli/screen.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

constexpr auto look_each = std::chrono::milliseconds(250);

struct AttachOptions {
  std::string run;
};

/// Without a name the newest run that goes on; if none does, the newest.
Result<store::RunRow> run_to_attach(const store::Store& store, const std::string& name) {
  if (!name.empty()) return find_run(store, name);
  const auto runs = store.runs();
  if (!runs) return runs.error();
  for (const auto& run : *runs)
    if (is_worked_on(run)) return run;
  return find_run(store, name);
}

Error not_going_on(const store::RunRow& run) {
  const auto id = run.id.value;
  auto hint = fmt::format("`kmatrix show {}` shows what came of it", id);
  if (run.state == "interrupted") hint += fmt::format(", `kmatrix run --resume {}` goes on", id);
  return support::input_error(fmt::format("run {} is not going on: it is {}", id, run.state), {},
                              hint);
}

/// Watches a run that another process works on, until that one is gone or the user is.
class Watch {
 public:
  Watch(const CommandLine& line, store::Store& store, const store::RunRow& run)
      : line_(line),
        store_(store),
        run_(run),
        reader_(std::filesystem::path(run.folder) / std::to_string(run.id.value)) {}

  int make() {
    screen_.print(fmt::format("==> run {} of {}, in another process; Ctrl-C leaves it alone",
                              run_.id.value, report::line_of(run_.experiment)));
    while (true) {
      // Asked first: what was written before the lock was dropped is read below.
      const bool over = !is_worked_on(run_);
      show_new();
      if (over) break;
      if (wait()) return detach();
    }
    screen_.clear();
    return tell_end();
  }

 private:
  void show_new() {
    for (const auto& each : reader_.new_lines()) screen_.print(each, may_colour());
    const auto state = reader_.board(clock_.wall());
    screen_.draw([&](Screen::Size size) {
      return state ? board_lines(*state, size.width, size.height) : std::vector<std::string>();
    });
  }

  /// True: the user wants to leave.
  bool wait() {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, line_.stop, look_each, [] { return false; });
    return line_.stop.stop_requested();
  }

  int detach() {
    screen_.clear();
    fmt::print(stderr, "kmatrix: detached; run {} goes on (`{} attach {}` shows it again)\n",
               run_.id.value, own_command(line_.global), run_.id.value);
    return exit_interrupted;
  }

  int tell_end() {
    auto row = store_.run(run_.id);
    if (!row) return fail(row.error());
    notice_interruption(*row);
    const int code = print_summary(line_.global, store_, row->id, report::duration_of(*row));
    const auto& end = reader_.end();
    if (row->state == "done") return end ? end->exit_code : code;
    fmt::print(stderr, "kmatrix: error: run {} {}\n", row->id.value, reason(*row));
    fmt::print(stderr, "kmatrix: go on with: {} run --resume {}\n", own_command(line_.global),
               row->id.value);
    if (end) return end->exit_code;
    return row->state == "interrupted" ? exit_interrupted : exit_infrastructure;
  }

  std::string reason(const store::RunRow& row) const {
    const auto& end = reader_.end();
    if (!end) return "was interrupted: its process is gone";
    return end->error.empty() ? row.state : "ended: " + support::printable(end->error);
  }

  const CommandLine& line_;
  store::Store& store_;
  const store::RunRow run_;
  Screen screen_{stderr, can_draw()};
  LiveReader reader_;
  support::SystemClock clock_;
};

int attach(const CommandLine& line, const AttachOptions& options) {
  auto store = store::Store::open_to_read(line.global.db);
  if (!store) return fail(store.error());
  const auto run = run_to_attach(*store, options.run);
  if (!run) return fail(run.error());
  if (!is_worked_on(*run)) return fail(not_going_on(*run));
  line.manners->be_quiet();
  return Watch(line, *store, *run).make();
}

}  // namespace

void add_attach(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<AttachOptions>();
  auto* command = add_command(app, line, "attach", "Show a run that goes on in another process",
                              "kmatrix attach 3", options, attach);
  command->add_option("RUN", options->run, "Number of the run (default: the newest that goes on)");
  add_json(command, line);
}

}  // namespace kmatrix::cli
