// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/side.h"

namespace kmatrix::cli {

Result<compare::Side> read_side(const store::Store& store, store::RunId run) {
  auto cells = store.cells(run);
  if (!cells) return cells.error();
  auto cases = store.outcomes(run);
  if (!cases) return cases.error();
  auto incidents = store.incidents(run);
  if (!incidents) return incidents.error();
  return compare::Side{std::move(*cells), std::move(*cases), std::move(*incidents)};
}

}  // namespace kmatrix::cli
