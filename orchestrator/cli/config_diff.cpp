// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/config_diff.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "build/dot_config.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/find_run.h"
#include "cli/named.h"
#include "cli/stored_json.h"
#include "cli/workshop.h"
#include "plan/select.h"
#include "report/explain.h"
#include "run/prepare.h"

namespace kmatrix::cli {

namespace {

struct ConfigDiffOptions {
  std::string a, b, run;
  ExperimentOptions experiment;
};

/// A kernel's .config, and which kernel that is.
struct Subject {
  report::ConfigOf of;
  compare::FinalConfig config;
};

/// The two, or every error.
struct Subjects {
  std::vector<Subject> both;
  std::vector<Error> errors;
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

Subject subject(store::RunId run, const std::string& name, const std::string& text,
                const std::vector<StoredRequest>& requests) {
  const build::DotConfig dot(text);
  compare::FinalConfig config;
  config.values = dot.values();
  for (const auto& each : requests)
    config.asked[each.symbol] = {each.value, each.asked_by, each.at};
  return {{run, name, dot.count("y"), dot.count("m")}, std::move(config)};
}

/// As they were in runs.
Subjects stored(const CommandLine& line, const ConfigDiffOptions& options) {
  Subjects subjects;
  auto store = store::Store::open_to_read(line.global.db);
  if (!store) return {{}, {store.error()}};
  for (const auto* name : {&options.a, &options.b}) {
    const auto kernel = named_kernel(*store, *name, options.run);
    if (!kernel) return {{}, {kernel.error()}};
    subjects.both.push_back(
        subject(kernel->run, kernel->name, kernel->config_text, requests_from(kernel->requests)));
  }
  return subjects;
}

/// As the kernel's own tools make them now of what an experiment asks for; nothing is built.
Subjects configured(const CommandLine& line, const ConfigDiffOptions& options) {
  auto read = read_experiment(line, options.experiment);
  if (!read.errors.empty()) return {{}, std::move(read.errors)};
  std::vector<std::string> names;
  for (const auto* name : {&options.a, &options.b}) {
    const auto kernel = named(read.matrix.kernels, "kernel", options.experiment.file.string(),
                              *name, [](const auto&) { return false; });
    if (!kernel) return {{}, {kernel.error()}};
    names.push_back(kernel->name);
  }
  const auto matrix = plan::keep_cells(read.matrix, [&](const plan::PlannedCell& cell) {
    const auto& kernel = read.matrix.kernels[cell.kernel].name;
    return kernel == names[0] || kernel == names[1];
  });
  Workshop workshop(line.global, 0, say, line.stop);
  run::Preparation preparation(read.experiment, matrix, workshop.trees, workshop.builder,
                               workshop.kernels);
  auto prepared = preparation.prepare(false);
  Subjects subjects{{}, std::move(prepared.errors)};
  for (const auto& name : names)
    for (const auto& kernel : prepared.kernels)
      if (const auto& record = kernel.record;
          subjects.errors.empty() && record.kernel->name == name)
        subjects.both.push_back(subject({}, name, record.config_text,
                                        requests_from(to_stored(run::requests_of(record)))));
  return subjects;
}

int config_diff(const CommandLine& line, const ConfigDiffOptions& options) {
  const auto subjects =
      options.experiment.file.empty() ? stored(line, options) : configured(line, options);
  if (!subjects.errors.empty()) return fail(subjects.errors);
  const auto &a = subjects.both[0], &b = subjects.both[1];
  const auto differences = compare::config_differences(a.config, b.config);
  if (line.global.json) {
    fmt::print("{}\n", report::config_diff_json(a.of, b.of, differences).dump(2));
  } else {
    fmt::print("{}", report::config_diff_text(a.of, b.of, differences));
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
  auto* run = command->add_option("--run", options->run, "Number of the run (default: the latest)");
  command
      ->add_option("--file", options->experiment.file,
                   "Kernels of this experiment, configured now, in place of those of a run")
      ->excludes(run);
  add_json(command, line);
}

}  // namespace kmatrix::cli
