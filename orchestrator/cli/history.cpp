// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/history.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

#include "cli/cell_filter.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "support/clock.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

/// Each costs a look into the database.
constexpr std::size_t most_cases = 1000;

struct HistoryOptions {
  std::string name;
  store::CellFilter filter;
  std::int64_t limit = 100;  ///< 0: all
};

/// "SUITE:CASE" in two; a suite has no ':' in its name, a case may.
std::optional<store::SuiteCase> in_two(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  return store::SuiteCase{text.substr(colon + 1), text.substr(0, colon)};
}

bool fits(const store::SuiteCase& known, const std::string& text,
          const std::optional<store::SuiteCase>& parts) {
  return support::glob_match(text, known.name) ||
         (parts && support::glob_match(parts->name, known.name) &&
          support::glob_match(parts->suite, known.suite));
}

/// What a user named, as it is or as a glob. A name that is there wins over what it means as a
/// glob: cases may have brackets in their names.
Result<std::vector<store::SuiteCase>> find_cases(const store::Store& store,
                                                 const std::string& text) {
  const auto parts = in_two(text);
  auto exactly = store.suites_of_case(text);
  if (!exactly || !exactly->empty()) return exactly;
  if (parts) {
    auto named = store.suites_of_case(parts->name);
    if (!named) return named;
    std::erase_if(*named, [&](const auto& each) { return each.suite != parts->suite; });
    if (!named->empty()) return named;
  }
  const auto known = store.known_cases();
  if (!known) return known;
  std::vector<store::SuiteCase> found;
  std::vector<std::string> names;
  for (const auto& each : *known) {
    if (fits(each, text, parts)) found.push_back(each);
    names.push_back(parts ? each.suite + ":" + each.name : each.name);
  }
  if (found.size() > most_cases)
    return support::input_error(
        fmt::format("'{}' fits {} cases, which is more than {}", text, found.size(), most_cases));
  if (!found.empty()) return found;
  if (known->empty()) {
    const auto run = store.latest_run();
    if (!run) return run.error();
  }
  return support::input_error(fmt::format("no run has a case '{}'", text), {},
                              support::did_you_mean(text, names));
}

Result<report::History> read_history(const store::Store& store, const HistoryOptions& options) {
  auto filter = checked_filter(options.filter, support::SystemClock().wall());
  if (!filter) return filter.error();
  const auto cases = find_cases(store, options.name);
  if (!cases) return cases.error();
  const std::int64_t limit = options.limit > 0 ? options.limit : -1;
  report::History history{options.name, *filter, limit, {}, 0};
  for (const auto& each : *cases) {
    // One more than is shown tells that there are more.
    auto seen = store.history(each, *filter, limit > 0 ? limit + 1 : limit);
    if (!seen) return seen.error();
    // Of a run, the cells as they stand in the experiment.
    history.seen.insert(history.seen.end(), seen->rbegin(), seen->rend());
  }
  std::stable_sort(history.seen.begin(), history.seen.end(),
                   [](const auto& a, const auto& b) { return a.run > b.run; });
  if (limit > 0 && history.seen.size() > static_cast<std::size_t>(limit)) {
    history.left_out = history.seen.size() - static_cast<std::size_t>(limit);
    history.seen.resize(static_cast<std::size_t>(limit));
  }
  if (history.seen.empty()) KMATRIX_TRY(check_names(store, *filter));
  return history;
}

int history(const CommandLine& line, const HistoryOptions& options) {
  auto store = store::Store::open_to_read(line.global.db);
  if (!store) return fail(store.error());
  const auto read = read_history(*store, options);
  if (!read) return fail(read.error());
  if (line.global.json) {
    fmt::print("{}\n", report::history_json(*read).dump(2));
  } else {
    fmt::print("{}", report::history_text(*read, line.global.colour));
  }
  return exit_good;
}

}  // namespace

void add_history(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<HistoryOptions>();
  auto* command = add_command(app, line, "history", "Show what a case was over all runs",
                              "kmatrix history ftrace-direct:direct/* --tree v6.12 --since 7d",
                              options, history);
  command->add_option("CASE", options->name, "Name of the case or a glob; SUITE:CASE of one suite")
      ->required();
  add_filter(command, options->filter);
  command->add_option("--limit", options->limit, "The newest so many results; 0: all of them")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000000000));
  add_json(command, line);
}

}  // namespace kmatrix::cli
