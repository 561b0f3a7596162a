// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plan/matrix.h"

namespace kmatrix::plan {

/// The cells that match every "axis=value[,value...]" of `only`, and their kernels. A kernel's
/// config does not depend on the selection. Input errors: not of that form, an unknown axis or
/// value (did you mean), no cell left.
Result<Matrix> select_cells(const spec::Experiment& experiment, const Matrix& matrix,
                            const std::vector<std::string>& only);

/// The cells that `wanted` keeps, and their kernels.
Matrix keep_cells(const Matrix& matrix, const std::function<bool(const PlannedCell&)>& wanted);

}  // namespace kmatrix::plan
