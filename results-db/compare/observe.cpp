// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "compare/places.h"

namespace kmatrix::compare {

namespace {

using Incident = std::pair<std::string, std::string>;  ///< its name, and its case's
std::string name_of(const store::IncidentRow& row) {
  return fmt::format("{} ({})", row.title, row.kind);
}

/// A cell of a run, with what it observed itself.
struct CellRun {
  const store::CellRow* row = nullptr;
  std::string suite;     ///< wherever its tests are from
  std::size_t cell = 0;  ///< in Observed::cells
  bool did_not_build = false;
  std::map<std::string, Kind> outcomes;             ///< of cases that ran
  std::vector<std::pair<std::string, Kind>> again;  ///< likewise, of their further runs
  std::set<Incident> incidents;
};

std::optional<Kind> kind_of(const store::CellRow& cell, const store::CaseRow& result) {
  const auto kind = parse_kind(result.outcome);
  return cell.expect_unavailable && kind == Kind::xfailed ? Kind::unavailable : kind;
}

bool ran(Kind kind) { return kind != Kind::missing && kind != Kind::blocked; }

class Observer {
 public:
  explicit Observer(const std::vector<RunRows>& runs) : places_(runs) {
    for (const auto& run : runs) known_.insert(run.id.value);
    for (const auto& run : runs) take(run);
  }

  Observed result() {
    for (const auto& each : cell_runs_) {
      for (const auto& name : names_[each.suite]) observe_case(each, name);
      for (const auto& incident : incidents_[each.suite]) observe_incident(each, incident);
    }
    for (const auto& each : cell_runs_)
      for (const auto& [name, kind] : each.again) add(each, name, kind);
    note_absent();
    for (auto& [key, observations] : observations_)
      observed_.cases.push_back({key.first, key.second, std::move(observations)});
    return std::move(observed_);
  }

 private:
  void take(const RunRows& run) {
    std::set<std::int64_t> not_built;
    for (const auto& kernel : run.kernels)
      if (kernel.state == "failed") not_built.insert(kernel.id);
    std::map<std::int64_t, std::size_t> index;
    for (const auto& row : run.cells) {
      const std::size_t cell = cell_of(row);
      if (!is_new(run, row, cell)) continue;
      index[row.id] = cell_runs_.size();
      cell_runs_.push_back({&row,
                            parse_suite_name(row.suite).suite,
                            cell,
                            not_built.count(row.kernel) > 0,
                            {},
                            {},
                            {}});
    }
    for (const auto& row : run.cases) {
      const auto found = index.find(row.cell);
      if (found == index.end()) continue;
      auto& cell_run = cell_runs_[found->second];
      const auto kind = kind_of(*cell_run.row, row);
      if (!kind) continue;
      names_[cell_run.suite].insert(row.name);
      if (ran(*kind) || cell_run.row->state == "done") cell_run.outcomes[row.name] = *kind;
    }
    for (const auto& row : run.reruns)
      if (const auto found = index.find(row.cell); found != index.end())
        if (const auto kind = kind_of(*cell_runs_[found->second].row, row))
          cell_runs_[found->second].again.emplace_back(row.name, *kind);
    for (const auto& row : run.incidents) {
      const auto found = index.find(row.cell);
      if (found == index.end() || !row.ignored.empty()) continue;
      auto& cell_run = cell_runs_[found->second];
      cell_run.incidents.insert({name_of(row), row.case_name});
      incidents_[cell_run.suite].insert({name_of(row), row.case_name});
    }
  }

  std::size_t cell_of(const store::CellRow& row) {
    const auto at = places_.of(row);
    auto& cells = observed_.cells;
    const auto index =
        static_cast<std::size_t>(std::find(cells.begin(), cells.end(), at) - cells.begin());
    if (index == cells.size()) cells.push_back(at);
    const auto [name, added] =
        observed_.names.try_emplace({parse_suite_name(row.suite).suite, index}, row.name);
    if (!added && row.identical_to.empty()) name->second = row.name;
    return index;
  }
  /// Results that were taken over belong to the run that made them.
  bool is_new(const RunRows& run, const store::CellRow& row, std::size_t cell) {
    const auto made_by = row.reused_run.value == 0 ? run.id.value : row.reused_run.value;
    if (made_by != run.id.value && known_.count(made_by) > 0) return false;
    return counted_.insert({made_by, cell, row.suite}).second;
  }

  void add(const CellRun& in, const std::string& name, Kind kind, bool certain = false) {
    const bool copied = !in.row->identical_to.empty();
    observations_[{in.suite, name}].push_back({in.cell, kind, certain, copied});
    seen_.insert({in.suite, name, in.cell});
  }
  void observe_case(const CellRun& in, const std::string& name) {
    const auto found = in.outcomes.find(name);
    const std::string& state = in.row->state;
    if (found != in.outcomes.end())
      add(in, name, found->second);
    else if (state == "unavailable")
      add(in, name, Kind::unavailable, true);
    else if (state == "blocked")
      add(in, name, Kind::blocked, in.did_not_build);
    else if (state == "infra_error")
      add(in, name, Kind::infra_error);
  }
  void observe_incident(const CellRun& in, const Incident& incident) {
    if (in.incidents.count(incident) > 0) {
      add(in, incident.first, Kind::reported);
      return;
    }
    const auto of_case = in.outcomes.find(incident.second);
    const bool could =
        incident.second.empty()
            ? in.row->state == "done"
            : of_case != in.outcomes.end() && ran(of_case->second) && is_evidence(of_case->second);
    if (could) add(in, incident.first, Kind::clean);
  }
  /// Cells that ran their suite and never had a case of it.
  void note_absent() {
    for (const auto& in : cell_runs_) {
      if (in.row->state != "done") continue;
      for (const auto& name : names_[in.suite])
        if (seen_.count({in.suite, name, in.cell}) == 0) add(in, name, Kind::absent, true);
    }
  }

  Observed observed_;
  Places places_;
  std::set<std::int64_t> known_;
  std::set<std::tuple<std::int64_t, std::size_t, std::string>> counted_;
  std::vector<CellRun> cell_runs_;
  std::map<std::string, std::set<std::string>> names_;   ///< of cases, by suite
  std::map<std::string, std::set<Incident>> incidents_;  ///< likewise
  std::map<std::pair<std::string, std::string>, std::vector<Observation>> observations_;
  std::set<std::tuple<std::string, std::string, std::size_t>> seen_;
};

}  // namespace

std::string Observed::name_of(const std::string& suite, std::size_t cell) const {
  const auto found = names.find({suite, cell});
  return found == names.end() ? "" : found->second;
}

Observed observe(const std::vector<RunRows>& runs) { return Observer(runs).result(); }

}  // namespace kmatrix::compare
