// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/cell_machine.h"

#include "build/selftests.h"
#include "run/cell.h"
#include "run/sources.h"

namespace kmatrix::run {

Result<std::optional<build::ArtefactFiles>> CellMachine::kernel(
    const spec::Experiment& experiment, const plan::PlannedKernel& planned,
    const PreparedKernel& prepared, const std::filesystem::path& source) const {
  if (prepared.artefact) return prepared.artefact;
  const auto& config = *spec::find(experiment.configs, planned.config);
  const auto begin = clock.now();
  KMATRIX_TRY(observer.kernel_prepared(prepared.record));
  KMATRIX_TRY(observer.kernel_started(0));
  auto built = builder.build(
      prepared.key, [&] { return Result<std::filesystem::path>(source); }, planned,
      prepared.record.config_text, *spec::find(experiment.toolchains, config.toolchain),
      [&](build::BuildProgress progress) { (void)observer.kernel_progress(0, progress); });
  if (!built)
    return support::with_context(std::move(built), "while building " + planned.name).error();
  KMATRIX_TRY(observer.kernel_finished(result_of(0, *built, clock.now() - begin)));
  return built->artefact;
}

Result<std::filesystem::path> CellMachine::selftests(const spec::Suite& suite,
                                                     const build::SelftestsInputs& inputs) const {
  if (!suite.is_built()) return std::filesystem::path();
  KMATRIX_TRY(observer.note("building the selftests of " + inputs.kernel.name));
  const auto built = builder.selftests(inputs);
  if (!built) return built.error();
  if (!built->folder)
    return support::input_error("the selftests did not build: " + built->failure.first_error,
                                suite.at, "log: " + built->failure.log.string());
  return *built->folder;
}

Result<std::optional<machine::Hardware>> CellMachine::make(const spec::Experiment& experiment,
                                                           const plan::Matrix& matrix,
                                                           const Prepared& all,
                                                           const std::string& domain_name) const {
  const auto& prepared = all.kernels.front();
  const auto& planned = matrix.kernels.front();
  const auto& config = *spec::find(experiment.configs, planned.config);
  CellTask task;
  task.cell = &matrix.cells.front();
  task.machine = spec::find(experiment.machines, task.cell->machine);
  task.suite = spec::find(experiment.suites, task.cell->suite);
  task.data = data;
  task.domain_name = domain_name;
  const auto own = kernel_source(trees, experiment, planned, prepared);
  if (!own) return own.error();
  const auto source = tests_source(trees, experiment, matrix, all, 0, *task.suite);
  if (!source) return source.error();
  task.source = *source;
  const auto artefact = kernel(experiment, planned, prepared, *own);
  if (!artefact) return artefact.error();
  if (!*artefact) return std::optional<machine::Hardware>();
  task.kernel = **artefact;
  const auto recipe = image::load_recipe(data / "images" / (task.machine->image + ".yaml"));
  if (!recipe) return recipe.error();
  auto root = images.root_disk(*recipe, agents / ("kmatrix-agent-" + recipe->arch));
  if (!root) return root.error();
  task.root_disk = *root;
  const build::SourceFolder folder = [&] { return Result<std::filesystem::path>(*source); };
  const std::function<void(build::BuildProgress)> quiet = [](build::BuildProgress) {};
  auto built =
      selftests(*task.suite, {prepared.key, planned, task.kernel,
                              *spec::find(experiment.toolchains, config.toolchain), *task.suite,
                              folder, tests_digest(experiment, all, *task.suite), quiet});
  if (!built) return built.error();
  const auto suite = suite::make_suite(*task.suite, {task.source, task.data, *built});
  if (!suite) return suite.error();
  auto hardware = make_hardware(task, **suite, images);
  if (!hardware) return hardware.error();
  return std::optional(std::move(*hardware));
}

}  // namespace kmatrix::run
