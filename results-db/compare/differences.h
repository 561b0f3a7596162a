// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "compare/attribution.h"
#include "compare/claims.h"
#include "compare/observe.h"

namespace kmatrix::compare {

/// A run with what attribute() makes of it.
struct Attributed {
  Observed observed;
  std::vector<CaseAttribution> cases;
};

/// The differences that the values of an axis ("series") cause or may cause.
std::vector<CausedDifference> differences_by(const std::string& axis, const Attributed& attributed);

}  // namespace kmatrix::compare
