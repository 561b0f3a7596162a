// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <thread>

#include "run/cell_runner.h"

namespace kmatrix::run {

using plan::CellState;
using plan::JobKind;
using support::Seconds;

namespace {

/// Jobs that ended, waiting to be looked at by the thread that schedules.
template <class T>
class Mailbox {
 public:
  void put(T item) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    arrived_.notify_one();
  }
  /// nullopt: nothing came within `patience`.
  std::optional<T> take(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, patience, [this] { return !items_.empty(); })) return std::nullopt;
    T item = std::move(items_.front());
    items_.pop_front();
    return item;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<T> items_;
};

/// The greatest N of the console-N.log in a cell's folder; 0: none.
int last_console(const std::filesystem::path& folder) {
  int last = 0;
  std::error_code none;
  while (std::filesystem::exists(folder / fmt::format("console-{}.log", last + 1), none)) ++last;
  return last;
}

}  // namespace

Runner::Runner(Options options, Parts parts, const spec::Experiment& experiment,
               const plan::Matrix& matrix, const Prepared& prepared, std::stop_token stop)
    : options_(std::move(options)),
      parts_(parts),
      experiment_(experiment),
      matrix_(matrix),
      prepared_(prepared),
      forward_stop_(stop, [this] { abort_.request_stop(); }) {}

Status Runner::tell(const std::function<Status(RunObserver&)>& call) {
  const std::lock_guard lock(observer_mutex_);
  return call(parts_.observer);
}

const build::UnmetNeed* Runner::unmet(const plan::PlannedCell& cell) const {
  for (const auto& each : prepared_.kernels[cell.kernel].unmet)
    if (each.suite == cell.suite) return &each;
  return nullptr;
}

Status Runner::record_unavailable() {
  for (std::size_t i = 0; i < matrix_.cells.size(); ++i) {
    const auto* need = unmet(matrix_.cells[i]);
    if (need == nullptr || options_.finished_cells.count(i) != 0) continue;
    CellRecord record;
    record.index = i;
    record.state = CellState::unavailable;
    record.reason = need->reason;
    record.explanation = need->explanation;
    KMATRIX_TRY(tell([&](RunObserver& o) { return o.cell_finished(record); }));
  }
  return {};
}

plan::Spared Runner::spared() const {
  plan::Spared spared{options_.reused, options_.finished_kernels, {}};
  spared.cells.insert(options_.finished_cells.begin(), options_.finished_cells.end());
  for (std::size_t i = 0; i < matrix_.cells.size(); ++i)
    if (unmet(matrix_.cells[i]) != nullptr) spared.cells.insert(i);
  for (std::size_t i = 0; i < prepared_.kernels.size(); ++i)
    if (prepared_.kernels[i].artefact) spared.cached_kernels.insert(i);
  return spared;
}

std::vector<Seconds> Runner::expected_times() const {
  std::vector<Seconds> times;
  for (const auto& job : graph_.jobs) {
    const auto& all =
        job.kind == JobKind::cell ? options_.estimates.cells : options_.estimates.kernels;
    const bool known = job.slot != plan::Slot::light && job.subject < all.size();
    times.push_back(known ? all[job.subject] : Seconds(1));
  }
  return times;
}

Status Runner::run() {
  for (const auto& kernel : prepared_.kernels)
    KMATRIX_TRY(tell([&](RunObserver& o) { return o.kernel_prepared(kernel.record); }));
  KMATRIX_TRY(record_unavailable());
  for (const auto cell : options_.reused)
    KMATRIX_TRY(tell([&](RunObserver& o) { return o.cell_reused(cell); }));
  began_ = parts_.clock.now();
  graph_ = plan::make_job_graph(experiment_, matrix_, spared(), options_.build_jobs);
  took_.assign(graph_.jobs.size(), Seconds(0));
  Schedule schedule(graph_.jobs, options_.room, expected_times());
  const Status worked = work(schedule);
  const Status told = tell_effort();
  return worked ? told : worked;
}

Status Runner::work(Schedule& schedule) {
  struct Letter {
    std::size_t job;
    Ended ended;
  };
  Mailbox<Letter> mailbox;
  std::vector<std::jthread> threads;
  Status first_failure;
  while (!schedule.done()) {
    while (!abort_.stop_requested()) {
      const auto job = schedule.next();
      if (!job) break;
      threads.emplace_back([this, &mailbox, job = *job] { mailbox.put({job, run_timed(job)}); });
    }
    if (schedule.running() == 0) break;
    Status status = tell_left(schedule);
    if (auto letter = mailbox.take(std::chrono::seconds(1))) {
      const Status settled = settle(schedule, letter->job, letter->ended);
      if (!settled) status = settled;
    }
    if (!status && first_failure) {
      first_failure = status;
      abort_.request_stop();
    }
  }
  if (first_failure && abort_.stop_requested()) return support::interrupted_error();
  return first_failure;
}

/// A job ended: tells of those that can never run because of it.
Status Runner::settle(Schedule& schedule, std::size_t job, const Ended& ended) {
  Status status = ended.status;
  for (const auto blocked : schedule.finished(job, ended.good))
    if (auto told = block(graph_.jobs[blocked]); !told && status) status = told;
  return status;
}

Runner::Ended Runner::run_timed(std::size_t job) {
  const auto began = parts_.clock.now();
  {
    const std::lock_guard lock(results_mutex_);
    running_[job] = began;
  }
  auto ended = run_job(graph_.jobs[job]);
  const std::lock_guard lock(results_mutex_);
  running_.erase(job);
  took_[job] = parts_.clock.now() - began;
  return ended;
}

Status Runner::tell_left(const Schedule& schedule) {
  std::map<std::size_t, Seconds> left;
  {
    const std::lock_guard lock(results_mutex_);
    const auto expected = expected_times();
    for (const auto& [job, began] : running_) {
      const Seconds spent = parts_.clock.now() - began;
      // What takes longer than it should will hardly be over at once.
      left[job] = std::max(expected[job] - spent, spent / 10);
      const auto progress = progress_.find(graph_.jobs[job].subject);
      if (graph_.jobs[job].kind != JobKind::build || progress == progress_.end()) continue;
      const auto [done, all] = progress->second;
      // The first objects say little of the others.
      if (done > 50 && all >= done) left[job] = spent * (all - done) / done;
    }
  }
  return tell([&](RunObserver& o) { return o.left(schedule.expected_left(left)); });
}

std::string Runner::name_of(const plan::Job& job) const {
  switch (job.kind) {
    case JobKind::root_disk:
      return "image " + graph_.images[job.subject];
    case JobKind::build:
      return matrix_.kernels[job.subject].name;
    case JobKind::cell:
      break;
  }
  return matrix_.cells[job.subject].name;
}

Status Runner::tell_effort() {
  Effort effort;
  effort.wall = options_.preparation + (parts_.clock.now() - began_);
  effort.cpu = cpu_time();
  effort.cores = options_.room.cores;
  if (options_.preparation > Seconds(0))
    effort.critical_path.push_back({"preparation", options_.preparation});
  for (const auto job : critical_path(graph_.jobs, took_))
    effort.critical_path.push_back({name_of(graph_.jobs[job]), took_[job]});
  return tell([&](RunObserver& o) { return o.spent(effort); });
}

Runner::Ended Runner::run_job(const plan::Job& job) {
  switch (job.kind) {
    case JobKind::root_disk:
      return make_root_disk(graph_.images[job.subject]);
    case JobKind::build:
      return build_kernel(job.subject);
    case JobKind::cell:
      return run_cell(job.subject);
  }
  return {};
}

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

Runner::Ended Runner::build_kernel(std::size_t index) {
  const auto& prepared = prepared_.kernels[index];
  const auto& kernel = matrix_.kernels[index];
  const auto& tree = *spec::find(experiment_.trees, kernel.tree);
  const auto& config = *spec::find(experiment_.configs, kernel.config);
  const auto begin = parts_.clock.now();
  if (auto told = tell([&](RunObserver& o) { return o.kernel_started(index); }); !told)
    return {false, told};
  const auto source = [&] {
    return parts_.trees.patched(tree, prepared.tree, patches_of(experiment_, kernel));
  };
  const auto on_progress = [&](build::BuildProgress progress) {
    {
      const std::lock_guard lock(results_mutex_);
      progress_[index] = progress;
    }
    (void)tell([&](RunObserver& o) { return o.kernel_progress(index, progress); });
  };
  Result<build::BuildResult> built = build::BuildResult{prepared.artefact, {}, true, {}};
  if (!unused(prepared, index))
    built =
        parts_.builder.build(prepared.key, source, kernel, prepared.record.config_text,
                             *spec::find(experiment_.toolchains, config.toolchain), on_progress);
  if (!built) {
    return {false,
            support::with_context(std::move(built), "while building " + kernel.name).error()};
  }
  KernelResult result;
  result.index = index;
  result.built = built->artefact.has_value();
  result.failure = built->failure;
  result.cached = built->cached;
  result.damage = built->damage;
  result.took = parts_.clock.now() - begin;
  if (result.built) {
    if (auto info = build::KernelCache::info(*built->artefact)) result.info = *info;
  }
  {
    const std::lock_guard lock(results_mutex_);
    if (built->artefact) {
      artefacts_[index] = *built->artefact;
    } else {
      build_failures_[index] = built->failure.first_error;
    }
  }
  return {result.built, tell([&](RunObserver& o) { return o.kernel_finished(result); })};
}

Runner::Ended Runner::run_cell(std::size_t index) {
  const auto& cell = matrix_.cells[index];
  const auto& kernel = matrix_.kernels[cell.kernel];
  auto source =
      parts_.trees.patched(*spec::find(experiment_.trees, kernel.tree),
                           prepared_.kernels[cell.kernel].tree, patches_of(experiment_, kernel));
  if (!source) return {false, source.error()};
  CellTask task;
  task.index = index;
  task.cell = &cell;
  task.machine = spec::find(experiment_.machines, cell.machine);
  task.suite = spec::find(experiment_.suites, cell.suite);
  task.ignores = ignores_of(experiment_, cell);
  task.source = *source;
  task.folder = options_.run_folder / cell.name;
  task.data = options_.data;
  task.earlier_boots = last_console(task.folder);
  if (const auto done = options_.finished_cases.find(index); done != options_.finished_cases.end())
    task.done = done->second;
  task.domain_name = "kmatrix-" + options_.run_name + "-" + std::to_string(index);
  if (const auto known = options_.slowness.find(index); known != options_.slowness.end())
    task.slowness = known->second;
  {
    const std::lock_guard lock(results_mutex_);
    task.kernel = artefacts_.at(cell.kernel);
    task.root_disk = root_disks_.at(task.machine->image);
  }
  CellRunner runner(
      std::move(task), parts_.images, *parts_.hypervisor, parts_.clock,
      [this](const std::function<Status(RunObserver&)>& call) { return tell(call); },
      abort_.get_token());
  auto finished = runner.run();
  if (!finished) return {false, finished.error()};
  return {true, tell([&](RunObserver& o) { return o.cell_finished(*finished); })};
}

/// A job that can never run because of an earlier one: only cells have something to say.
Status Runner::block(const plan::Job& job) {
  if (job.kind != JobKind::cell || abort_.stop_requested()) return {};
  CellRecord record;
  record.index = job.subject;
  record.state = CellState::blocked;
  const std::lock_guard lock(results_mutex_);
  const auto failure = build_failures_.find(matrix_.cells[job.subject].kernel);
  record.reason = failure != build_failures_.end() ? "the kernel did not build: " + failure->second
                                                   : "what it needs could not be made";
  return tell([&](RunObserver& o) { return o.cell_finished(record); });
}

}  // namespace kmatrix::run
