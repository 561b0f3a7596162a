// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/rerun_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/outcome.h"
#include "plan/select.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

bool matches(const std::vector<std::string>& globs, const std::string& name) {
  const auto fits = [&](const std::string& glob) { return support::glob_match(glob, name); };
  return globs.empty() || std::any_of(globs.begin(), globs.end(), fits);
}

bool is_bad(const std::string& outcome) {
  const auto known = plan::parse_outcome(outcome);
  return !known || plan::is_bad(*known);
}

/// What an earlier run has of one cell.
struct Earlier {
  const store::CellRow* row = nullptr;
  std::vector<const store::CaseRow*> cases;
  std::set<std::string> with_incident;
};

/// What of one cell runs again.
struct Choice {
  bool runs = false;
  std::set<std::string> skip;
  std::string why;
};

bool never_got_there(const std::string& state) { return state != "done" && state != "unavailable"; }

Choice choose(const Earlier& earlier, const Rerun& rerun) {
  Choice choice;
  std::set<std::string> chosen;
  std::map<std::string, int> bad;
  for (const auto* each : earlier.cases) {
    const bool was_bad = is_bad(each->outcome) || earlier.with_incident.count(each->name) != 0;
    if ((rerun.failed && !was_bad) || !matches(rerun.cases, each->name)) continue;
    chosen.insert(each->name);
    if (was_bad) ++bad[each->outcome];
  }
  const bool untold = earlier.cases.empty() && rerun.cases.empty();
  choice.runs =
      !chosen.empty() || (untold && (!rerun.failed || never_got_there(earlier.row->state)));
  for (const auto* each : earlier.cases) {
    const auto is_part = [&](const std::string& row) { return belongs_to(row, each->name); };
    if (std::none_of(chosen.begin(), chosen.end(), is_part)) choice.skip.insert(each->name);
  }
  std::vector<std::string> parts;
  parts.reserve(bad.size());
  for (const auto& [outcome, count] : bad) parts.push_back(fmt::format("{} {}", count, outcome));
  if (parts.empty() && never_got_there(earlier.row->state)) parts = {earlier.row->state};
  choice.why = fmt::format("rerun of run {}{}{}", rerun.of, parts.empty() ? "" : ": ",
                           support::join(parts, ", "));
  return choice;
}

std::map<std::string, Earlier> by_name(const report::StoredRun& run) {
  std::map<std::string, Earlier> all;
  std::map<std::int64_t, Earlier*> by_id;
  for (const auto& cell : run.cells) {
    auto& earlier = all[cell.name];
    earlier.row = &cell;
    by_id[cell.id] = &earlier;
  }
  for (const auto& each : run.cases) by_id.at(each.cell)->cases.push_back(&each);
  for (const auto& each : run.incidents)
    if (each.kind != "other") by_id.at(each.cell)->with_incident.insert(each.case_name);
  return all;
}

Status check_globs(const std::vector<std::string>& globs, const std::vector<std::string>& names,
                   const std::string& what, std::int64_t run) {
  for (const auto& glob : globs) {
    const auto fits = [&](const std::string& name) { return support::glob_match(glob, name); };
    if (std::none_of(names.begin(), names.end(), fits))
      return support::input_error(
          fmt::format("run {} has no {} that matches '{}'", run, what, glob), {},
          support::did_you_mean(glob, names));
  }
  return {};
}

Status check_globs(const report::StoredRun& earlier, const Rerun& rerun) {
  std::vector<std::string> cells, cases;
  for (const auto& each : earlier.cells) cells.push_back(each.name);
  for (const auto& each : earlier.cases) cases.push_back(each.name);
  KMATRIX_TRY(check_globs(rerun.cells, cells, "cell", rerun.of));
  return check_globs(rerun.cases, cases, "case", rerun.of);
}

}  // namespace

bool belongs_to(const std::string& row, const std::string& name) {
  return row == name || row.starts_with(name + " (") || row.starts_with(name + "/");
}

RerunPlan plan_replay(const plan::Matrix& matrix, const Replay& replay) {
  RerunPlan plan;
  plan.matrix = matrix;
  if (!replay.skip.empty()) plan.skip[0] = {replay.skip.begin(), replay.skip.end()};
  plan.whys.assign(matrix.cells.size(), "replay of " + replay.of);
  return plan;
}

std::vector<std::string> not_chosen(const std::vector<std::string>& names,
                                    const std::vector<std::string>& chosen) {
  std::vector<std::string> rest;
  for (const auto& name : names) {
    const auto same_process = [&](const std::string& each) {
      return belongs_to(each, name) || belongs_to(name, each);
    };
    if (std::none_of(chosen.begin(), chosen.end(), same_process)) rest.push_back(name);
  }
  return rest;
}

Result<RerunPlan> plan_rerun(const plan::Matrix& matrix, const report::StoredRun& earlier,
                             const Rerun& rerun) {
  KMATRIX_TRY(check_globs(earlier, rerun));
  const auto known = by_name(earlier);
  std::map<std::string, Choice> choices;
  for (const auto& cell : matrix.cells) {
    const auto found = known.find(cell.name);
    if (found == known.end() || !matches(rerun.cells, cell.name)) continue;
    choices[cell.name] = choose(found->second, rerun);
  }
  RerunPlan again;
  again.matrix = plan::keep_cells(matrix, [&](const plan::PlannedCell& cell) {
    const auto choice = choices.find(cell.name);
    return choice != choices.end() && choice->second.runs;
  });
  if (again.matrix.cells.empty())
    return support::input_error(
        fmt::format("nothing of run {} is to run again", rerun.of), {},
        rerun.failed ? "all that was asked for was good; without --failed it runs again" : "");
  for (std::size_t i = 0; i < again.matrix.cells.size(); ++i) {
    auto& choice = choices.at(again.matrix.cells[i].name);
    if (!choice.skip.empty()) again.skip[i] = std::move(choice.skip);
    again.whys.push_back(std::move(choice.why));
  }
  return again;
}

}  // namespace kmatrix::cli
