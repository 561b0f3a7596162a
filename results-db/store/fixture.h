// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "store/store.h"
#include "support/file.h"

namespace kmatrix::store {

/// Rows for tests, with something in every column.
inline RunRow some_run() {
  RunRow run;
  run.experiment = "quickstart";
  run.experiment_file = "matrices/quickstart.yaml";
  run.experiment_text = "trees: [v6.12]\n";
  run.experiment_digest = std::string(64, 'e');
  run.started = "2026-01-31T12:00:00Z";
  run.state = "running";
  run.host = "builder";
  run.kmatrix_version = "0.1.0";
  run.folder = "/state/runs/1";
  run.rerun_of.value = 7;
  run.selection = R"({"only":[]})";
  return run;
}

inline KernelRow some_kernel(RunId run, const std::string& series = "base") {
  KernelRow kernel;
  kernel.run = run;
  kernel.name = "v6.12/" + series + "/clang-cfi";
  kernel.tree = "v6.12";
  kernel.series = series;
  kernel.config = "clang-cfi";
  kernel.arch = "arm64";
  kernel.tree_description = "linux-source-6.12 6.12.117-1";
  kernel.tree_digest = std::string(64, 'a');
  kernel.series_digest = std::string(64, 'b');
  kernel.compiler = "clang version 19.1.7";
  kernel.recipe_key = std::string(64, 'c');
  kernel.kernel_key = std::string(64, 'd');
  kernel.config_text = "CONFIG_CFI_CLANG=y\n";
  kernel.why = "series changed";
  kernel.state = "built";
  kernel.first_error = "none";
  kernel.log = "/cache/log";
  kernel.release = "6.12.117";
  kernel.objects = 788;
  kernel.signature = std::string(64, 's');
  kernel.seconds = 443.25;
  kernel.requests = R"([{"symbol":"CFI_CLANG"}])";
  kernel.series_description = "2 patches of series/direct-calls";
  return kernel;
}

inline CellRow some_cell(const KernelRow& kernel, std::int64_t kernel_id,
                         const std::string& suite = "ftrace-direct") {
  CellRow cell;
  cell.run = kernel.run;
  cell.kernel = kernel_id;
  cell.name = kernel.name + "/arm64-tcg/" + suite;
  cell.tree = kernel.tree;
  cell.series = kernel.series;
  cell.config = kernel.config;
  cell.machine = "arm64-tcg";
  cell.suite = suite;
  cell.state = "done";
  cell.reason = "because";
  cell.explanation = "two\nlines";
  cell.command_line = "console=ttyAMA0";
  cell.machine_xml = "<domain/>";
  cell.folder = "/state/runs/1/cell-0";
  cell.boot_seconds = 2.5;
  cell.seconds = 70.5;
  cell.expect_unavailable = true;
  cell.cell_key = std::string(64, 'f');
  cell.why = "never ran here";
  cell.inputs = R"([["accel","tcg"]])";
  cell.accel = "tcg";
  cell.accel_reason = "kvm is slower";
  cell.slowness = 1.75;
  cell.notes = "one\ntwo";
  cell.ignore_key = std::string(64, 'f');
  return cell;
}

inline CaseRow some_case(std::int64_t cell, const std::string& name,
                         const std::string& outcome = "passed") {
  CaseRow result;
  result.cell = cell;
  result.name = name;
  result.outcome = outcome;
  result.raw = "PASS";
  result.message = "as it should";
  result.seconds = 38.125;
  result.boot = 1;
  result.first_line = 310;
  result.last_line = 330;
  result.output = "/state/runs/1/cell-0/out";
  result.argv = R"(["sh","x.tc"])";
  return result;
}

inline IncidentRow some_incident(std::int64_t cell) {
  IncidentRow incident;
  incident.cell = cell;
  incident.case_name = "direct/ftrace-direct.tc";
  incident.kind = "cfi";
  incident.title = "CFI failure at caller (target: callee)";
  incident.text = "CFI failure\nCall trace:";
  incident.boot = 1;
  incident.first_line = 317;
  incident.cfi_caller = "caller";
  incident.cfi_target = "callee";
  incident.cfi_expected_type = "0x12345678";
  incident.ignored = "known";
  return incident;
}

/// A folder of the test's own.
class StoreInAFile : public ::testing::Test {
 protected:
  StoreInAFile()
      : folder_(support::TempFolder::create(std::filesystem::temp_directory_path(), "store-test")
                    .value()) {}
  std::filesystem::path file(const char* name = "results.db") const {
    return folder_.path() / name;
  }

 private:
  support::TempFolder folder_;
};

/// Adds a run with a kernel and a cell, and returns the cell's id.
inline std::int64_t add_cell(Store& store) {
  const RunId run = store.add_run(some_run()).value();
  const KernelRow kernel = some_kernel(run);
  return store.put_cell(some_cell(kernel, store.put_kernel(kernel).value())).value();
}

}  // namespace kmatrix::store
