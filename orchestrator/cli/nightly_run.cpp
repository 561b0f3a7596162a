// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/nightly_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cache/gc.h"
#include "cli/cache_words.h"
#include "cli/dashboards.h"
#include "cli/execute.h"
#include "cli/exit_code.h"
#include "cli/nightly_units.h"
#include "cli/run_lock.h"
#include "cli/side.h"
#include "report/claims.h"
#include "support/file.h"
#include "support/process.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace fs = std::filesystem;

namespace {

/// All runs, with the state that they are really in.
Result<std::vector<store::RunRow>> runs_of(const store::Store& store) {
  auto runs = store.runs();
  if (!runs) return runs.error();
  for (auto& run : *runs) notice_interruption(run);
  return runs;
}

/// One night of one experiment.
class Evening {
 public:
  Evening(const CommandLine& line, const NightlyOptions& options, store::Store& store,
          const fs::path& file)
      : line_(line), options_(options), store_(store), file_(fs::absolute(file)) {
    night_.file = file.string();
  }

  /// Errors of the run itself are its exit code; an Error here is the database's.
  Result<Night> spend() {
    Screen screen(stderr, can_draw());
    auto runs = runs_of(store_);
    if (!runs) return runs.error();
    const auto cut = run_to_continue(whole_runs(*runs, file_.string()), clock_.wall());
    night_.continued = cut.has_value();
    night_.code = cut ? go_on(*cut, screen) : begin(screen);
    if (!run_) KMATRIX_TRY(find_what_was_begun(*runs));
    if (run_) KMATRIX_TRY(look_back());
    return std::move(night_);
  }

 private:
  /// The summary is left to the mail; claims that do not hold make a run bad, as in `run`.
  int take(store::RunId run) {
    run_ = run;
    const auto good = is_good(run);
    if (!good) return fail(good.error());
    if (!good->second) return exit_infrastructure;
    return good->first ? exit_good : exit_tests_failed;
  }

  int go_on(const store::RunRow& cut, Screen& screen) {
    RunOptions options = how();
    options.resume = std::to_string(cut.id.value);
    return resume(line_, options, screen,
                  [this](store::RunId run, support::Seconds) { return take(run); });
  }

  int begin(Screen& screen) {
    RunOptions options = how();
    options.experiment.file = file_;
    options.refresh = true;
    const auto read = read_experiment(line_, options.experiment, options.refresh);
    if (!read.errors.empty()) return fail(read.errors);
    return execute(line_, options, read, store_, screen, std::nullopt,
                   [this](store::RunId run, support::Seconds) { return take(run); });
  }

  RunOptions how() const {
    RunOptions options;
    options.jobs = options_.jobs;
    options.boots = options_.boots;
    return options;
  }

  /// A run that did not come to its end has something to show nevertheless.
  Status find_what_was_begun(const std::vector<store::RunRow>& earlier) {
    const auto runs = runs_of(store_);
    if (!runs) return runs.error();
    const auto whole = whole_runs(*runs, file_.string());
    if (whole.empty()) return {};
    const auto is_newest = [&](const store::RunRow& run) { return run.id == whole.front().id; };
    const bool is_new = std::none_of(earlier.begin(), earlier.end(), is_newest);
    if (is_new || night_.continued) run_ = whole.front().id;
    return {};
  }

  Status look_back() {
    auto run = report::read_run(store_, *run_);
    if (!run) return run.error();
    night_.run = std::move(*run);
    const auto runs = runs_of(store_);
    if (!runs) return runs.error();
    auto before = choose_baseline(whole_runs(*runs, file_.string()), *run_,
                                  [this](const store::RunRow& each) -> Result<bool> {
                                    auto good = is_good(each.id);
                                    if (!good) return good.error();
                                    return good->first && good->second;
                                  });
    if (!before) return before.error();
    night_.before = std::move(*before);
    if (!night_.before) return {};
    const auto had = read_side(store_, night_.before->run.id);
    if (!had) return had.error();
    const auto has = read_side(store_, *run_);
    if (!has) return has.error();
    night_.diff = compare::diff(*had, *has);
    return {};
  }

  /// Whether a run is good, and whether nothing in it failed through us.
  Result<std::pair<bool, bool>> is_good(store::RunId id) const {
    const auto run = report::read_run(store_, id);
    if (!run) return run.error();
    const bool good = report::run_is_good(run->cells, run->cases, run->incidents) &&
                      !report::some_do_not_hold(run->claims);
    const auto ours = [](const auto& cell) { return cell.state == "infra_error"; };
    const auto lost = [](const auto& row) { return row.outcome == "infra_error"; };
    return std::pair(good, std::none_of(run->cells.begin(), run->cells.end(), ours) &&
                               std::none_of(run->cases.begin(), run->cases.end(), lost));
  }

  const CommandLine& line_;
  const NightlyOptions& options_;
  store::Store& store_;
  fs::path file_;
  support::SystemClock clock_;
  std::optional<store::RunId> run_;
  Night night_;
};

/// Writes each mail into a file of its own, and returns their names.
Result<std::vector<std::string>> write_mails(const std::vector<Night>& nights,
                                             const NightlyOptions& options,
                                             const fs::path& folder) {
  const auto today = support::iso_time(support::SystemClock().wall()).substr(0, 10);
  std::vector<std::string> files;
  for (const auto& night : nights) {
    auto name = today + "-" + fs::path(night.file).stem().string();
    if (night.run) name += fmt::format("-run{}", night.run->run.id.value);
    const auto file = folder / (name + ".txt");
    KMATRIX_TRY(support::write_file(file, mail_of(night, options.to)));
    files.push_back(file.string());
  }
  return files;
}

Result<std::uint64_t> prune(const CommandLine& line, const NightlyOptions& options) {
  if (options.keep.empty()) return std::uint64_t(0);
  const auto keep = parse_size(options.keep);
  const auto collected = cache::collect_garbage(line.global.cache, *keep, false, line.stop);
  if (!collected) return collected.error();
  return collected->freed;
}

/// The hook reads the JSON from its stdin. Its failure is said, and is 69 for the night.
int call_hook(const CommandLine& line, const std::string& hook, const fs::path& json) {
  support::BoostProcessRunner runner;
  support::Command command;
  command.argv = {"/bin/sh", "-c", "exec <\"$0\"\n" + hook, json.string()};
  command.stop = line.stop;
  command.on_output = [](std::string_view text) { fmt::print(stderr, "{}", text); };
  const auto exit = runner.run(command);
  if (!exit) return fail(exit.error());
  if (exit->good()) return exit_good;
  return fail(support::infrastructure_error(
      fmt::format("the hook ended with exit code {}", exit->code), "--hook " + hook));
}

int publish(const CommandLine& line, const NightlyOptions& options) {
  if (options.publish.empty()) return exit_good;
  const auto published = publish_site(line.global, {}, published_runs, options.publish);
  if (!published) return fail(published.error());
  say(fmt::format("{} pages in {}", published->pages, options.publish.string()));
  return exit_good;
}

/// What is left when all experiments are over.
int close(const CommandLine& line, const NightlyOptions& options, const std::vector<Night>& nights,
          const fs::path& folder) {
  int code = code_of(nights);
  const auto mails = write_mails(nights, options, folder);
  if (!mails) return fail(mails.error());
  const auto freed = prune(line, options);
  if (!freed) code = std::max(code, fail(freed.error()));
  code = std::max(code, publish(line, options));
  const auto json = nightly_json(nights, *mails, freed.value_or(0)).dump(2) + "\n";
  const auto file = folder / "last.json";
  if (const auto written = support::write_file(file, json); !written) return fail(written.error());
  if (line.global.json)
    fmt::print("{}", json);
  else
    for (const auto& night : nights)
      fmt::print("{}{}", &night == &nights.front() ? "" : "\n\n", mail_of(night, options.to));
  std::fflush(stdout);
  if (!options.hook.empty()) code = std::max(code, call_hook(line, options.hook, file));
  return code;
}

Status check(const NightlyOptions& options) {
  if (options.files.empty()) return support::input_error("FILE is required");
  if (!options.keep.empty() && !parse_size(options.keep))
    return support::input_error("--keep: '" + options.keep + "' is no size", {}, "20G or 500M");
  return {};
}

}  // namespace

fs::path nightly_folder(const fs::path& db) {
  fs::path folder = fs::absolute(db);
  folder.replace_extension(".nightly");
  return folder;
}

int run_nightly(const CommandLine& line, const NightlyOptions& options) {
  if (const auto good = check(options); !good) return fail(good.error());
  const auto folder = nightly_folder(line.global.db);
  if (const auto made = support::make_folders(folder); !made) return fail(made.error());
  auto lock = support::FileLock::try_take(folder / "lock");
  if (!lock) return fail(lock.error());
  if (!*lock)
    return fail(support::infrastructure_error("another nightly is at work on this database",
                                              "this one does nothing"));
  auto store = store::Store::open(line.global.db);
  if (!store) return fail(store.error());
  std::vector<Night> nights;
  for (const auto& file : options.files) {
    auto night = Evening(line, options, *store, file).spend();
    if (!night) return fail(night.error());
    nights.push_back(std::move(*night));
    if (nights.back().code == exit_interrupted) break;
  }
  return close(line, options, nights, folder);
}

}  // namespace kmatrix::cli
