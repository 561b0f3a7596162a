// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/workshop.h"
#include "run/prepare.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

using nlohmann::ordered_json;

std::string cell_note(const plan::PlannedCell& cell, const run::PreparedKernel& kernel) {
  for (const auto& need : kernel.unmet)
    if (need.suite == cell.suite) return "unavailable: " + need.reason;
  return cell.expect_unavailable ? "expected to be unavailable" : "";
}

ordered_json to_json(const plan::Matrix& matrix, const run::Prepared& prepared) {
  const auto text = [](const std::string& value) -> ordered_json {
    if (value.empty()) return nullptr;
    return support::valid_utf8(value);
  };
  ordered_json root;
  root["kernels"] = ordered_json::array();
  for (const auto& kernel : prepared.kernels) {
    const auto& record = kernel.record;
    root["kernels"].push_back({{"name", record.kernel->name},
                               {"cached", record.cached},
                               {"why", text(record.why)},
                               {"tree", text(record.tree_description)},
                               {"kernel_key", text(record.kernel_key)}});
  }
  root["cells"] = ordered_json::array();
  for (const auto& cell : matrix.cells) {
    root["cells"].push_back({{"name", cell.name},
                             {"kernel", matrix.kernels[cell.kernel].name},
                             {"note", text(cell_note(cell, prepared.kernels[cell.kernel]))}});
  }
  return root;
}

void print(const plan::Matrix& matrix, const run::Prepared& prepared) {
  support::TextTable kernels({"kernel", "state", "why"});
  std::size_t cached = 0;
  for (const auto& kernel : prepared.kernels) {
    const auto& record = kernel.record;
    cached += record.cached ? 1 : 0;
    kernels.add({record.kernel->name, record.cached ? "cached" : "to build",
                 record.cached ? "" : record.why});
  }
  support::TextTable cells({"cell", "note"});
  for (const auto& cell : matrix.cells)
    cells.add({cell.name, cell_note(cell, prepared.kernels[cell.kernel])});
  fmt::print("{}\n{}\n{} kernels, {} cached, {} to build; {} cells\n", kernels.render(),
             cells.render(), prepared.kernels.size(), cached, prepared.kernels.size() - cached,
             matrix.cells.size());
}

int plan(const CommandLine& line, const ExperimentOptions& options) {
  const auto& global = line.global;
  const auto read = read_experiment(line, options);
  if (!read.errors.empty()) return fail(read.errors);
  Workshop workshop(
      global, 0, [](const std::string&) {}, line.stop);
  run::Preparation preparation(read.experiment, read.matrix, workshop.trees, workshop.builder,
                               workshop.kernels);
  const auto prepared = preparation.preview();
  if (!prepared.errors.empty()) return fail(prepared.errors);
  if (global.json) {
    fmt::print("{}\n", to_json(read.matrix, prepared).dump(2));
  } else {
    print(read.matrix, prepared);
  }
  return exit_good;
}

}  // namespace

void add_plan(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<ExperimentOptions>();
  auto* command =
      add_command(app, line, "plan", "Show cells and kernels, and why each must be built",
                  "kmatrix plan matrices/quickstart.yaml --only suite=boot", options, plan);
  add_experiment(command, *options);
  add_json(command, line);
}

}  // namespace kmatrix::cli
