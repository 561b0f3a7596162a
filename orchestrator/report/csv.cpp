// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <vector>

#include "report/export.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

/// A field in quotes, if it has to be. The RFC has no control characters but CR and LF.
std::string field(const std::string& text) {
  const std::string safe = support::printable(text);
  const bool edges = !safe.empty() && (safe.front() == ' ' || safe.back() == ' ');
  if (safe.find_first_of(",\"\n") == std::string::npos && !edges) return safe;
  std::string quoted = "\"";
  for (const char each : safe) quoted += each == '"' ? "\"\"" : std::string(1, each);
  return quoted + "\"";
}

std::string record(const std::vector<std::string>& fields) {
  std::vector<std::string> parts;
  parts.reserve(fields.size());
  for (const auto& each : fields) parts.push_back(field(each));
  return support::join(parts, ",") + "\r\n";
}

std::string number(std::int64_t value) { return value == 0 ? "" : std::to_string(value); }

std::string line(const StoredRun& run, const store::CellRow& cell, const store::CaseRow& row) {
  return record({std::to_string(run.run.id.value),
                 run.run.experiment,
                 run.run.started,
                 cell.name,
                 cell.tree,
                 cell.series,
                 cell.config,
                 cell.machine,
                 cell.suite,
                 cell.state,
                 cell.reason,
                 number(cell.reused_run.value),
                 row.name,
                 row.outcome,
                 row.raw,
                 row.message,
                 number(row.error),
                 fmt::format("{:.3f}", row.seconds),
                 number(row.boot),
                 number(row.first_line),
                 number(row.last_line),
                 row.output});
}

}  // namespace

std::string csv(const StoredRun& run) {
  std::string text = record({"run",    "experiment", "started",   "cell",    "tree",   "series",
                             "config", "machine",    "suite",     "state",   "reason", "reused_run",
                             "case",   "outcome",    "raw",       "message", "errno",  "seconds",
                             "boot",   "first_line", "last_line", "output"});
  auto cases = by_cell(run.cases);
  for (const auto& cell : run.cells) {
    for (const auto* each : cases[cell.id]) text += line(run, cell, *each);
    store::CaseRow none;
    none.seconds = cell.seconds;
    if (cases[cell.id].empty()) text += line(run, cell, none);
  }
  return text;
}

}  // namespace kmatrix::report
