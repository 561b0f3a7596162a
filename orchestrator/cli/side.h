// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "compare/diff.h"
#include "store/store.h"

namespace kmatrix::cli {

/// What the store has of a run that is compared with another.
Result<compare::Side> read_side(const store::Store& store, store::RunId run);

}  // namespace kmatrix::cli
