// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/report.h"
#include "report/words.h"

namespace kmatrix::report {

namespace {

struct Change {
  std::string cell, name, before, now;
};

/// What a run has of each case, by cell and name; of a cell without cases its state, under "".
std::map<std::pair<std::string, std::string>, std::string> outcomes(const StoredRun& run) {
  std::map<std::pair<std::string, std::string>, std::string> all;
  auto cases = by_cell(run.cases);
  for (const auto& cell : run.cells) {
    all[{cell.name, ""}] = cell.state;
    for (const auto* each : cases[cell.id]) all[{cell.name, each->name}] = each->outcome;
  }
  return all;
}

std::vector<Change> changes(const StoredRun& earlier, const StoredRun& now) {
  const auto before = outcomes(earlier);
  auto cases = by_cell(now.cases);
  std::vector<Change> list;
  const auto add = [&](const store::CellRow& cell, const std::string& name,
                       const std::string& outcome) {
    auto found = before.find({cell.name, name});
    // A cell that never came to its cases has its state to say.
    if (found == before.end()) found = before.find({cell.name, ""});
    list.push_back({cell.name, name, found == before.end() ? "" : found->second, outcome});
  };
  for (const auto& cell : now.cells) {
    for (const auto* each : cases[cell.id]) add(cell, each->name, each->outcome);
    if (cases[cell.id].empty()) add(cell, "", cell.state);
  }
  return list;
}

}  // namespace

std::string rerun_text(const StoredRun& earlier, const StoredRun& now, bool colour) {
  Table table;
  table.add({"cell", "case", fmt::format("run {}", earlier.run.id.value),
             fmt::format("run {}", now.run.id.value)});
  for (const auto& each : changes(earlier, now))
    table.add(
        {line_of(each.cell), each.name.empty() ? "-" : line_of(each.name),
         Piece(each.before.empty() ? "-" : line_of(each.before), tone_of_outcome(each.before)),
         Piece(line_of(each.now), tone_of_outcome(each.now))});
  return table.render(colour);
}

nlohmann::ordered_json rerun_json(const StoredRun& earlier, const StoredRun& now) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& each : changes(earlier, now))
    list.push_back({{"cell", text_or_null(each.cell)},
                    {"case", text_or_null(each.name)},
                    {"before", text_or_null(each.before)},
                    {"now", text_or_null(each.now)}});
  return list;
}

}  // namespace kmatrix::report
