// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/reruns.h"

#include <algorithm>

#include "cli/evaluate.h"
#include "cli/rerun_plan.h"
#include "cli/store_rows.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

/// How often each process of each cell is to run.
class Wanted {
 public:
  Wanted(const plan::Matrix& matrix, const report::StoredRun& stored) {
    std::map<std::string, std::size_t> index_of;
    for (std::size_t i = 0; i < matrix.cells.size(); ++i) index_of[matrix.cells[i].name] = i;
    for (const auto& cell : stored.cells) {
      ids_[cell.name] = cell.id;
      const auto found = index_of.find(cell.name);
      if (found != index_of.end() && cell.state == "done") cells_[cell.id] = found->second;
    }
    for (const auto& result : stored.cases) names_[result.cell].insert(result.name);
  }

  /// False: nothing more is to run for it, or the case has no process in that cell (it never ran
  /// there, or is an incident).
  bool add(const std::string& cell_name, const std::string& name) {
    const auto known = ids_.find(cell_name);
    if (known == ids_.end()) return false;
    const auto cell = known->second;
    const auto process = process_of(cell, name);
    if (cells_.count(cell) == 0 || process.empty()) return false;
    // One run of a process is one of each of its subtests.
    int& times = times_[cell][process];
    const int wanted = ++rows_[{cell, name}];
    if (wanted <= times) return false;
    times = wanted;
    return true;
  }

  /// How many processes gave these outcomes: a subtest is none of its own.
  std::size_t processes(const std::vector<store::CaseRow>& rows) const {
    return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const auto& row) {
      return process_of(row.cell, row.name) == row.name;
    }));
  }

  std::vector<RerunPass> passes() const {
    std::vector<RerunPass> all;
    for (const auto& [cell, processes] : times_)
      for (const auto& [process, times] : processes) {
        const auto most = static_cast<std::size_t>(times);
        while (all.size() < most) all.emplace_back();
        for (std::size_t i = 0; i < most; ++i) take(cell, process, all[i]);
      }
    return all;
  }

 private:
  /// The case whose process an outcome is of; "" if the cell has no such outcome.
  std::string process_of(std::int64_t cell, const std::string& name) const {
    const auto known = names_.find(cell);
    if (known == names_.end()) return {};
    const auto process =
        std::find_if(known->second.begin(), known->second.end(),
                     [&](const std::string& each) { return belongs_to(name, each); });
    return process == known->second.end() ? "" : *process;
  }

  void take(std::int64_t cell, const std::string& process, RerunPass& pass) const {
    const auto [skip, added] = pass.skip.try_emplace(cells_.at(cell), names_.at(cell));
    std::erase_if(skip->second, [&](const auto& each) { return belongs_to(each, process); });
    ++pass.cases;
  }

  std::map<std::string, std::int64_t> ids_;              ///< of all cells
  std::map<std::int64_t, std::size_t> cells_;            ///< that ran: index in the matrix
  std::map<std::int64_t, std::set<std::string>> names_;  ///< of all results, by cell
  std::map<std::int64_t, std::map<std::string, int>> times_;
  std::map<std::pair<std::int64_t, std::string>, int> rows_;  ///< how often each outcome is wanted
};

}  // namespace

std::vector<RerunPass> plan_reruns(const plan::Matrix& matrix, const spec::Reruns& budget,
                                   const report::StoredRun& stored) {
  Wanted wanted(matrix, stored);
  const auto spent = wanted.processes(stored.reruns);
  const auto total = static_cast<std::size_t>(budget.total);
  if (budget.per_case < 2 || spent >= total) return {};
  compare::RerunBudget left;
  left.runs = budget.per_case;
  left.quiet = budget.least;
  left.total = total - spent;
  left.confidence = budget.confidence;
  const auto attributed = attribute(stored, budget.confidence);
  for (const auto& each : compare::choose_reruns(attributed.cases, left)) {
    const auto& subject = attributed.cases[each.case_index];
    const auto name = attributed.observed.name_of(subject.suite, each.cell);
    if (wanted.add(name, subject.name) && --left.total == 0) break;
  }
  return wanted.passes();
}

Status RerunObserver::case_finished(const run::CaseRecord& record) {
  auto row = case_row(record);
  row.cell = cells_.at(record.cell);
  return store_.add_rerun(row);
}

Status RerunObserver::incident(const run::IncidentRecord& record) {
  auto row = incident_row(record);
  row.cell = cells_.at(record.cell);
  auto id = store_.add_incident(row);
  if (!id) return id.error();
  return {};
}

}  // namespace kmatrix::cli
