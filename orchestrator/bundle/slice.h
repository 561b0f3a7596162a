// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "bundle/archive.h"
#include "bundle/manifest.h"
#include "plan/matrix.h"
#include "spec/experiment.h"

namespace kmatrix::bundle {

/// What is known of the cell beyond its experiment.
struct SliceFacts {
  std::string tree_description;  ///< as source::TreeIdentity says it: which version, which commit
  std::string accel;             ///< that was used; empty: what the machine says
  std::string comment;           ///< for the top of the experiment; one line
  std::string tests_description = {};  ///< likewise, of the tree that the suite's tests come from
};

/// An experiment of one cell that needs nothing from where it was cut out of.
struct Slice {
  Members files;                         ///< experiment.yaml, and all that it names
  std::vector<TreeRecord> to_give = {};  ///< trees that not everybody can get
};

/// Cuts a cell out of an experiment: the same names, the same kernel and the same cell key. What
/// the other suites of the kernel ask of its config becomes a fragment, for they shape the kernel
/// too. A tree that is a package or a revision of a public repository is named with the version
/// that ran. `cell` and `kernel` are of the experiment's whole matrix. Input errors: files of a
/// script that cannot be read, or are too large.
Result<Slice> cut(const spec::Experiment& experiment, const plan::PlannedKernel& kernel,
                  const plan::PlannedCell& cell, const SliceFacts& facts);

/// Where a bundle's experiment expects a tree that is not in it, below its folder.
std::string tree_place(const std::string& tree);

}  // namespace kmatrix::bundle
