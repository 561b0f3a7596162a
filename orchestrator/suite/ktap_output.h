// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/outcome.h"

namespace kmatrix::suite {

/// A result of KTAP that says something: one without subtests, or one that is worse than them.
struct KtapResult {
  std::vector<std::string> path;  ///< names, outermost first; no two results have the same
  plan::Outcome outcome = plan::Outcome::failed;
  std::string raw;      ///< "ok", "not ok", "ok # SKIP"...; empty if there was none
  std::string message;  ///< one line; may be empty
};

/// What a program said in KTAP or TAP. Everything is bounded and safe to show.
struct Ktap {
  static constexpr std::size_t max_results = 10'000;

  std::vector<KtapResult> results;  ///< in the order of the output, subtests before their parent
  std::size_t planned = 0, missing = 0;  ///< outermost: what the plans promised and did not come
  std::size_t dropped = 0, dropped_bad = 0;  ///< beyond max_results, which are not in `results`
  std::optional<std::string> bailed_out;     ///< outermost "Bail out! WHY"
  std::optional<std::string> skipped_all;    ///< outermost "1..0 # SKIP WHY"
};

/// Reads any output. `torn`: the process was stopped, so a last line without an end is not
/// believed.
Ktap parse_ktap(std::string_view output, bool torn = false);

/// Is there a version line or a plan, as "TAP version 13" and "1..N", outside of comments?
bool speaks_ktap(std::string_view output);

}  // namespace kmatrix::suite
