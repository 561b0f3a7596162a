// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/config_diff.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "build/dot_config.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/find_run.h"
#include "cli/stored_json.h"
#include "report/explain.h"

namespace kmatrix::cli {

namespace {

struct ConfigDiffOptions {
  std::string a, b, run;
};

/// "3:v6.12/base/clang-cfi" names a kernel of run 3; without a run, one of the run of --run.
Result<store::KernelRow> named_kernel(const store::Store& store, const std::string& text,
                                      const std::string& default_run) {
  const auto colon = text.find(':');
  const bool has_run = colon != std::string::npos;
  const auto run = find_run(store, has_run ? text.substr(0, colon) : default_run);
  if (!run) return run.error();
  auto kernel = find_kernel(store, run->id, has_run ? text.substr(colon + 1) : text);
  if (kernel && kernel->config_text.empty())
    return support::input_error(fmt::format("kernel {} of run {} has no final .config: {}",
                                            kernel->name, run->id.value, kernel->state));
  return kernel;
}

compare::FinalConfig final_config(const store::KernelRow& kernel) {
  compare::FinalConfig config;
  config.values = build::DotConfig(kernel.config_text).values();
  for (const auto& each : requests_from(kernel.requests))
    config.asked[each.symbol] = {each.value, each.asked_by, each.at};
  return config;
}

int config_diff(const CommandLine& line, const ConfigDiffOptions& options) {
  auto store = store::Store::open(line.global.db);
  if (!store) return fail(store.error());
  const auto a = named_kernel(*store, options.a, options.run);
  if (!a) return fail(a.error());
  const auto b = named_kernel(*store, options.b, options.run);
  if (!b) return fail(b.error());
  const auto differences = compare::config_differences(final_config(*a), final_config(*b));
  const report::ConfigOf of_a{a->run, a->name}, of_b{b->run, b->name};
  if (line.global.json) {
    fmt::print("{}\n", report::config_diff_json(of_a, of_b, differences).dump(2));
  } else {
    fmt::print("{}", report::config_diff_text(of_a, of_b, differences));
  }
  return exit_good;
}

}  // namespace

void add_config_diff(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<ConfigDiffOptions>();
  auto* command = add_command(
      app, line, "config-diff", "Show how the final .config of two kernels differs, and who asked",
      "kmatrix config-diff base/clang-cfi base/gcc-os", options, config_diff);
  command->add_option("A", options->a, "Kernel, or a part of its name; RUN:KERNEL of another run")
      ->required();
  command->add_option("B", options->b, "Likewise")->required();
  command->add_option("--run", options->run, "Number of the run (default: the latest)");
  add_json(command, line);
}

}  // namespace kmatrix::cli
