// SPDX-License-Identifier: GPL-2.0-or-later
// What each job of a run does; when it does is in runner.cpp.
#include <algorithm>
#include <cstdio>

#include "build/selftests.h"
#include "run/cell.h"
#include "run/runner.h"
#include "run/sources.h"

namespace kmatrix::run {

using plan::JobKind;

namespace {

/// The greatest N of the console-N.log in a cell's folder; 0: none.
int last_console(const std::filesystem::path& folder) {
  int last = 0;
  std::error_code none;
  for (std::filesystem::directory_iterator walk(folder, none), end; !none && walk != end;
       walk.increment(none)) {
    int number = 0;
    if (std::sscanf(walk->path().filename().c_str(), "console-%d.log", &number) == 1)
      last = std::max(last, number);
  }
  return last;
}

Part part_of(const build::BuildProgress& progress) {
  return {static_cast<double>(progress.done), static_cast<double>(progress.expected)};
}

}  // namespace

Runner::Ended Runner::make_root_disk(const std::string& image) {
  auto recipe = image::load_recipe(options_.data / "images" / (image + ".yaml"));
  if (!recipe) return {false, recipe.error()};
  auto disk = parts_.images.root_disk(*recipe, options_.agents / ("kmatrix-agent-" + recipe->arch));
  if (!disk)
    return {false, support::with_context(std::move(disk), "while making image " + image).error()};
  const std::lock_guard lock(results_mutex_);
  root_disks_[image] = *disk;
  return {true, {}};
}

/// A kernel that is there and that no cell is going to boot need not be read to be believed.
bool Runner::unused(const PreparedKernel& prepared, std::size_t index) const {
  return prepared.artefact &&
         std::none_of(graph_.jobs.begin(), graph_.jobs.end(), [&](const plan::Job& job) {
           return job.kind == JobKind::cell && matrix_.cells[job.subject].kernel == index;
         });
}

/// Before the kernel is built: a selection that fits nothing is not worth a build.
Status Runner::check_suites(std::size_t kernel) const {
  for (const auto& job : graph_.jobs) {
    if (job.kind != JobKind::cell || matrix_.cells[job.subject].kernel != kernel) continue;
    const auto& suite = *spec::find(experiment_.suites, matrix_.cells[job.subject].suite);
    const auto source = tests_of(kernel, suite);
    if (!source) return source.error();
    KMATRIX_TRY(suite::check_suite(suite, {*source, options_.data}));
  }
  return {};
}

build::SourceFolder Runner::source_of(std::size_t kernel) {
  return [this, kernel]() -> Result<std::filesystem::path> {
    auto folder = kernel_source(parts_.trees, experiment_, matrix_.kernels[kernel],
                                prepared_.kernels[kernel]);
    if (folder) KMATRIX_TRY(check_suites(kernel));
    return folder;
  };
}

Result<std::filesystem::path> Runner::tests_of(std::size_t kernel, const spec::Suite& suite) const {
  return tests_source(parts_.trees, experiment_, matrix_, prepared_, kernel, suite);
}

const spec::Toolchain& Runner::toolchain_of(std::size_t kernel) const {
  const auto& config = *spec::find(experiment_.configs, matrix_.kernels[kernel].config);
  return *spec::find(experiment_.toolchains, config.toolchain);
}

Runner::Ended Runner::build_kernel(std::size_t index) {
  const auto& prepared = prepared_.kernels[index];
  const auto& kernel = matrix_.kernels[index];
  const auto begin = parts_.clock.now();
  if (auto told = tell([&](RunObserver& o) { return o.kernel_started(index); }); !told)
    return {false, told};
  const auto on_progress = [&](build::BuildProgress progress) {
    note_progress(plan::JobKind::build, index, part_of(progress));
    (void)tell([&](RunObserver& o) { return o.kernel_progress(index, progress); });
  };
  Result<build::BuildResult> built = build::BuildResult{prepared.artefact, {}, true, {}};
  if (!unused(prepared, index))
    built = parts_.builder.build(prepared.key, source_of(index), kernel,
                                 prepared.record.config_text, toolchain_of(index), on_progress);
  if (!built) {
    return {false,
            support::with_context(std::move(built), "while building " + kernel.name).error()};
  }
  const auto result = result_of(index, *built, parts_.clock.now() - begin);
  {
    const std::lock_guard lock(results_mutex_);
    if (built->artefact) {
      artefacts_[index] = *built->artefact;
      signatures_[index] = result.info ? result.info->signature : "";
    } else {
      build_failures_[index] = built->failure.first_error;
    }
  }
  return {result.built, tell([&](RunObserver& o) { return o.kernel_finished(result); }),
          result.built && !result.cached};
}

Runner::Ended Runner::build_selftests(std::size_t index) {
  const auto& wanted = graph_.selftests[index];
  SelftestsRecord record;
  record.kernel = wanted.kernel;
  record.suite = wanted.suite;
  record.name = name_of(wanted);
  const auto begin = parts_.clock.now();
  if (auto told = tell([&](RunObserver& o) { return o.selftests_started(record); }); !told)
    return {false, told};
  const auto& suite = *spec::find(experiment_.suites, wanted.suite);
  const build::SourceFolder source = [&] { return tests_of(wanted.kernel, suite); };
  const std::function<void(build::BuildProgress)> on_progress = [&](build::BuildProgress progress) {
    note_progress(plan::JobKind::selftests, index, part_of(progress));
    (void)tell([&](RunObserver& o) { return o.selftests_progress(record, progress); });
  };
  build::ArtefactFiles artefact;
  {
    const std::lock_guard lock(results_mutex_);
    artefact = artefacts_.at(wanted.kernel);
  }
  auto built = parts_.builder.selftests({prepared_.kernels[wanted.kernel].key,
                                         matrix_.kernels[wanted.kernel], artefact,
                                         toolchain_of(wanted.kernel), suite, source,
                                         tests_digest(experiment_, prepared_, suite), on_progress});
  if (!built) return {false, built.error()};
  record.built = built->folder.has_value();
  record.failure = built->failure;
  record.cached = built->cached;
  record.took = parts_.clock.now() - begin;
  {
    const std::lock_guard lock(results_mutex_);
    if (built->folder) {
      selftests_[{wanted.kernel, wanted.suite}] = *built->folder;
    } else {
      selftests_failures_[{wanted.kernel, wanted.suite}] = built->failure.first_error;
    }
  }
  return {record.built, tell([&](RunObserver& o) { return o.selftests_finished(record); }),
          record.built && !record.cached};
}

std::size_t Runner::job_of(std::size_t cell) const {
  const auto found = std::find_if(
      graph_.jobs.begin(), graph_.jobs.end(),
      [cell](const plan::Job& job) { return job.kind == JobKind::cell && job.subject == cell; });
  return static_cast<std::size_t>(found - graph_.jobs.begin());
}

CellTask Runner::task_of(std::size_t index, const std::filesystem::path& source) {
  const auto& cell = matrix_.cells[index];
  CellTask task;
  task.index = index;
  task.cell = &cell;
  task.machine = spec::find(experiment_.machines, cell.machine);
  task.suite = spec::find(experiment_.suites, cell.suite);
  task.ignores = ignores_of(experiment_, cell);
  task.source = source;
  task.folder = options_.run_folder / cell.name;
  task.data = options_.data;
  task.earlier_boots = last_console(task.folder);
  if (const auto done = options_.finished_cases.find(index); done != options_.finished_cases.end())
    task.done = done->second;
  if (const auto known = options_.estimates.cases.find(index);
      known != options_.estimates.cases.end())
    task.case_times = known->second;
  task.on_progress = [this, index](Part part) { note_progress(plan::JobKind::cell, index, part); };
  task.domain_name = "kmatrix-" + options_.run_name + "-" + std::to_string(index);
  if (const auto known = options_.slowness.find(index); known != options_.slowness.end())
    task.slowness = known->second;
  const std::lock_guard lock(results_mutex_);
  task.kernel = artefacts_.at(cell.kernel);
  task.signature = signatures_.at(cell.kernel);
  task.root_disk = root_disks_.at(task.machine->image);
  if (const auto built = selftests_.find({cell.kernel, cell.suite}); built != selftests_.end())
    task.selftests = built->second;
  return task;
}

Runner::Ended Runner::run_cell(std::size_t index) {
  const auto& cell = matrix_.cells[index];
  const auto source = tests_of(cell.kernel, *spec::find(experiment_.suites, cell.suite));
  if (!source) return {false, source.error()};
  const CellTask task = task_of(index, *source);
  const auto finished =
      run::run_cell(task, {parts_.images, *parts_.hypervisor, parts_.clock, identities_,
                           [this](const auto& call) { return tell(call); }, abort_.get_token()});
  if (finished && finished->postponed) {
    Ended ended;
    ended.until = job_of(*finished->identical_to);
    ended.status = tell([&](RunObserver& o) { return o.cell_postponed(index); });
    return ended;
  }
  // First told, then shared: who is the same takes the results over from where they are kept.
  const Status told = finished ? tell([&](RunObserver& o) { return o.cell_finished(*finished); })
                               : Status(finished.error());
  const bool done = finished && finished->state == plan::CellState::done && finished->complete;
  identities_.ended(index, told && done);
  const bool whole = done && !finished->identical_to && task.done.empty();
  return {finished.has_value(), told, whole};
}

}  // namespace kmatrix::run
