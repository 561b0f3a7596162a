// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "machine/console.h"
#include "machine/session.h"
#include "plan/outcome.h"
#include "run/ignore.h"
#include "suite/suite.h"

// Whom a case's trouble is laid to; pure. docs/decisions/0005 has the reasons.
namespace kmatrix::run {

/// Why a guest is down after a case was to run on it.
enum class Blame {
  nobody,     ///< it is not down
  the_case,   ///< it went down while the case ran
  before_it,  ///< it went down before the case began
  after_it,   ///< it went down after the case had ended; the case's result is complete
  lost,       ///< likewise, but the case's result went down with it
};
Blame blame_of(const machine::CaseReport& report);

/// Does a kernel that reported this no longer count as whole? (All but warnings and the like.)
bool brings_down(machine::IncidentKind kind);

/// Was the case running when this was printed? By the markers on the console; where the case's own
/// marker is not there, by the time.
bool belongs(const machine::Incident& incident, const machine::CaseReport& report);

/// The first of the case's incidents that brings a kernel down and is not ignored, or nullptr.
const machine::Incident* worst_of(const machine::CaseReport& report,
                                  const std::vector<machine::Incident>& incidents,
                                  const Ignores& ignores);

/// The outcome that what the kernel did imposes on a case whose process was judged `judged`:
/// crashed after a panic, an oops, a CFI failure..., or when the guest went down otherwise, but
/// timed_out after a hang; unresolved where it had passed while the kernel ran out of memory; a
/// warning fails a case of a suite that wants a clean log. Incidents that are ignored impose
/// nothing, but a machine that went down did go down.
suite::Judged with_kernel_state(suite::Judged judged, const machine::CaseReport& report,
                                const std::vector<machine::Incident>& incidents,
                                const Ignores& ignores, bool wants_clean_log);

/// The outcome of a case in a cell that is expected to be unavailable, where that shows only when
/// it runs: failed with ENOTSUPP is xfailed, and so is a failure to attach whose errno the test
/// does not tell; passed is failed, for then the expectation is wrong.
suite::Judged as_unavailable(suite::Judged judged);

/// Counts machines that went down one after the other in the same way, so that a kernel that can
/// run nothing ends in bounded time.
class Deaths {
 public:
  static constexpr int most_alike = 8;
  void died(const std::string& how);
  void lived() { count_ = 0; }
  bool enough() const { return count_ >= most_alike; }
  /// "8 machines in a row went down in the same way: HOW"
  std::string text() const;

 private:
  std::string how_;
  int count_ = 0;
};

}  // namespace kmatrix::run
