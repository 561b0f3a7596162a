// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kmatrix::plan {

/// Of a case in a cell (architecture.md).
enum class Outcome {
  passed,
  failed,
  skipped,
  xfailed,
  unresolved,
  timed_out,
  crashed,
  missing,
  blocked,
  infra_error
};
std::string to_string(Outcome outcome);
std::optional<Outcome> parse_outcome(std::string_view text);

/// Does it keep the run from being good? (failed, unresolved, timed_out, crashed, missing, blocked,
/// infra_error)
bool is_bad(Outcome outcome);

/// Of a cell.
enum class CellState {
  planned,
  done,         ///< booted, and every planned case has an outcome
  unavailable,  ///< the config cannot run this suite; neither a pass nor a failure
  blocked,      ///< its kernel did not build or boot
  infra_error,  ///< we could not do our job
  interrupted
};
std::string to_string(CellState state);
std::optional<CellState> parse_cell_state(std::string_view text);

}  // namespace kmatrix::plan
