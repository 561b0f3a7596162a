// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "report/effort.h"
#include "report/report.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

bool is_good(const store::CellRow& cell) {
  return cell.state == "done" || (cell.state == "unavailable" && cell.expect_unavailable);
}

/// The cells by state, in the order of their first appearance.
Counts count_states(const std::vector<store::CellRow>& cells) {
  Counts counts;
  for (const auto& cell : cells) {
    const std::string word = cell.reused_run.value > 0     ? "unchanged"
                             : !cell.identical_to.empty()  ? "identical to another"
                             : cell.state != "unavailable" ? cell.state
                             : cell.expect_unavailable     ? "unavailable as expected"
                                                           : "unavailable";
    const auto found = std::find_if(counts.begin(), counts.end(),
                                    [&](const auto& each) { return each.first == word; });
    if (found == counts.end())
      counts.emplace_back(word, 1);
    else
      ++found->second;
  }
  return counts;
}

/// By kind, and those that do not count at the end.
Counts count_kinds(const std::vector<store::IncidentRow>& incidents) {
  std::map<std::string, std::size_t> kinds;
  std::size_t ignored = 0;
  for (const auto& incident : incidents)
    ++(incident.ignored.empty() ? kinds[line_of(incident.kind)] : ignored);
  Counts counts(kinds.begin(), kinds.end());
  if (ignored > 0) counts.emplace_back("ignored", ignored);
  return counts;
}

std::vector<const store::CaseRow*> pointers(const std::vector<store::CaseRow>& cases) {
  std::vector<const store::CaseRow*> list;
  list.reserve(cases.size());
  for (const auto& row : cases) list.push_back(&row);
  return list;
}

}  // namespace

bool run_is_good(const std::vector<store::CellRow>& cells, const std::vector<store::CaseRow>& cases,
                 const std::vector<store::IncidentRow>& incidents) {
  std::map<std::int64_t, const store::CellRow*> cell_of;
  for (const auto& cell : cells) cell_of[cell.id] = &cell;
  const auto good_case = [&](const store::CaseRow& result) {
    const auto cell = cell_of.find(result.cell);
    return !is_bad_word(result.outcome) ||
           (cell != cell_of.end() && said_by_cell(*cell->second, result));
  };
  return !cells.empty() && std::all_of(cells.begin(), cells.end(), is_good) &&
         std::all_of(cases.begin(), cases.end(), good_case) &&
         std::all_of(incidents.begin(), incidents.end(), [](const auto& incident) {
           return incident.kind == "other" || !incident.ignored.empty();
         });
}

std::string summary_text(const StoredRun& run, support::Seconds wall, bool colour) {
  const bool good = run_is_good(run.cells, run.cases, run.incidents);
  const Counts states = count_states(run.cells);
  const Counts kinds = count_kinds(run.incidents);
  Table table(2);
  table.add({"cells", states.empty() ? "none" : to_string(states)});
  table.add({"cases", to_string(count_outcomes(pointers(run.cases)))});
  table.add({"incidents", kinds.empty() ? "none" : to_string(kinds)});
  if (!run.efforts.empty()) add_efforts(table, {run.efforts.back()});
  return fmt::format("run {} ({}) {} after {}: {}\n", run.run.id.value, line_of(run.run.experiment),
                     line_of(run.run.state), support::human_duration(wall),
                     coloured(good ? "good" : "not good", good ? Tone::good : Tone::bad, colour)) +
         table.render(colour);
}

nlohmann::ordered_json summary_json(const StoredRun& run, support::Seconds wall) {
  nlohmann::ordered_json document = {{"run", run_record(run.run)}};
  document["good"] = run_is_good(run.cells, run.cases, run.incidents);
  document["wall_seconds"] = wall.count();
  document["efforts"] = efforts_json(run.efforts);
  document["cells"] = to_json(count_states(run.cells));
  document["cases"] = to_json(count_outcomes(pointers(run.cases)));
  document["incidents"] = to_json(count_kinds(run.incidents));
  return document;
}

}  // namespace kmatrix::report
