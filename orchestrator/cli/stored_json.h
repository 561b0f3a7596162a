// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "plan/keys.h"
#include "plan/matrix.h"

// Values of the plan as the JSON texts that the results database keeps. Reading takes "" and
// anything that it does not understand for an empty list: older versions stored nothing.
namespace kmatrix::cli {

/// [["kernel", "0a1b..."], ["accel", "tcg"], ...]
std::string to_stored(const plan::CellParts& parts);
plan::CellParts cell_parts_from(const std::string& text);

/// [{"symbol": "CFI", "value": "y", "asked_by": "config clang-cfi", "at": "x.yaml:12:5"}, ...]
std::string to_stored(const std::vector<plan::ComposedSymbol>& requests);

struct StoredRequest {
  std::string symbol, value, asked_by, at;
};
std::vector<StoredRequest> requests_from(const std::string& text);

}  // namespace kmatrix::cli
