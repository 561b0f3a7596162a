// SPDX-License-Identifier: GPL-2.0-or-later
#include <sstream>

#include "store/sql_text.h"
#include "store/state.h"

namespace kmatrix::store {

namespace {

SuiteCase read_suite_case(Statement& row) {
  SuiteCase known;
  known.name = row.text();
  known.suite = row.text();
  return known;
}

Observation read_observation(Statement& row) {
  Observation seen;
  seen.run = row.integer();
  seen.started = row.text();
  seen.cell = row.text();
  seen.tree = row.text();
  seen.series = row.text();
  seen.config = row.text();
  seen.machine = row.text();
  seen.suite = row.text();
  seen.reused_run = row.integer();
  seen.identical_to = row.text();
  seen.case_name = row.text();
  seen.outcome = row.text();
  seen.message = row.text();
  seen.seconds = row.real();
  std::istringstream reruns(row.text());
  for (std::string outcome; reruns >> outcome;) seen.reruns.push_back(outcome);
  seen.incidents = row.integer();
  seen.incident = row.text();
  return seen;
}

UnstableCase read_unstable(Statement& row) {
  UnstableCase unstable;
  unstable.cell = row.text();
  unstable.suite = row.text();
  unstable.case_name = row.text();
  unstable.cell_key = row.text();
  unstable.seen = row.text();
  return unstable;
}

IncidentSeen read_incident_seen(Statement& row) {
  IncidentSeen seen;
  seen.kind = row.text();
  seen.title = row.text();
  seen.cell = row.text();
  seen.case_name = row.text();
  seen.ignored = row.text();
  seen.count = row.integer();
  seen.runs = row.integer();
  seen.first_run = row.integer();
  seen.last_run = row.integer();
  seen.first_started = row.text();
  seen.last_started = row.text();
  return seen;
}

CaseOutcome read_outcome(Statement& row) {
  CaseOutcome result;
  result.cell = row.integer();
  result.name = row.text();
  result.outcome = row.text();
  result.message = row.text();
  result.seconds = row.real();
  return result;
}

Coordinate read_coordinate(Statement& row) {
  Coordinate coordinate;
  coordinate.axis = row.text();
  coordinate.name = row.text();
  return coordinate;
}

void bind(Statement& statement, const CellFilter& filter) {
  statement.bind(":tree", filter.tree)
      .bind(":series", filter.series)
      .bind(":config", filter.config)
      .bind(":machine", filter.machine)
      .bind(":since", filter.since);
}

}  // namespace

Result<std::vector<SuiteCase>> Store::suites_of_case(const std::string& name) const {
  Statement statement(state_->connection, sql::suites_of_case);
  statement.bind(":name", name);
  return all(statement, read_suite_case);
}

Result<std::vector<SuiteCase>> Store::known_cases() const {
  Statement statement(state_->connection, sql::known_cases);
  return all(statement, read_suite_case);
}

Result<std::vector<Observation>> Store::history(const SuiteCase& of, const CellFilter& filter,
                                                std::int64_t limit) const {
  Statement statement(state_->connection, sql::history);
  bind(statement, filter);
  statement.bind(":name", of.name).bind(":suite", of.suite).bind(":limit", limit);
  return all(statement, read_observation);
}

Result<std::vector<UnstableCase>> Store::unstable_cases(const CellFilter& filter) const {
  Statement statement(state_->connection, sql::unstable_cases);
  bind(statement, filter);
  return all(statement, read_unstable);
}

Result<std::vector<IncidentSeen>> Store::incidents_seen(const CellFilter& filter) const {
  Statement statement(state_->connection, sql::incidents_seen);
  bind(statement, filter);
  return all(statement, read_incident_seen);
}

Result<std::vector<CaseOutcome>> Store::outcomes(RunId run) const {
  Statement statement(state_->connection, sql::outcomes);
  statement.bind(":run", run.value);
  return all(statement, read_outcome);
}

Result<std::vector<Coordinate>> Store::coordinates() const {
  Statement statement(state_->connection, sql::coordinates);
  return all(statement, read_coordinate);
}

}  // namespace kmatrix::store
