// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/cell_machine.h"

#include "build/selftests.h"
#include "machine/slowness.h"
#include "suite/suite.h"

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
  KernelResult result;
  result.built = built->artefact.has_value();
  result.failure = built->failure;
  result.took = clock.now() - begin;
  if (result.built)
    if (auto info = build::KernelCache::info(*built->artefact)) result.info = *info;
  KMATRIX_TRY(observer.kernel_finished(result));
  return built->artefact;
}

Result<std::optional<machine::Hardware>> CellMachine::make(const spec::Experiment& experiment,
                                                           const plan::Matrix& matrix,
                                                           const PreparedKernel& prepared,
                                                           const std::string& domain_name) const {
  const auto& planned = matrix.kernels.front();
  const auto& cell = matrix.cells.front();
  const auto& machine = *spec::find(experiment.machines, cell.machine);
  auto source = trees.patched(*spec::find(experiment.trees, planned.tree), prepared.tree,
                              patches_of(experiment, planned));
  if (!source) return source.error();
  const auto artefact = kernel(experiment, planned, prepared, *source);
  if (!artefact) return artefact.error();
  if (!*artefact) return std::optional<machine::Hardware>();
  auto recipe = image::load_recipe(data / "images" / (machine.image + ".yaml"));
  if (!recipe) return recipe.error();
  auto root = images.root_disk(*recipe, agents / ("kmatrix-agent-" + recipe->arch));
  if (!root) return root.error();
  const auto& wanted = *spec::find(experiment.suites, cell.suite);
  std::filesystem::path built;
  if (wanted.is_built()) {
    const auto& config = *spec::find(experiment.configs, planned.config);
    const build::SourceFolder folder = [&] { return Result<std::filesystem::path>(*source); };
    const std::function<void(build::BuildProgress)> quiet = [](build::BuildProgress) {};
    KMATRIX_TRY(observer.note("building the selftests of " + planned.name));
    auto selftests = builder.selftests({prepared.key, planned, **artefact,
                                        *spec::find(experiment.toolchains, config.toolchain),
                                        wanted, folder, quiet});
    if (!selftests) return selftests.error();
    if (!selftests->folder)
      return support::input_error("the selftests did not build: " + selftests->failure.first_error,
                                  wanted.at, "log: " + selftests->failure.log.string());
    built = *selftests->folder;
  }
  auto suite = suite::make_suite(wanted, {*source, data, built});
  if (!suite) return suite.error();
  std::vector<image::DiskItem> items{{(*artefact)->modules, "modules"}};
  for (const auto& needed : (*suite)->needed()) items.push_back({needed.from, needed.to});
  auto disk = images.cell_disk(items, cell.name);
  if (!disk) return disk.error();
  machine::Hardware hardware;
  hardware.name = domain_name;
  hardware.machine = machine;
  hardware.kernel = (*artefact)->image;
  hardware.disks = {*root, *disk};
  hardware.command_line = machine::command_line(machine);
  hardware.slowness = machine::default_slowness(machine.accel);
  return std::optional(std::move(hardware));
}

}  // namespace kmatrix::run
