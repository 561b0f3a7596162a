// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/cell_why.h"

#include <fmt/format.h>

#include "support/text.h"

namespace kmatrix::plan {

std::string why_cell_runs(const std::optional<LastTime>& last, const CellParts& now, bool again) {
  if (!last) return "never ran here";
  if (last->parts.empty())
    return fmt::format("run {} did not record what its results depended on", last->run);
  const auto changes = differences(last->parts, now);
  if (!changes.empty()) return support::join(changes, "; ");
  if (again) return "nothing has changed, but --again was given";
  if (last->state == CellState::planned || last->state == CellState::interrupted)
    return fmt::format("run {} ended before it", last->run);
  if (last->state != CellState::done)
    return fmt::format("its last result was bad: {}{}{} (run {})", to_string(last->state),
                       last->reason.empty() ? "" : ": ", last->reason, last->run);
  if (!last->bad.empty())
    return fmt::format("its last result was bad: {} (run {})", last->bad, last->run);
  if (last->incidents > 0)
    return fmt::format("its last log was not clean: {} incident{} (run {})", last->incidents,
                       last->incidents == 1 ? "" : "s", last->run);
  if (last->folder_is_gone)
    return fmt::format("its log folder is gone: {} (run {})", last->folder.string(), last->run);
  return fmt::format("run {} has no results to take over", last->run);
}

}  // namespace kmatrix::plan
