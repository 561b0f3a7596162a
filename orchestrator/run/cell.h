// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "image/image_store.h"
#include "run/cell_runner.h"
#include "run/identical.h"

namespace kmatrix::run {

/// What the machines of a cell share; all outlives it.
struct CellParts {
  image::ImageStore& images;
  machine::Hypervisor& hypervisor;
  const support::Clock& clock;
  Identities& identities;
  CellRunner::Report report;  ///< hands a call to the observer, one at a time
  std::stop_token stop;
};

/// The machine of a cell, with its disks; the cell's own is made if it is not in the cache.
Result<machine::Hardware> make_hardware(const CellTask& task, const suite::Suite& suite,
                                        image::ImageStore& images);

/// Runs a cell: plans its cases, makes its disk, and shares the cases that have no outcome yet out
/// to as many machines as its suite wants, side by side, every Nth one to each. Not if another cell
/// of the run is the same: then the record says which, and whether to try again when it has ended.
/// The cell's record is for cell_finished: the worst of the machines' states, and what all of them
/// have to tell.
/// Error: interrupted, the store failed, or the experiment is wrong; a failure of ours in this cell
/// alone is a record in state infra_error.
Result<CellRecord> run_cell(const CellTask& task, const CellParts& parts);

}  // namespace kmatrix::run
