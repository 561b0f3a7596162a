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

/// The cells of a run that stand where the observed one does, with the case's suite; nullptr: the
/// run has none.
const store::CellRow* cell_at(const std::vector<store::CellRow>& cells, const Coordinates& place,
                              const std::string& suite);

/// The differences that the values of an axis ("series") cause or may cause.
std::vector<CausedDifference> differences_by(const std::string& axis,
                                             const std::vector<store::CellRow>& cells,
                                             const Attributed& attributed);

}  // namespace kmatrix::compare
