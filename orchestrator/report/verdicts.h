// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "compare/differences.h"
#include "report/report.h"

namespace kmatrix::report {

/// A line a case that is not the same everywhere, the weightiest verdicts first: the verdict, what
/// happens where, and how often. The last line counts the verdicts.
std::string verdicts_text(const StoredRun& run, const compare::Attributed& attributed, bool colour);

/// All cases, with their strata and effects.
nlohmann::ordered_json verdicts_json(const compare::Attributed& attributed);

}  // namespace kmatrix::report
