// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "build/dot_config.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/workshop.h"
#include "run/prepare.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

using nlohmann::ordered_json;

struct PlanOptions {
  ExperimentOptions experiment;
  bool configure = false;
};

/// What is in a kernel's .config.
struct ConfigCount {
  std::size_t built_in = 0, modules = 0;  ///< options =y and =m
  std::size_t asked = 0, as_asked = 0;    ///< of what fragments of the tree asked for
};

std::optional<ConfigCount> count_options(const run::KernelRecord& record) {
  if (record.config_text.empty()) return std::nullopt;
  const build::DotConfig config(record.config_text);
  ConfigCount counted{config.count("y"), config.count("m"), record.tree_symbols.size(), 0};
  for (const auto& each : record.tree_symbols)
    counted.as_asked += config.is(each.symbol, each.value) ? 1 : 0;
  return counted;
}

ordered_json to_json(const std::optional<ConfigCount>& counted) {
  if (!counted) return nullptr;
  return {{"options_y", counted->built_in},
          {"options_m", counted->modules},
          {"tree_symbols", counted->asked},
          {"tree_symbols_as_asked", counted->as_asked}};
}

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
                               {"kernel_key", text(record.kernel_key)},
                               {"config", to_json(count_options(record))}});
  }
  root["cells"] = ordered_json::array();
  for (const auto& cell : matrix.cells) {
    root["cells"].push_back({{"name", cell.name},
                             {"kernel", matrix.kernels[cell.kernel].name},
                             {"note", text(cell_note(cell, prepared.kernels[cell.kernel]))}});
  }
  return root;
}

/// The first few of many changes: a fragment that is new brings a hundred of them.
std::string brief(const std::string& why) {
  constexpr int enough = 4;
  std::size_t end = 0;
  for (int i = 0; i < enough && end != std::string::npos; ++i)
    end = why.find("; ", end == 0 ? 0 : end + 2);
  if (end == std::string::npos) return why;
  std::size_t more = 0;
  for (auto at = end; at != std::string::npos; at = why.find("; ", at + 2)) ++more;
  return fmt::format("{}; {} more (--json has all)", why.substr(0, end), more);
}

void print(const plan::Matrix& matrix, const run::Prepared& prepared) {
  support::TextTable kernels({"kernel", "state", "why"});
  std::size_t cached = 0;
  for (const auto& kernel : prepared.kernels) {
    const auto& record = kernel.record;
    cached += record.cached ? 1 : 0;
    kernels.add({record.kernel->name, record.cached ? "cached" : "to build",
                 record.cached ? "" : brief(record.why)});
  }
  support::TextTable cells({"cell", "note"});
  for (const auto& cell : matrix.cells)
    cells.add({cell.name, cell_note(cell, prepared.kernels[cell.kernel])});
  fmt::print("{}\n{}\n{} kernels, {} cached, {} to build; {} cells\n", kernels.render(),
             cells.render(), prepared.kernels.size(), cached, prepared.kernels.size() - cached,
             matrix.cells.size());
}

/// What each kernel's .config is.
void print_configs(const run::Prepared& prepared) {
  support::TextTable table({"kernel", "=y", "=m", "of the tree's fragments"});
  for (const auto& kernel : prepared.kernels) {
    const auto made = count_options(kernel.record);
    if (!made) continue;
    table.add({kernel.record.kernel->name, std::to_string(made->built_in),
               std::to_string(made->modules),
               made->asked == 0
                   ? ""
                   : fmt::format("{} of {} came out as asked", made->as_asked, made->asked)});
  }
  fmt::print("{}\n", table.render());
}

int plan(const CommandLine& line, const PlanOptions& options) {
  const auto& global = line.global;
  const auto read = read_experiment(line, options.experiment);
  if (!read.errors.empty()) return fail(read.errors);
  const std::function<void(std::string)> quiet = [](const std::string&) {};
  Workshop workshop(global, 0, options.configure ? std::function<void(std::string)>(say) : quiet,
                    line.stop);
  run::Preparation preparation(read.experiment, read.matrix, workshop.trees, workshop.builder,
                               workshop.kernels);
  const auto prepared = options.configure ? preparation.prepare(false) : preparation.preview();
  if (!prepared.errors.empty()) return fail(prepared.errors);
  if (global.json) {
    fmt::print("{}\n", to_json(read.matrix, prepared).dump(2));
  } else {
    if (options.configure) print_configs(prepared);
    print(read.matrix, prepared);
  }
  return exit_good;
}

}  // namespace

void add_plan(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<PlanOptions>();
  auto* command =
      add_command(app, line, "plan", "Show cells and kernels, and why each must be built",
                  "kmatrix plan matrices/quickstart.yaml --only suite=boot", options, plan);
  add_experiment(command, options->experiment);
  command->add_flag("--configure", options->configure,
                    "Also make every .config, and count its options; builds nothing");
  add_json(command, line);
}

}  // namespace kmatrix::cli
