// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bundle/manifest.h"

namespace kmatrix::bundle {

/// One side of a comparison: what was recorded, or what a replay gave.
struct Side {
  const Manifest& manifest;
  const std::string& config;  ///< the kernel's final .config
};

/// What a case was and what it is now, each run of it.
struct CaseComparison {
  std::string name;
  std::vector<std::string> recorded, now;  ///< outcomes; empty: there was no such case
  std::string message_recorded, message_now;
  std::vector<std::string> gone,
      fresh;  ///< titles of incidents that were not seen again, or are new
  bool same = false;
};

/// Something that results depend on, where it is not the same on both sides.
struct KeyComparison {
  std::string name, recorded, now;
  std::string meaning;  ///< what follows from it, for people
};

struct Sameness {
  std::string state_recorded, state_now;  ///< of the cell
  std::string reason_recorded, reason_now;
  std::vector<CaseComparison> cases;  ///< that were asked for; none where the cell never ran any
  std::vector<KeyComparison> keys;    ///< that differ
  std::vector<std::string> same_keys;
  bool same = false;
  bool infrastructure = false;  ///< something failed through us, so that nothing can be said
};

/// Compares a replay with what was recorded; pure. `asked`: is this row of a case meant?
///
/// A bad outcome has come again if it was seen at least once, with one of its incidents that count
/// if it had any; a good one if each run had an outcome that was recorded, and there is no incident
/// that is new. A cell that never came to its cases has come again if it is in the same state.
Sameness compare(const Side& recorded, const Side& now,
                 const std::function<bool(const std::string&)>& asked);

}  // namespace kmatrix::bundle
