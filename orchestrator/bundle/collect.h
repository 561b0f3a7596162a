// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bundle/bundle.h"
#include "plan/keys.h"
#include "report/report.h"

namespace kmatrix::bundle {

/// One cell of a run, as the store has it.
struct StoredCell {
  store::RunRow run;
  store::KernelRow kernel;
  store::CellRow cell;
  std::vector<store::CaseRow> cases;    ///< in the order in which they were planned
  std::vector<store::CaseRow> further;  ///< the further runs of cases, in their order
  std::vector<store::IncidentRow> incidents;
  plan::CellParts inputs;  ///< what the cell's results depend on
};

/// The rows of one cell; it is one of the run's.
StoredCell cell_of(const report::StoredRun& run, const store::CellRow& cell,
                   plan::CellParts inputs);

/// What a manifest says of the cell's results and of what they depend on. Names no files.
Manifest records_of(const StoredCell& stored);

/// The cases whose process ran before that of `case_name` on the same machine, since its last boot,
/// in their order. `belongs(row, process)`: is the row an outcome of that process?
using Belongs = std::function<bool(const std::string&, const std::string&)>;
std::vector<std::string> ran_before(const StoredCell& stored, const std::string& case_name,
                                    const Belongs& belongs);

/// What there is to read beside the numbers: the final .config, the machine's XML, the incidents as
/// printed, the ends of what cases that were not good printed and of the consoles of their boots.
/// Paths of this host (`hidden`: folder and the word in place of it) are replaced. Logs that are
/// gone are left out.
struct Hidden {
  std::string folder, word;
};
void add_evidence(const StoredCell& stored, const std::vector<Hidden>& hidden, Bundle& bundle);

}  // namespace kmatrix::bundle
