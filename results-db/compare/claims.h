// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "spec/experiment.h"
#include "store/store.h"

namespace kmatrix::compare {

enum class ClaimState { holds, does_not_hold, undecided };
std::string to_string(ClaimState state);  ///< "holds", "does not hold", "undecided"

/// One thing that speaks against a claim, or that is missing to decide it.
struct ClaimEvidence {
  std::string where;   ///< a cell or a kernel
  std::string what;    ///< a case, an object, an incident's title or a symbol; empty: the whole
  std::string found;   ///< "failed, not passed"
  std::string detail;  ///< the case's message; may be empty and have several lines
  bool operator==(const ClaimEvidence&) const = default;
};

struct ClaimResult {
  const spec::Claim* claim = nullptr;
  ClaimState state = ClaimState::undecided;
  std::string basis;                   ///< what it was looked for in: "54 cases in 6 cells"
  std::vector<ClaimEvidence> against;  ///< not empty: it does not hold
  std::vector<ClaimEvidence> missing;  ///< not empty: undecided, unless something is against it
};

/// A difference that the values of an axis cause, or may cause.
struct CausedDifference {
  std::string suite, case_name, text;
  std::vector<std::string> cells;  ///< names of those that are concerned
  bool open = false;               ///< it may be chance: more runs are needed
};

/// The objects of two kernels that are not identical.
struct ObjectDifference {
  std::string object, how;  ///< "its code differs", "only in B"
  bool same_code = false;   ///< its disassembly is identical
};
struct ObjectsCompared {
  std::size_t objects = 0;
  std::vector<ObjectDifference> differences;
};

/// All that claims are held against: a run, and what takes more than the database.
struct ClaimInputs {
  const std::vector<store::KernelRow>& kernels;
  const std::vector<store::CellRow>& cells;
  const std::vector<store::CaseRow>& cases;
  const std::vector<store::IncidentRow>& incidents;
  /// The cells of the whole experiment, of which the run may have had a part: name and coordinates.
  const std::vector<store::CellRow>& planned;
  /// By axis: "series".
  std::function<std::vector<CausedDifference>(const std::string&)> differences;
  std::function<Result<ObjectsCompared>(const store::KernelRow&, const store::KernelRow&)> objects;
};

/// Whether each claim holds; pure but for what the functions of `inputs` do. What is not known is
/// never taken for good: a cell that did not run, a case without an outcome, a pattern that fits no
/// case and a `where` without cells leave a claim undecided. A kernel that did not build or boot is
/// known: it speaks against an outcome.
std::vector<ClaimResult> evaluate(const std::vector<spec::Claim>& claims,
                                  const ClaimInputs& inputs);

}  // namespace kmatrix::compare
