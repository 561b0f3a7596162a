// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/shell_subject.h"

#include "cli/find_run.h"
#include "cli/named.h"
#include "cli/selection.h"
#include "plan/select.h"

namespace kmatrix::cli {

namespace {

bool is_run(const std::string& word) {
  return word.empty() || word == "latest" ||
         word.find_first_not_of("0123456789") == std::string::npos;
}

/// Leaves the matrix with one cell and its kernel.
Status keep_one(plan::Matrix& matrix, const std::string& where, const std::string& name) {
  const auto cell = named(matrix.cells, "cell", where, name,
                          [](const plan::PlannedCell& each) { return !each.expect_unavailable; });
  if (!cell) return cell.error();
  matrix = plan::keep_cells(matrix,
                            [&](const plan::PlannedCell& each) { return each.name == cell->name; });
  return {};
}

}  // namespace

Result<ShellSubject> find_shell_subject(const CommandLine& line, const std::string& from,
                                        const std::string& cell) {
  ShellSubject subject;
  std::string name = cell;
  if (!is_run(from)) {
    subject.read = read_experiment(line, {from, {}, {}, {}});
  } else {
    auto store = store::Store::open_to_read(line.global.db);
    if (!store) return store.error();
    const auto run = find_run(*store, from);
    if (!run) return run.error();
    const auto row = find_cell(*store, run->id, cell);
    if (!row) return row.error();
    const auto kernels = store->kernels(run->id);
    if (!kernels) return kernels.error();
    for (const auto& kernel : *kernels)
      if (kernel.id == row->kernel) subject.kernel_key = kernel.kernel_key;
    subject.run = "run " + std::to_string(run->id.value);
    name = row->name;
    RunOptions options;
    KMATRIX_TRY(apply_selection(run->selection, options));
    options.experiment.file = run->experiment_file;
    subject.read = read_experiment_text(line, run->experiment_text, options.experiment);
  }
  if (!subject.read.errors.empty()) return subject.read.errors.front();
  KMATRIX_TRY(keep_one(subject.read.matrix, subject.read.experiment.file.string(), name));
  return subject;
}

}  // namespace kmatrix::cli
