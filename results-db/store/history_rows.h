// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

// What questions over many runs are answered with. Rows as in store.h: times are ISO 8601 in UTC,
// durations seconds, empty text is none.
namespace kmatrix::store {

/// Which cells are asked about: globs of their coordinates, and the start of the time when their
/// run began at the earliest. Empty: all.
struct CellFilter {
  std::string tree, series, config, machine, since;
};

/// A value that cells have on an axis: "tree", "series", "config" or "machine".
struct Coordinate {
  std::string axis, name;
};

struct SuiteCase {
  std::string name, suite;
  bool operator==(const SuiteCase&) const = default;
};

/// What a case was in a cell of a run.
struct Observation {
  std::int64_t run = 0;
  std::string started;  ///< the run
  std::string cell, tree, series, config, machine, suite;
  std::int64_t reused_run = 0;  ///< the run that made the result; 0: this one
  std::string identical_to;     ///< the cell of the run that made it; empty: this one
  std::string case_name, outcome, message;
  double seconds = 0;
  std::vector<std::string> reruns;  ///< their outcomes, in order
  std::int64_t incidents = 0;       ///< while it ran
  std::string incident;             ///< the title of the first that counts, or of the first
};

/// A case that had different outcomes in cells of the same key.
struct UnstableCase {
  std::string cell, suite, case_name, cell_key;
  std::string seen;  ///< "3 passed,4 failed": runs and outcomes, in no order
};

/// An incident at a place: how often it was seen, and when first and last.
struct IncidentSeen {
  std::string kind, title, cell, case_name;
  std::string ignored;  ///< why it does not count; empty: it does
  std::int64_t count = 0, runs = 0, first_run = 0, last_run = 0;
  std::string first_started, last_started;
};

/// The part of a case's row that runs are compared by.
struct CaseOutcome {
  std::int64_t cell = 0;
  std::string name, outcome, message;
  double seconds = 0;
};

}  // namespace kmatrix::store
