// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cell_whys.h"

#include <filesystem>
#include <optional>

#include "cli/stored_json.h"
#include "plan/cell_why.h"

namespace kmatrix::cli {

namespace {

const build::UnmetNeed* unmet(const run::PreparedKernel& kernel, const std::string& suite) {
  for (const auto& need : kernel.unmet)
    if (need.suite == suite) return &need;
  return nullptr;
}

plan::LastTime last_time(const store::LastCell& last) {
  plan::LastTime time;
  time.run = last.row.run.value;
  time.parts = cell_parts_from(last.row.inputs);
  time.state = plan::parse_cell_state(last.row.state).value_or(plan::CellState::planned);
  time.reason = last.row.reason;
  time.bad = last.bad;
  time.incidents = static_cast<std::size_t>(last.incidents);
  time.folder = last.row.folder;
  time.folder_is_gone = !time.folder.empty() && !std::filesystem::exists(time.folder);
  return time;
}

}  // namespace

Result<std::vector<std::string>> why_cells(const ReadExperiment& read,
                                           const run::Prepared& prepared, const store::Store& store,
                                           const std::vector<plan::CellParts>& parts,
                                           const std::map<std::size_t, store::CellRow>& reuse,
                                           bool again, store::RunId run) {
  std::vector<std::string> whys;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& cell = read.matrix.cells[i];
    if (const auto* need = unmet(prepared.kernels[cell.kernel], cell.suite)) {
      whys.push_back("its kernel cannot run the suite: " + need->reason);
      continue;
    }
    if (reuse.count(i) != 0) {
      whys.emplace_back("nothing that its results depend on has changed");
      continue;
    }
    const auto last = store.last_cell(read.experiment.name, cell.name, run);
    if (!last) return last.error();
    std::optional<plan::LastTime> before;
    if (*last) before = last_time(**last);
    whys.push_back(plan::why_cell_runs(before, parts[i], again));
  }
  return whys;
}

}  // namespace kmatrix::cli
