// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/find_run.h"
#include "cli/objects_words.h"
#include "cli/selection.h"
#include "cli/workshop.h"

namespace kmatrix::cli {

namespace {

struct ObjectsOptions {
  std::string run, axis = "series";
  std::vector<std::string> where;
  build::ObjectsWanted wanted;
};

/// The experiment as it was when the run began: it has the toolchains.
Result<ReadExperiment> experiment_of(const CommandLine& line, const store::RunRow& run) {
  RunOptions options;
  KMATRIX_TRY(apply_selection(run.selection, options));
  options.experiment.file = run.experiment_file;
  auto read = read_experiment_text(line, run.experiment_text, options.experiment);
  if (!read.errors.empty()) return read.errors.front();
  return read;
}

Result<build::ArtefactFiles> artefact_of(const store::KernelRow& kernel,
                                         const build::KernelCache& cache) {
  if (kernel.state != "built" && kernel.state != "cached")
    return support::input_error(
        "kernel " + kernel.name +
        (kernel.state == "failed" ? " did not build" : " is not built yet"));
  auto files = cache.artefact({{kernel.kernel_key}});
  if (files) return std::move(*files);
  return support::infrastructure_error("kernel " + kernel.name + " is not in the cache any more",
                                       "kmatrix run EXPERIMENT builds it again");
}

class Comparing {
 public:
  Comparing(Workshop& workshop, const spec::Experiment& experiment,
            const build::ObjectsWanted& wanted)
      : workshop_(workshop), experiment_(experiment), wanted_(wanted) {}

  ComparedPair operator()(compare::KernelPair kernels) const {
    ComparedPair pair;
    auto comparison = compared(kernels);
    if (comparison) {
      pair.comparison = std::move(*comparison);
    } else {
      pair.problem = std::move(comparison.error());
      pair.problem->context.push_back("while comparing the objects of " + kernels.a.name + " and " +
                                      kernels.b.name);
    }
    pair.kernels = std::move(kernels);
    return pair;
  }

 private:
  Result<build::ObjectComparison> compared(const compare::KernelPair& pair) const {
    const auto a = artefact_of(pair.a, workshop_.kernels);
    if (!a) return a.error();
    const auto b = artefact_of(pair.b, workshop_.kernels);
    if (!b) return b.error();
    const auto* config = spec::find(experiment_.configs, pair.a.config);
    const auto* toolchain =
        config == nullptr ? nullptr : spec::find(experiment_.toolchains, config->toolchain);
    if (toolchain == nullptr)
      return support::infrastructure_error("the run's experiment has no config " + pair.a.config);
    return workshop_.builder.compare_objects(*a, *b, *toolchain, wanted_);
  }

  Workshop& workshop_;
  const spec::Experiment& experiment_;
  const build::ObjectsWanted& wanted_;
};

int objects(const CommandLine& line, const ObjectsOptions& options) {
  auto store = store::Store::open_to_read(line.global.db);
  if (!store) return fail(store.error());
  const auto run = find_run(*store, options.run);
  if (!run) return fail(run.error());
  const auto kernels = store->kernels(run->id);
  if (!kernels) return fail(kernels.error());
  const auto pairs = compare::pair_kernels(*kernels, options.axis, options.where);
  if (!pairs) return fail(pairs.error());
  const auto read = experiment_of(line, *run);
  if (!read) return fail(read.error());
  Workshop workshop(line.global, 0, say, line.stop);
  const Comparing compared(workshop, read->experiment, options.wanted);
  std::vector<ComparedPair> all;
  std::vector<Error> problems;
  for (const auto& kernel_pair : *pairs) {
    all.push_back(compared(kernel_pair));
    if (all.back().problem) problems.push_back(*all.back().problem);
    if (!line.global.json) fmt::print("{}", pair_text(all.back()));
  }
  if (line.global.json) fmt::print("{}\n", objects_json(run->id, options.axis, all).dump(2));
  return fail(problems);
}

}  // namespace

void add_objects(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<ObjectsOptions>();
  auto* command =
      add_command(app, line, "objects", "Compare the object files of kernels along an axis",
                  "kmatrix objects --axis series --where config=clang-nocfi", options, objects);
  add_run_name(command, options->run);
  command->add_option("--axis", options->axis, "tree, series or config")->capture_default_str();
  command
      ->add_option("--where", options->where,
                   "Only kernels with AXIS=VALUE[,VALUE...]; may be repeated")
      ->type_name("AXIS=VALUE");
  command->add_option("--object", options->wanted.glob, "Only objects whose path matches this glob")
      ->type_name("GLOB");
  command->add_flag("--diff", options->wanted.diff, "Show how the disassembly differs");
  add_json(command, line);
}

}  // namespace kmatrix::cli
