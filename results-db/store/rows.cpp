// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/rows.h"

namespace kmatrix::store {

RunRow read_run(Statement& row) {
  RunRow run;
  run.id.value = row.integer();
  run.experiment = row.text();
  run.experiment_file = row.text();
  run.experiment_text = row.text();
  run.experiment_digest = row.text();
  run.started = row.text();
  run.finished = row.text();
  run.state = row.text();
  run.host = row.text();
  run.kmatrix_version = row.text();
  run.folder = row.text();
  run.selection = row.text();
  run.rerun_of.value = row.integer();
  run.exit_code = static_cast<int>(row.integer());
  return run;
}

KernelRow read_kernel(Statement& row) {
  KernelRow kernel;
  kernel.id = row.integer();
  kernel.run.value = row.integer();
  kernel.name = row.text();
  kernel.tree = row.text();
  kernel.series = row.text();
  kernel.config = row.text();
  kernel.arch = row.text();
  kernel.tree_description = row.text();
  kernel.tree_digest = row.text();
  kernel.series_digest = row.text();
  kernel.compiler = row.text();
  kernel.recipe_key = row.text();
  kernel.kernel_key = row.text();
  kernel.config_text = row.text();
  kernel.why = row.text();
  kernel.state = row.text();
  kernel.first_error = row.text();
  kernel.log = row.text();
  kernel.release = row.text();
  kernel.objects = static_cast<int>(row.integer());
  kernel.seconds = row.real();
  kernel.requests = row.text();
  kernel.series_description = row.text();
  kernel.signature = row.text();
  return kernel;
}

SelftestsRow read_selftests(Statement& row) {
  SelftestsRow selftests;
  selftests.run.value = row.integer();
  selftests.kernel = row.integer();
  selftests.kernel_name = row.text();
  selftests.suite = row.text();
  selftests.state = row.text();
  selftests.first_error = row.text();
  selftests.log = row.text();
  selftests.seconds = row.real();
  return selftests;
}

CellRow read_cell(Statement& row) {
  CellRow cell;
  cell.id = row.integer();
  cell.kernel = row.integer();
  cell.run.value = row.integer();
  cell.name = row.text();
  cell.tree = row.text();
  cell.series = row.text();
  cell.config = row.text();
  cell.machine = row.text();
  cell.suite = row.text();
  cell.state = row.text();
  cell.reason = row.text();
  cell.explanation = row.text();
  cell.command_line = row.text();
  cell.machine_xml = row.text();
  cell.folder = row.text();
  cell.boot_seconds = row.real();
  cell.seconds = row.real();
  cell.expect_unavailable = row.integer() != 0;
  cell.cell_key = row.text();
  cell.reused_run.value = row.integer();
  cell.why = row.text();
  cell.inputs = row.text();
  cell.accel = row.text();
  cell.accel_reason = row.text();
  cell.slowness = row.real();
  cell.notes = row.text();
  cell.ignore_key = row.text();
  cell.identity = row.text();
  cell.identical_to = row.text();
  return cell;
}

LastCell read_last_cell(Statement& row) {
  LastCell last;
  last.row = read_cell(row);
  last.bad = row.text();
  last.incidents = row.integer();
  return last;
}

CaseRow read_case(Statement& row) {
  CaseRow result;
  result.id = row.integer();
  result.cell = row.integer();
  result.name = row.text();
  result.outcome = row.text();
  result.raw = row.text();
  result.message = row.text();
  result.error = static_cast<int>(row.integer());
  result.seconds = row.real();
  result.boot = static_cast<int>(row.integer());
  result.first_line = row.integer();
  result.last_line = row.integer();
  result.output = row.text();
  result.argv = row.text();
  return result;
}

IncidentRow read_incident(Statement& row) {
  IncidentRow incident;
  incident.id = row.integer();
  incident.cell = row.integer();
  incident.case_name = row.text();
  incident.kind = row.text();
  incident.title = row.text();
  incident.text = row.text();
  incident.boot = static_cast<int>(row.integer());
  incident.first_line = row.integer();
  incident.cfi_caller = row.text();
  incident.cfi_target = row.text();
  incident.cfi_expected_type = row.text();
  incident.ignored = row.text();
  return incident;
}

EffortRow read_effort(Statement& row) {
  EffortRow effort;
  effort.run.value = row.integer();
  effort.started = row.text();
  effort.wall_seconds = row.real();
  effort.cpu_seconds = row.real();
  effort.cores = static_cast<int>(row.integer());
  effort.critical_seconds = row.real();
  effort.critical_path = row.text();
  return effort;
}

TimeRow read_time(Statement& row) {
  TimeRow time;
  time.name = row.text();
  time.config = row.text();
  time.machine = row.text();
  time.suite = row.text();
  time.seconds = row.real();
  time.objects = static_cast<int>(row.integer());
  return time;
}

}  // namespace kmatrix::store
