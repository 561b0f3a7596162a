// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/error_json.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

int check(const CommandLine& line, const ExperimentOptions& options) {
  const auto& global = line.global;
  const auto read = read_experiment(line, options);
  if (global.json) {
    nlohmann::ordered_json root;
    root["file"] = support::valid_utf8(options.file.string());
    root["good"] = read.errors.empty();
    root["kernels"] = read.matrix.kernels.size();
    root["cells"] = read.matrix.cells.size();
    root["errors"] = nlohmann::ordered_json::array();
    for (const auto& error : read.errors) root["errors"].push_back(error_json(error));
    fmt::print("{}\n", root.dump(2));
    return read.errors.empty() ? exit_good : exit_bad_input;
  }
  if (!read.errors.empty()) return fail(read.errors);
  fmt::print("{}: good: {} kernels, {} cells\n", options.file.string(), read.matrix.kernels.size(),
             read.matrix.cells.size());
  return exit_good;
}

}  // namespace

void add_check(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<ExperimentOptions>();
  auto* command = add_command(app, line, "check", "Check an experiment file",
                              "kmatrix check matrices/quickstart.yaml", options, check);
  add_experiment(command, *options);
  add_json(command, line);
}

}  // namespace kmatrix::cli
