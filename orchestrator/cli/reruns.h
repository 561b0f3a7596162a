// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "compare/rerun_choice.h"
#include "plan/matrix.h"
#include "report/report.h"
#include "run/observer.h"
#include "spec/experiment.h"
#include "store/store.h"

namespace kmatrix::cli {

/// What of a run is run once more, in one pass over its cells; cells are those of the matrix.
struct RerunPass {
  std::map<std::size_t, std::set<std::string>> skip;  ///< by cell: the cases that do not run
  std::size_t cases = 0;                              ///< that do
};

/// The passes of one round: which cases are open after all that the store has of the run, and what
/// the budget has left. None: all is decided, or the budget is spent. Pure.
std::vector<RerunPass> plan_reruns(const plan::Matrix& matrix, const spec::Reruns& budget,
                                   const report::StoredRun& stored);

/// Keeps the outcomes of a pass as further runs of the cases, and their incidents.
class RerunObserver : public run::RunObserver {
 public:
  /// `cells`: of the store, by the index in the matrix.
  RerunObserver(store::Store& store, std::map<std::size_t, std::int64_t> cells)
      : store_(store), cells_(std::move(cells)) {}
  Status case_finished(const run::CaseRecord& record) override;
  Status incident(const run::IncidentRecord& record) override;

 private:
  store::Store& store_;
  std::map<std::size_t, std::int64_t> cells_;
};

}  // namespace kmatrix::cli
