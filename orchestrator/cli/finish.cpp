// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>

#include "cli/exit_code.h"
#include "cli/finish.h"
#include "report/claims.h"
#include "report/report.h"
#include "run/ignore.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

void print(const nlohmann::ordered_json& json) { fmt::print("{}\n", json.dump(2)); }

bool has_infra_error(const report::StoredRun& stored) {
  return std::any_of(stored.cells.begin(), stored.cells.end(),
                     [](const auto& cell) { return cell.state == "infra_error"; }) ||
         std::any_of(stored.cases.begin(), stored.cases.end(),
                     [](const auto& row) { return row.outcome == "infra_error"; });
}

}  // namespace

void note_useless_ignores(const spec::Experiment& experiment, const plan::Matrix& matrix,
                          const store::Store& store, store::RunId run) {
  const auto stored = report::read_run(store, run);
  if (experiment.ignore.empty() || !stored) return;
  std::map<std::int64_t, std::string> name_of;
  std::vector<std::string> ran;
  for (const auto& cell : stored->cells) {
    name_of[cell.id] = cell.name;
    if (cell.state == "done") ran.push_back(cell.name);
  }
  std::vector<run::SeenIncident> incidents;
  for (const auto& row : stored->incidents)
    incidents.push_back({name_of[row.cell], row.kind, row.title});
  for (const auto* ignore : run::useless_ignores(experiment, matrix, ran, incidents))
    fmt::print(stderr, "kmatrix: note: {}: no incident of this run is '{}': nothing to ignore\n",
               to_string(ignore->at), support::printable(ignore->title));
}

int print_summary(const GlobalOptions& global, const store::Store& store, store::RunId run,
                  support::Seconds wall) {
  const auto stored = report::read_run(store, run);
  if (!stored) return fail(stored.error());
  std::optional<report::StoredRun> earlier;
  if (stored->run.rerun_of.value > 0) {
    auto read = report::read_run(store, stored->run.rerun_of);
    if (!read) return fail(read.error());
    earlier = std::move(*read);
  }
  if (global.json) {
    auto document = report::summary_json(*stored, wall);
    document["claims"] = stored->claims.empty() ? nullptr : report::claims_json(stored->claims);
    document["changes"] = earlier ? report::rerun_json(*earlier, *stored) : nullptr;
    print(document);
  } else {
    if (earlier) fmt::print("{}\n", report::rerun_text(*earlier, *stored, global.colour));
    fmt::print("{}", report::summary_text(*stored, wall, global.colour));
    if (!stored->claims.empty())
      fmt::print("\n{}\n{}", report::claims_line(stored->claims),
                 report::claims_text(stored->claims, global.colour));
  }
  if (has_infra_error(*stored)) return exit_infrastructure;
  const bool good = report::run_is_good(stored->cells, stored->cases, stored->incidents) &&
                    !report::some_do_not_hold(stored->claims);
  return good ? exit_good : exit_tests_failed;
}

}  // namespace kmatrix::cli
