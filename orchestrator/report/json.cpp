// SPDX-License-Identifier: GPL-2.0-or-later
#include <nlohmann/json.hpp>

#include "report/effort.h"
#include "report/report.h"
#include "report/words.h"

namespace kmatrix::report {

namespace {

using nlohmann::ordered_json;

ordered_json case_record(const store::CaseRow& row) {
  return {{"name", text_or_null(row.name)},
          {"outcome", text_or_null(row.outcome)},
          {"raw", text_or_null(row.raw)},
          {"message", text_or_null(row.message)},
          {"errno", number_or_null(row.error)},
          {"seconds", row.seconds},
          {"boot", row.boot},
          {"first_line", number_or_null(row.first_line)},
          {"last_line", number_or_null(row.last_line)},
          {"output", text_or_null(row.output)},
          {"argv", parsed_or_null(row.argv)}};
}

ordered_json incident_record(const store::IncidentRow& row) {
  return {{"kind", text_or_null(row.kind)},
          {"title", text_or_null(row.title)},
          {"case", text_or_null(row.case_name)},
          {"boot", row.boot},
          {"first_line", number_or_null(row.first_line)},
          {"text", text_or_null(row.text)},
          {"cfi_caller", text_or_null(row.cfi_caller)},
          {"cfi_target", text_or_null(row.cfi_target)},
          {"cfi_expected_type", text_or_null(row.cfi_expected_type)},
          {"ignored", text_or_null(row.ignored)}};
}

ordered_json kernel_record(const store::KernelRow& row) {
  return {{"name", text_or_null(row.name)},
          {"tree", text_or_null(row.tree)},
          {"series", text_or_null(row.series)},
          {"config", text_or_null(row.config)},
          {"arch", text_or_null(row.arch)},
          {"state", text_or_null(row.state)},
          {"why", text_or_null(row.why)},
          {"release", text_or_null(row.release)},
          {"objects", row.objects},
          {"seconds", row.seconds},
          {"first_error", text_or_null(row.first_error)},
          {"log", text_or_null(row.log)},
          {"tree_description", text_or_null(row.tree_description)},
          {"tree_digest", text_or_null(row.tree_digest)},
          {"series_description", text_or_null(row.series_description)},
          {"series_digest", text_or_null(row.series_digest)},
          {"compiler", text_or_null(row.compiler)},
          {"recipe_key", text_or_null(row.recipe_key)},
          {"kernel_key", text_or_null(row.kernel_key)},
          {"signature", text_or_null(row.signature)}};
}

ordered_json selftests_record(const store::SelftestsRow& row) {
  return {{"kernel", text_or_null(row.kernel_name)},
          {"suite", text_or_null(row.suite)},
          {"state", text_or_null(row.state)},
          {"first_error", text_or_null(row.first_error)},
          {"log", text_or_null(row.log)},
          {"seconds", row.seconds}};
}

ordered_json cell_record(const store::CellRow& row) {
  return {{"name", text_or_null(row.name)},
          {"tree", text_or_null(row.tree)},
          {"series", text_or_null(row.series)},
          {"config", text_or_null(row.config)},
          {"machine", text_or_null(row.machine)},
          {"suite", text_or_null(row.suite)},
          {"state", text_or_null(row.state)},
          {"reason", text_or_null(row.reason)},
          {"explanation", text_or_null(row.explanation)},
          {"expect_unavailable", row.expect_unavailable},
          {"reused_run", row.reused_run.value > 0 ? nlohmann::ordered_json(row.reused_run.value)
                                                  : nlohmann::ordered_json(nullptr)},
          {"identical_to", text_or_null(row.identical_to)},
          {"why", text_or_null(row.why)},
          {"inputs", parsed_or_null(row.inputs)},
          {"boot_seconds", row.boot_seconds},
          {"seconds", row.seconds},
          {"accel", text_or_null(row.accel)},
          {"accel_reason", text_or_null(row.accel_reason)},
          {"slowness", row.slowness > 0 ? ordered_json(row.slowness) : ordered_json(nullptr)},
          {"notes", text_or_null(row.notes)},
          {"command_line", text_or_null(row.command_line)},
          {"machine_xml", text_or_null(row.machine_xml)},
          {"folder", text_or_null(row.folder)}};
}

/// A list of records, each made by `record`.
template <class Row>
ordered_json list_of(const std::vector<const Row*>& rows, ordered_json (*record)(const Row&)) {
  auto list = ordered_json::array();
  for (const auto* row : rows) list.push_back(record(*row));
  return list;
}

}  // namespace

ordered_json show_json(const StoredRun& run) {
  auto kernels = ordered_json::array();
  for (const auto& kernel : run.kernels) kernels.push_back(kernel_record(kernel));
  auto selftests = ordered_json::array();
  for (const auto& each : run.selftests) selftests.push_back(selftests_record(each));
  auto cases = by_cell(run.cases);
  auto incidents = by_cell(run.incidents);
  auto cells = ordered_json::array();
  for (const auto& cell : run.cells) {
    ordered_json record = cell_record(cell);
    record["counts"] = to_json(count_outcomes(cases[cell.id]));
    record["cases"] = list_of(cases[cell.id], case_record);
    record["incidents"] = list_of(incidents[cell.id], incident_record);
    cells.push_back(std::move(record));
  }
  ordered_json document = {{"run", run_record(run.run)}};
  document["good"] = run_is_good(run.cells, run.cases, run.incidents);
  document["efforts"] = efforts_json(run.efforts);
  document["kernels"] = std::move(kernels);
  document["selftests"] = std::move(selftests);
  document["cells"] = std::move(cells);
  return document;
}

}  // namespace kmatrix::report
