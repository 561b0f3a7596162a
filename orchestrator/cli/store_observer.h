// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "cli/resume_plan.h"
#include "run/observer.h"
#include "spec/experiment.h"
#include "store/store.h"

namespace kmatrix::cli {

/// Writes what happens in a run to the results database, as it happens.
class StoreObserver : public run::RunObserver {
 public:
  struct Options {
    store::RunId run;
    std::filesystem::path run_folder;  ///< with a folder for each cell, by its name
    std::vector<support::Digest> cell_keys;
    std::map<std::size_t, store::CellRow> reuse;  ///< by cell, of the earlier run that has results
    ResumePlan resume;                            ///< empty: the run is a new one
    std::string started;                          ///< when this process took the run up
    std::vector<plan::CellParts> inputs;          ///< by cell: what its results depend on
    std::vector<std::string> whys;                ///< by cell: why it runs, or does not
  };
  StoreObserver(store::Store& store, Options options, const spec::Experiment& experiment,
                const plan::Matrix& matrix)
      : store_(store),
        options_(std::move(options)),
        experiment_(experiment),
        matrix_(matrix),
        kernels_(matrix.kernels.size()),
        cells_(matrix.cells.size()) {}

  /// Adds every kernel and cell as planned, so that nothing of the run can vanish; of a resumed run
  /// those that are not finished.
  Status begin();

  Status kernel_prepared(const run::KernelRecord& record) override;
  Status kernel_finished(const run::KernelResult& result) override;
  Status selftests_finished(const run::SelftestsRecord& record) override;
  Status cell_started(std::size_t cell) override;
  Status cases_planned(std::size_t cell, const std::vector<std::string>& names) override;
  Status case_finished(const run::CaseRecord& record) override;
  Status incident(const run::IncidentRecord& record) override;
  Status cell_finished(const run::CellRecord& record) override;
  Status cell_reused(std::size_t cell) override;
  Status spent(const run::Effort& effort) override;

 private:
  Status begin_kernel(std::size_t index);
  Status begin_cell(std::size_t index);
  bool is_finished(std::size_t kernel) const {
    return options_.resume.finished_kernels.count(kernel) != 0;
  }
  Status put(store::KernelRow& row);
  Status put(store::CellRow& row);
  Status take_over(store::CellRow& row, const store::CellRow& from);

  store::Store& store_;
  Options options_;
  const spec::Experiment& experiment_;
  const plan::Matrix& matrix_;
  std::vector<store::KernelRow> kernels_;
  std::vector<store::CellRow> cells_;
};

}  // namespace kmatrix::cli
