// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/matrix.h"
#include "spec/experiment.h"

namespace kmatrix::run {

/// The entries of an experiment's `ignore` that mean one cell. They belong to the experiment.
using Ignores = std::vector<const spec::Ignore*>;
Ignores ignores_of(const spec::Experiment& experiment, const plan::PlannedCell& cell);

/// The first entry that an incident falls under; nullptr if it counts.
const spec::Ignore* ignored_by(const Ignores& ignores, std::string_view kind,
                               std::string_view title);

/// Does `text` have the form of `pattern`, in which `*` is any text and `?` any character?
bool matches_wildcards(std::string_view pattern, std::string_view text);

/// An incident of a run, as far as `ignore` looks at it.
struct SeenIncident {
  std::string cell, kind, title;
};
/// The entries that mean a cell of `ran` (names of cells) and that no incident falls under.
Ignores useless_ignores(const spec::Experiment& experiment, const plan::Matrix& matrix,
                        const std::vector<std::string>& ran,
                        const std::vector<SeenIncident>& incidents);

}  // namespace kmatrix::run
