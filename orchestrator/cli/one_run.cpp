// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/one_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "build/object_counts.h"
#include "cli/cell_whys.h"
#include "cli/evaluate.h"
#include "cli/exit_code.h"
#include "cli/finish.h"
#include "cli/observers.h"
#include "cli/progress.h"
#include "cli/run_lock.h"
#include "cli/selection.h"
#include "plan/keys.h"
#include "report/report.h"
#include "run/cell_keys.h"
#include "run/host.h"
#include "run/runner.h"

namespace kmatrix::cli {

namespace {

std::string host_name() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

/// The options as they mean the same in another folder.
RunOptions with_full_paths(RunOptions options, const spec::Experiment& experiment) {
  options.experiment.trees.clear();
  options.experiment.series.clear();
  for (const auto& each : experiment.overrides)
    (each.what == spec::Override::tree ? options.experiment.trees : options.experiment.series)
        .push_back(each.text);
  return options;
}

}  // namespace

OneRun::~OneRun() { screen_.record(nullptr); }

void OneRun::go_live(store::RunId id) {
  if (live_) return;
  live_.emplace(run_folder(std::filesystem::absolute(global_.db), id.value), clock_);
  screen_.record(&*live_);
}

int OneRun::execute(const run::Prepared& prepared) {
  if (resumed_) go_live(resumed_->row.id);
  auto parts = run::cell_parts(read_.experiment, read_.matrix, prepared, global_.data,
                               global_.agents, global_.uri);
  if (!parts) return fail(parts.error());
  auto keys = keys_of(*parts);
  auto resume = what_is_finished(prepared, keys);
  if (!resume) return fail(resume.error());
  auto reuse = reusable(prepared, keys, *resume);
  if (!reuse) return fail(reuse.error());
  auto whys = why_cells(read_, prepared, store_, *parts, *reuse, options_.again,
                        resumed_ ? resumed_->row.id : newest_run);
  if (!whys) return fail(whys.error());
  if (rerun_) *whys = rerun_->whys;
  std::unique_ptr<machine::LibvirtHypervisor> hypervisor;
  if (reuse->size() + resume->finished_cells.size() < read_.matrix.cells.size()) {
    auto connected = connect();
    if (!connected) return fail(connected.error());
    hypervisor = std::move(*connected);
  }
  auto id = enter();
  if (!id) return fail(id.error());
  go_live(*id);
  const StoreObserver::Options results{*id,
                                       run_folder(global_.db, id->value),
                                       std::move(keys),
                                       std::move(*reuse),
                                       std::move(*resume),
                                       support::iso_time(began_.wall),
                                       std::move(*parts),
                                       std::move(*whys)};
  Status status = observed(prepared, results, hypervisor.get());
  if (status) status = run_open_cases(prepared, *id, hypervisor);
  if (status) status = run_further_times(prepared, *id, hypervisor);
  const int code = finish(*id, status, clock_.now() - began_.steady);
  if (auto kept = store_.set_exit_code(*id, code); !kept) return fail(kept.error());
  // Who has a say of its own gives another exit code than the run's.
  if (!tell_) live_->end(code, status ? "" : to_string(status.error()));
  return code;
}

int OneRun::finish(store::RunId id, const Status& status, support::Seconds wall) {
  const bool interrupted = !status && status.error().kind == ErrorKind::interrupted;
  const auto* state = status ? "done" : interrupted ? "interrupted" : "failed";
  auto finished = store_.finish_run(id, state, support::iso_time(clock_.wall()));
  if (!finished) return fail(finished.error());
  if (status) {
    note_useless_ignores(read_.experiment, read_.matrix, store_, id);
    const auto stored = report::read_run(store_, id);
    if (!stored) return fail(stored.error());
    // A part of an earlier run proves nothing about the whole.
    if (!rerun_)
      if (auto concluded = conclude(read_, *stored, workshop_, store_); !concluded)
        return fail(concluded.error());
    if (tell_) return tell_(id, wall);
  }
  const int code = print_summary(global_, store_, id, wall);
  if (status) return code;
  const int failed = fail(status.error());
  fmt::print(stderr, "kmatrix: go on with: {} run --resume {}\n", own_command(global_), id.value);
  return failed;
}

std::vector<support::Digest> OneRun::keys_of(const std::vector<plan::CellParts>& parts) const {
  std::vector<support::Digest> keys;
  for (std::size_t i = 0; i < parts.size(); ++i)
    keys.push_back(rerun_ && rerun_->skip.count(i) != 0 ? support::Digest()
                                                        : plan::cell_key(parts[i]));
  return keys;
}

Result<store::RunId> OneRun::enter() {
  if (resumed_) {
    KMATRIX_TRY(store_.resume_run(resumed_->row.id));
    return resumed_->row.id;
  }
  const auto& experiment = read_.experiment;
  const auto folder = std::filesystem::absolute(global_.db);
  store::RunRow row;
  row.experiment = experiment.name;
  row.experiment_file = std::filesystem::absolute(experiment.file).string();
  row.experiment_text = experiment.text;
  row.experiment_digest = experiment.digest.hex;
  row.started = support::iso_time(began_.wall);
  row.state = "running";
  row.host = host_name();
  row.kmatrix_version = KMATRIX_VERSION;
  row.folder = run_folder(folder, 0).parent_path().string();
  row.selection = to_selection(with_full_paths(options_, experiment));
  row.rerun_of.value = options_.rerun.of;
  return store_.add_run(row, [&](store::RunId id) -> Status {
    auto lock = lock_run(run_folder(folder, id.value), id);
    if (!lock) return lock.error();
    lock_ = std::move(*lock);
    return {};
  });
}

Result<ResumePlan> OneRun::what_is_finished(const run::Prepared& prepared,
                                            const std::vector<support::Digest>& keys) {
  if (!resumed_) return ResumePlan{};
  const auto stored = report::read_run(store_, resumed_->row.id);
  if (!stored) return stored.error();
  auto resume =
      plan_resume(read_.matrix, prepared, keys, {stored->kernels, stored->cells, stored->cases});
  tell_what_goes_on(resume);
  return resume;
}

void OneRun::tell_what_goes_on(const ResumePlan& resume) {
  say(fmt::format("run {} goes on: {} of {} kernels and {} of {} cells are finished",
                  resumed_->row.id.value, resume.finished_kernels.size(),
                  read_.matrix.kernels.size(), resume.finished_cells.size(),
                  read_.matrix.cells.size()));
  for (const auto& [cell, cases] : resume.finished_cases)
    say(fmt::format("{} goes on after {} case{}", read_.matrix.cells[cell].name, cases.size(),
                    cases.size() == 1 ? "" : "s"));
  for (const auto& [cell, row] : resume.changed_cells)
    say(fmt::format("{} runs again: what its results depend on has changed since then", row.name));
}

/// Cells with good results of the same key, whose logs are still there.
Result<OneRun::Reuse> OneRun::reusable(const run::Prepared& prepared,
                                       const std::vector<support::Digest>& keys,
                                       const ResumePlan& resume) const {
  Reuse reuse;
  for (std::size_t i = 0; i < keys.size() && !options_.again; ++i) {
    if (resume.finished_cells.count(i) != 0 || resume.finished_cases.count(i) != 0) continue;
    const auto& kernel = prepared.kernels[read_.matrix.cells[i].kernel];
    const auto needs = [&](const auto& need) { return need.suite == read_.matrix.cells[i].suite; };
    if (std::any_of(kernel.unmet.begin(), kernel.unmet.end(), needs)) continue;
    const auto ignore = plan::ignore_key(read_.experiment, read_.matrix.cells[i]);
    auto row = store_.reusable_cell(keys[i].hex, ignore.hex);
    if (!row) return row.error();
    if (*row && std::filesystem::exists((*row)->folder)) reuse[i] = std::move(**row);
  }
  return reuse;
}

/// How slow machines like those of the cells were when they were last measured here.
Result<std::map<std::size_t, double>> OneRun::expected_slowness() const {
  std::map<std::size_t, double> expected;
  for (std::size_t i = 0; i < read_.matrix.cells.size(); ++i) {
    const auto& kernel = read_.matrix.kernels[read_.matrix.cells[i].kernel];
    const auto* machine = spec::find(read_.experiment.machines, read_.matrix.cells[i].machine);
    auto slowness =
        store_.slowness(host_name(), kernel.arch, to_string(machine->accel), kernel.config);
    if (!slowness) return slowness.error();
    if (*slowness > 0) expected[i] = *slowness;
  }
  return expected;
}

Result<std::unique_ptr<machine::LibvirtHypervisor>> OneRun::connect() const {
  auto folder = runtime_folder();
  if (!folder) return folder.error();
  return machine::LibvirtHypervisor::connect({global_.uri, *folder});
}

/// Of the kernels that are to be built.
std::vector<int> OneRun::expected_objects(const run::Prepared& prepared) const {
  std::optional<build::ObjectCounts> counts;
  std::vector<int> objects;
  for (const auto& kernel : prepared.kernels) {
    if (!kernel.artefact && !counts) counts.emplace(global_.cache);
    objects.push_back(
        kernel.artefact ? 0 : counts->expected(*kernel.record.kernel, kernel.record.config_text));
  }
  return objects;
}

Result<run::Estimates> OneRun::estimated(const run::Prepared& prepared, const Reuse& reuse,
                                         const ResumePlan& resume) const {
  const auto kernels = store_.kernel_times(host_name());
  if (!kernels) return kernels.error();
  const auto selftests = store_.selftests_times(host_name());
  if (!selftests) return selftests.error();
  const auto cells = store_.cell_times(host_name());
  if (!cells) return cells.error();
  run::History history;
  for (const auto& row : *kernels)
    history.kernels.push_back({row.name, row.config, support::Seconds(row.seconds), row.objects});
  for (const auto& row : *selftests)
    history.selftests.push_back({row.name, row.suite, support::Seconds(row.seconds)});
  for (const auto& row : *cells)
    history.cells.push_back({row.name, row.machine, row.suite, support::Seconds(row.seconds)});
  auto estimates = run::estimate(read_.matrix, history, expected_objects(prepared));
  for (std::size_t i = 0; i < read_.matrix.cells.size(); ++i) {
    if (reuse.count(i) != 0 || resume.finished_cells.count(i) != 0) continue;
    const auto& cell = read_.matrix.cells[i];
    const auto times = store_.case_times(host_name(), cell.name, cell.machine, cell.suite);
    if (!times) return times.error();
    for (const auto& [name, seconds] : *times)
      estimates.cases[i].emplace(name, support::Seconds(seconds));
  }
  return estimates;
}

run::Runner::Options OneRun::runner_options(const std::filesystem::path& folder,
                                            store::RunId run) const {
  run::Runner::Options options;
  options.data = global_.data;
  options.agents = global_.agents;
  options.run_folder = folder;
  options.run_name = std::to_string(getpid()) + "-" + std::to_string(run.value);
  const auto host = run::measure_host();
  options.room = {host.cores, host.memory_mib, options_.boots, 2};
  options.build_jobs = build_jobs(options_, read_.matrix.kernels.size());
  return options;
}

Status OneRun::observed(const run::Prepared& prepared, const StoreObserver::Options& results,
                        machine::Hypervisor* hypervisor) {
  StoreObserver to_store(store_, results, read_.experiment, read_.matrix);
  KMATRIX_TRY(to_store.begin());
  auto options = runner_options(results.run_folder, results.run);
  options.preparation = clock_.now() - began_.steady;
  auto estimates = estimated(prepared, results.reuse, results.resume);
  if (!estimates) return estimates.error();
  options.estimates = std::move(*estimates);
  auto slowness = expected_slowness();
  if (!slowness) return slowness.error();
  options.slowness = std::move(*slowness);
  const auto& resume = results.resume;
  const auto note_identity = [&](std::size_t cell, const store::CellRow& row) {
    if (!row.identity.empty() && row.state == "done")
      options.identities.emplace(row.identity, cell);
  };
  for (const auto& [cell, row] : results.reuse) {
    options.reused.insert(cell);
    note_identity(cell, row);
  }
  for (const auto& [cell, row] : resume.finished_cells) {
    options.finished_cells.insert(cell);
    note_identity(cell, row);
  }
  for (const auto& [kernel, row] : resume.finished_kernels) options.finished_kernels.insert(kernel);
  options.finished_cases = resume.finished_cases;
  if (rerun_)
    for (const auto& [cell, names] : rerun_->skip)
      options.finished_cases[cell].insert(names.begin(), names.end());
  return run_and_tell(prepared, options, to_store, hypervisor);
}

Status OneRun::run_and_tell(const run::Prepared& prepared, const run::Runner::Options& options,
                            run::RunObserver& to_store, machine::Hypervisor* hypervisor) {
  auto repeat = own_command(global_) + " run " + options_.experiment.file.string();
  for (const auto& text : options_.experiment.trees) repeat += " --tree " + text;
  for (const auto& text : options_.experiment.series) repeat += " --series " + text;
  Progress progress(
      {may_colour(), repeat, options.finished_kernels, options.finished_cells.size(), &*live_},
      screen_, read_.matrix, clock_);
  Observers observers({&to_store, &progress});
  run::Runner runner(
      options,
      {workshop_.trees, workshop_.builder, workshop_.images, hypervisor, clock_, observers},
      read_.experiment, read_.matrix, prepared, stop_);
  return runner.run();
}

}  // namespace kmatrix::cli
