// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "compare/claims.h"
#include "store/store.h"

namespace kmatrix::report {

/// As the database keeps it.
store::ClaimRow to_row(const compare::ClaimResult& result);

bool all_hold(const std::vector<store::ClaimRow>& claims);
bool some_do_not_hold(const std::vector<store::ClaimRow>& claims);

/// "3 claims: 1 holds, 1 does not hold, 1 is undecided"
std::string claims_line(const std::vector<store::ClaimRow>& claims);

/// The cover letter with a tick, a cross or a question mark at every sentence, and behind each what
/// it was looked for in, what speaks against it and what is missing: of each list the first few.
std::string claims_text(const std::vector<store::ClaimRow>& claims, bool colour);

/// The first thing that speaks against it, or else is missing; "" if it holds.
std::string first_evidence(const store::ClaimRow& claim);

/// All of it: {"all_hold": ..., "claims": [...]}.
nlohmann::ordered_json claims_json(const std::vector<store::ClaimRow>& claims);

}  // namespace kmatrix::report
