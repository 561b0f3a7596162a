// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "store/store.h"

namespace kmatrix::compare {

/// What became of a case, a cell or an incident between two runs.
enum class Change {
  regression,  ///< it was good and is bad; an incident that counts and was not there
  fix,         ///< it was bad and is good
  other,       ///< another outcome, neither better nor worse: crashed instead of failed, or skipped
  no_outcome,  ///< missing, or failed through us, on one side: nothing is known there
  added,       ///< only in the second run
  gone,        ///< only in the first
};
inline constexpr std::size_t changes = 6;
std::string to_string(Change change);

/// A case, or with an empty name the state of a whole cell that has no outcomes on a side.
struct CaseChange {
  Change change = Change::other;
  std::string cell, name;
  std::string before, now;  ///< outcomes or states; "" where there is no such case
  std::string message;      ///< of `now`; where that has none, of `before`
};
struct IncidentChange {
  Change change = Change::added;  ///< regression, added (does not count), gone
  std::string cell, kind, title, ignored;
};
struct DurationChange {
  std::string cell, name;
  double before = 0, now = 0;  ///< seconds
};

/// What the store has of a run that is compared with another.
struct Side {
  std::vector<store::CellRow> cells;
  std::vector<store::CaseOutcome> cases;
  std::vector<store::IncidentRow> incidents;
};

struct RunDiff {
  std::vector<CaseChange> cases;  ///< by kind of change, cell and name
  std::vector<IncidentChange> incidents;
  std::vector<DurationChange> durations;  ///< the greatest factor first
  std::size_t same = 0;                   ///< cases
  std::size_t cells = 0;                  ///< that both runs have
  bool regressed() const;
};

/// Compares two runs, cell by cell of the same name and case by case; pure. A cell that one run
/// alone has is one change, and so is one that did not run (blocked, unavailable, failed through
/// us) on either side. Durations changed much if they differ by more than a factor of two and a
/// second.
RunDiff diff(const Side& before, const Side& now);

}  // namespace kmatrix::compare
