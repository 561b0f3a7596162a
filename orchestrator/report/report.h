// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "compare/compare.h"
#include "store/store.h"
#include "support/clock.h"

// What the store has, as text for people and as JSON for programs. Text that may come from a guest
// is made safe for a terminal, and valid for JSON. A JSON document is a record at its root, and has
// null where there is nothing. `colour` says whether escapes for colours may be used; words and
// alignment are the same without them.
namespace kmatrix::report {

/// All that the store has of a run.
struct StoredRun {
  store::RunRow run;
  std::vector<store::KernelRow> kernels;
  std::vector<store::CellRow> cells;
  std::vector<store::CaseRow> cases;
  std::vector<store::IncidentRow> incidents;
  std::vector<store::EffortRow> efforts = {};
  std::vector<store::CaseRow> reruns = {};   ///< the further runs of cases, in their order
  std::vector<store::ClaimRow> claims = {};  ///< as they were when the run ended
  std::vector<store::SelftestsRow> selftests = {};
};
Result<StoredRun> read_run(const store::Store& store, store::RunId id);

/// A line a run.
std::string runs_text(const std::vector<store::RunRow>& runs);
nlohmann::ordered_json runs_json(const std::vector<store::RunRow>& runs);

/// A whole run: its kernels, its cells, the cases that are not good with their messages, and the
/// incidents. The JSON has all cases, but neither experiment nor .config as text.
std::string show_text(const StoredRun& run, bool colour);
nlohmann::ordered_json show_json(const StoredRun& run);

/// A table a group, differences first and marked with '*'. The reason of a cell without outcomes is
/// said once, and its column has '-'. The last line counts.
std::string compare_text(const compare::Comparison& comparison, bool colour);
nlohmann::ordered_json compare_json(const compare::Comparison& comparison);

/// Is every cell done, or unavailable as expected; no case bad (plan::is_bad); and no incident but
/// of the kind `other`? A run without cells is not good.
bool run_is_good(const std::vector<store::CellRow>& cells, const std::vector<store::CaseRow>& cases,
                 const std::vector<store::IncidentRow>& incidents);

/// The end of `kmatrix run`, in a few lines. `wall`: how long the run took.
std::string summary_text(const StoredRun& run, support::Seconds wall, bool colour);
nlohmann::ordered_json summary_json(const StoredRun& run, support::Seconds wall);

/// What each case of a rerun was in the earlier run, and what it is now.
std::string rerun_text(const StoredRun& earlier, const StoredRun& now, bool colour);
nlohmann::ordered_json rerun_json(const StoredRun& earlier, const StoredRun& now);

}  // namespace kmatrix::report
