// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/report.h"

#include <nlohmann/json.hpp>

#include "report/words.h"

namespace kmatrix::report {

Result<StoredRun> read_run(const store::Store& store, store::RunId id) {
  StoredRun whole;
  auto run = store.run(id);
  if (!run) return run.error();
  auto kernels = store.kernels(id);
  if (!kernels) return kernels.error();
  auto cells = store.cells(id);
  if (!cells) return cells.error();
  auto cases = store.cases(id);
  if (!cases) return cases.error();
  auto incidents = store.incidents(id);
  if (!incidents) return incidents.error();
  auto efforts = store.efforts(id);
  if (!efforts) return efforts.error();
  auto reruns = store.reruns(id);
  if (!reruns) return reruns.error();
  auto claims = store.claims(id);
  if (!claims) return claims.error();
  auto selftests = store.selftests(id);
  if (!selftests) return selftests.error();
  return StoredRun{std::move(*run),    std::move(*kernels),   std::move(*cells),
                   std::move(*cases),  std::move(*incidents), std::move(*efforts),
                   std::move(*reruns), std::move(*claims),    std::move(*selftests)};
}

std::string runs_text(const std::vector<store::RunRow>& runs) {
  if (runs.empty()) return "no runs yet\n";
  Table table;
  table.add({"run", "experiment", "started", "took", "state", "results", "host"});
  for (const auto& run : runs)
    table.add({std::to_string(run.id.value),
               line_of(run.experiment) + (replay_of(run).empty() ? "" : " (replay)"),
               line_of(run.started), time_of(duration_of(run).count()), line_of(run.state),
               results_of(run), line_of(run.host)});
  return table.render(false);
}

nlohmann::ordered_json runs_json(const std::vector<store::RunRow>& runs) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& run : runs) list.push_back(run_record(run));
  return {{"runs", std::move(list)}};
}

}  // namespace kmatrix::report
