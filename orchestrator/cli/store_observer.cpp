// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/store_observer.h"

#include <nlohmann/json.hpp>

#include "cli/store_rows.h"
#include "cli/stored_json.h"
#include "plan/keys.h"
#include "support/text.h"

namespace kmatrix::cli {

Status StoreObserver::put(store::KernelRow& row) {
  auto id = store_.put_kernel(row);
  if (!id) return id.error();
  row.id = *id;
  return {};
}

Status StoreObserver::put(store::CellRow& row) {
  auto id = store_.put_cell(row);
  if (!id) return id.error();
  row.id = *id;
  return {};
}

Status StoreObserver::begin() {
  for (std::size_t i = 0; i < kernels_.size(); ++i) KMATRIX_TRY(begin_kernel(i));
  for (std::size_t i = 0; i < cells_.size(); ++i) KMATRIX_TRY(begin_cell(i));
  return {};
}

Status StoreObserver::begin_kernel(std::size_t index) {
  auto& row = kernels_[index];
  const auto& finished = options_.resume.finished_kernels;
  if (const auto kept = finished.find(index); kept != finished.end()) {
    row = kept->second;
    return {};
  }
  const auto& planned = matrix_.kernels[index];
  row.run = options_.run;
  row.name = planned.name;
  row.tree = planned.tree;
  row.series = planned.series;
  row.config = planned.config;
  row.arch = planned.arch;
  row.requests = to_stored(planned.symbols);
  row.state = "planned";
  return put(row);
}

Status StoreObserver::begin_cell(std::size_t index) {
  auto& row = cells_[index];
  const auto& resume = options_.resume;
  if (const auto kept = resume.finished_cells.find(index); kept != resume.finished_cells.end()) {
    row = kept->second;
    return {};
  }
  const auto& planned = matrix_.cells[index];
  const auto& kernel = kernels_[planned.kernel];
  row.run = options_.run;
  row.kernel = kernel.id;
  row.name = planned.name;
  row.tree = kernel.tree;
  row.series = kernel.series;
  row.config = kernel.config;
  row.machine = planned.machine;
  row.suite = planned.suite;
  row.expect_unavailable = planned.expect_unavailable;
  row.cell_key = options_.cell_keys[index].hex;
  row.ignore_key = plan::ignore_key(experiment_, planned).hex;
  row.inputs = to_stored(options_.inputs[index]);
  row.why = options_.whys[index];
  row.state = to_string(plan::CellState::planned);
  // With the old key before the new one: killed in between, the results are still known as old.
  const bool changed = resume.changed_cells.count(index) != 0;
  if (changed) KMATRIX_TRY(store_.restart_cell(resume.changed_cells.at(index).id, true));
  if (const auto cut = resume.cut_cells.find(index); cut != resume.cut_cells.end()) {
    row.folder = cut->second.folder;
    KMATRIX_TRY(store_.restart_cell(cut->second.id, false));
  }
  return put(row);
}

Status StoreObserver::kernel_prepared(const run::KernelRecord& record) {
  if (is_finished(record.index)) return {};
  auto& row = kernels_[record.index];
  row.tree_description = record.tree_description;
  row.tree_digest = record.tree_digest;
  row.series_digest = record.series_digest;
  row.series_description = record.series_description;
  row.compiler = record.compiler;
  row.recipe_key = record.recipe_key;
  row.kernel_key = record.kernel_key;
  row.config_text = record.config_text;
  row.why = record.why;
  if (!record.tree_symbols.empty()) row.requests = to_stored(run::requests_of(record));
  return put(row);
}

Status StoreObserver::kernel_finished(const run::KernelResult& result) {
  if (is_finished(result.index)) return {};
  auto& row = kernels_[result.index];
  if (!result.damage.empty()) row.why = "damaged in the cache: " + result.damage;
  row.state = !result.built ? "failed" : result.cached ? "cached" : "built";
  row.first_error = result.failure.first_error;
  row.log = result.failure.log.string();
  row.seconds = result.took.count();
  if (result.info) {
    row.release = result.info->release;
    row.objects = result.info->objects;
    row.signature = result.info->signature;
  }
  return put(row);
}

Status StoreObserver::selftests_finished(const run::SelftestsRecord& record) {
  const auto* const state = !record.built ? "failed" : record.cached ? "cached" : "built";
  return store_.put_selftests({options_.run,
                               kernels_[record.kernel].id,
                               {},
                               record.suite,
                               state,
                               record.failure.first_error,
                               record.failure.log.string(),
                               record.took.count()});
}

/// An interrupted cell has logs to show.
Status StoreObserver::cell_started(std::size_t cell) {
  cells_[cell].folder = (options_.run_folder / cells_[cell].name).string();
  return put(cells_[cell]);
}

Status StoreObserver::cases_planned(std::size_t cell, const std::vector<std::string>& names) {
  return store_.plan_cases(cells_[cell].id, names);
}

Status StoreObserver::case_finished(const run::CaseRecord& record) {
  auto row = case_row(record);
  row.cell = cells_[record.cell].id;
  auto id = store_.put_case(row);
  if (!id) return id.error();
  return {};
}

Status StoreObserver::incident(const run::IncidentRecord& record) {
  auto row = incident_row(record);
  row.cell = cells_[record.cell].id;
  auto id = store_.add_incident(row);
  if (!id) return id.error();
  return {};
}

Status StoreObserver::cell_finished(const run::CellRecord& record) {
  auto& row = cells_[record.index];
  row.identity = record.identity;
  if (record.identical_to) {
    const auto& other = cells_[*record.identical_to];
    row.identical_to = other.identical_to.empty() ? other.name : other.identical_to;
    return take_over(row, other);
  }
  row.state = to_string(record.state);
  row.reason = record.reason;
  row.explanation = record.explanation;
  row.command_line = record.command_line;
  row.machine_xml = record.machine_xml;
  row.folder = record.folder.string();
  row.boot_seconds = record.boot.count();
  row.seconds = record.took.count();
  row.accel = record.accel;
  row.accel_reason = record.accel_reason;
  row.slowness = record.slowness;
  row.notes = support::join(record.notes, "\n");
  return put(row);
}

Status StoreObserver::cell_reused(std::size_t cell) {
  auto& row = cells_[cell];
  const auto& from = options_.reuse.at(cell);
  row.reused_run = from.run;
  row.identity = from.identity;
  row.identical_to = from.identical_to;
  return take_over(row, from);
}

/// The results of another cell, of this run or an earlier one.
Status StoreObserver::take_over(store::CellRow& row, const store::CellRow& from) {
  row.state = from.state;
  row.command_line = from.command_line;
  row.machine_xml = from.machine_xml;
  row.folder = from.folder;
  row.boot_seconds = from.boot_seconds;
  row.seconds = from.seconds;
  row.accel = from.accel;
  row.accel_reason = from.accel_reason;
  row.slowness = from.slowness;
  row.notes = from.notes;
  const auto id = store_.reuse_cell(row, from.id);
  return id ? Status() : id.error();
}

Status StoreObserver::spent(const run::Effort& effort) {
  store::EffortRow row;
  row.run = options_.run;
  row.started = options_.started;
  row.wall_seconds = effort.wall.count();
  row.cpu_seconds = effort.cpu.count();
  row.cores = effort.cores;
  auto path = nlohmann::ordered_json::array();
  for (const auto& job : effort.critical_path) {
    row.critical_seconds += job.took.count();
    path.push_back({{"name", job.name}, {"seconds", job.took.count()}});
  }
  row.critical_path = path.dump();
  auto id = store_.add_effort(row);
  if (!id) return id.error();
  return {};
}

}  // namespace kmatrix::cli
