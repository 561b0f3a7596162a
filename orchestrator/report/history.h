// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "compare/diff.h"
#include "compare/flaky.h"
#include "store/store.h"

// Answers about many runs, as text for people and as JSON for programs; the rules of report.h hold
// here too.
namespace kmatrix::report {

/// A letter for an outcome, so that many fit a line: '.' for passed, 'F' for failed...
char letter_of(const std::string& outcome);

/// What the letters of a strip mean, each that is there: ". passed, F failed"
std::string legend_of(const std::string& letters);

/// What was asked for, and what is known of it.
struct History {
  std::string asked;  ///< the case as the user named it
  store::CellFilter filter;
  std::int64_t limit = -1;               ///< observations at most; negative: all
  std::vector<store::Observation> seen;  ///< the newest run first
  std::size_t left_out = 0;              ///< older than those; 1 or more if that many are known
};
/// A line for each run and cell, then a strip of outcomes for each cell, the oldest first. What a
/// run took over from an earlier one is a line, but counts nowhere.
std::string history_text(const History& history, bool colour);
nlohmann::ordered_json history_json(const History& history);

std::string flaky_text(const std::vector<compare::FlakyCase>& cases, bool colour);
nlohmann::ordered_json flaky_json(const std::vector<compare::FlakyCase>& cases,
                                  const store::CellFilter& filter);

/// Incidents by title, each with the places where it was seen; the one seen last comes first.
std::string incidents_text(const std::vector<store::IncidentSeen>& seen, bool colour);
nlohmann::ordered_json incidents_json(const std::vector<store::IncidentSeen>& seen,
                                      const store::CellFilter& filter);

std::string diff_text(const store::RunRow& before, const store::RunRow& now,
                      const compare::RunDiff& diff, bool colour);
nlohmann::ordered_json diff_json(const store::RunRow& before, const store::RunRow& now,
                                 const compare::RunDiff& diff);

/// {"tree": null, ...}
nlohmann::ordered_json filter_record(const store::CellFilter& filter);

}  // namespace kmatrix::report
