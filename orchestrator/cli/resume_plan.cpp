// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/resume_plan.h"

#include <algorithm>

namespace kmatrix::cli {

namespace {

template <class Row>
const Row* find(const std::vector<Row>& rows, const std::string& name) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.name == name; });
  return found != rows.end() ? &*found : nullptr;
}

bool failed_through_us(const store::CaseRow& row) { return row.outcome == "infra_error"; }

bool has_outcome(const store::CaseRow& row) {
  return row.outcome != "missing" && !failed_through_us(row);
}

template <class Fits>
bool has_case(const store::CellRow& cell, const StoredRows& stored, const Fits& fits) {
  return std::any_of(stored.cases.begin(), stored.cases.end(),
                     [&](const auto& row) { return row.cell == cell.id && fits(row); });
}

bool came_to_an_end(const store::CellRow& cell, const StoredRows& stored) {
  return cell.state == "unavailable" || cell.state == "blocked" ||
         (cell.state == "done" && !has_case(cell, stored, failed_through_us));
}

bool has_results(const store::CellRow& cell, const StoredRows& stored) {
  return came_to_an_end(cell, stored) || has_case(cell, stored, has_outcome);
}

void plan_cell(std::size_t index, const store::CellRow& cell, const std::string& key,
               const StoredRows& stored, ResumePlan& plan) {
  if (cell.cell_key != key) {
    if (has_results(cell, stored)) plan.changed_cells[index] = cell;
    return;
  }
  if (came_to_an_end(cell, stored)) {
    plan.finished_cells[index] = cell;
    return;
  }
  plan.cut_cells[index] = cell;
  for (const auto& row : stored.cases)
    if (row.cell == cell.id && has_outcome(row)) plan.finished_cases[index].insert(row.name);
}

bool is_finished(const store::KernelRow& kernel, const std::string& key) {
  return kernel.kernel_key == key &&
         (kernel.state == "built" || kernel.state == "cached" || kernel.state == "failed");
}

}  // namespace

ResumePlan plan_resume(const plan::Matrix& matrix, const run::Prepared& prepared,
                       const std::vector<support::Digest>& cell_keys, const StoredRows& stored) {
  ResumePlan plan;
  for (std::size_t i = 0; i < matrix.cells.size(); ++i)
    if (const auto* cell = find(stored.cells, matrix.cells[i].name))
      plan_cell(i, *cell, cell_keys[i].hex, stored, plan);
  for (std::size_t i = 0; i < matrix.kernels.size(); ++i) {
    const auto* kernel = find(stored.kernels, matrix.kernels[i].name);
    if (kernel == nullptr || !is_finished(*kernel, prepared.kernels[i].record.kernel_key)) continue;
    // A failed build leaves nothing in the cache: where a cell still waits for the kernel, it is
    // tried again, and the cell learns why it is blocked.
    const auto waits = [&](std::size_t cell) {
      return matrix.cells[cell].kernel == i && plan.finished_cells.count(cell) == 0;
    };
    bool waited_for = false;
    for (std::size_t cell = 0; cell < matrix.cells.size(); ++cell)
      waited_for = waited_for || waits(cell);
    if (kernel->state != "failed" || !waited_for) plan.finished_kernels[i] = *kernel;
  }
  return plan;
}

}  // namespace kmatrix::cli
