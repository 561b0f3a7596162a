// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kmatrix::compare {

/// What one run of a case in a cell came to: its outcome, or the cell's state in its place. Of an
/// incident, which is a case to the statistics: was it reported or was the log clean of it.
enum class Kind : std::uint8_t {
  passed,
  skipped,
  xfailed,
  clean,
  failed,
  unresolved,
  timed_out,
  crashed,
  missing,
  absent,  ///< the cell ran, and has no such case
  unavailable,
  blocked,
  reported,
  infra_error
};
constexpr std::size_t kinds = 14;

std::string to_string(Kind kind);
/// None for words that say nothing yet: planned, interrupted.
std::optional<Kind> parse_kind(std::string_view word);
/// "fails", "times out", "is missing"
std::string verb(Kind kind);
bool is_bad(Kind kind);
/// infra_error says nothing about a kernel.
inline bool is_evidence(Kind kind) { return kind != Kind::infra_error; }

}  // namespace kmatrix::compare
