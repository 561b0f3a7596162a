// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <thread>

#include "run/sources.h"

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

}  // namespace

Runner::Runner(Options options, Parts parts, const spec::Experiment& experiment,
               const plan::Matrix& matrix, const Prepared& prepared, std::stop_token stop)
    : options_(std::move(options)),
      parts_(parts),
      experiment_(experiment),
      matrix_(matrix),
      prepared_(prepared),
      forward_stop_(stop, [this] { abort_.request_stop(); }),
      identities_(options_.identities) {}

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
  for (const auto& cell : matrix_.cells) {
    const auto& suite = *spec::find(experiment_.suites, cell.suite);
    if (suite.is_built() &&
        parts_.builder.has_selftests(prepared_.kernels[cell.kernel].key, suite,
                                     tests_digest(experiment_, prepared_, suite)))
      spared.cached_selftests.emplace(cell.kernel, cell.suite);
  }
  return spared;
}

/// Before anything of this run is known.
Seconds Runner::expected_time(const plan::Job& job) const {
  if (job.slot == plan::Slot::light) return Seconds(1);
  const auto& [kernels, cells, selftests, cases] = options_.estimates;
  auto subject = job.subject;
  if (job.kind == JobKind::selftests) {
    const auto& wanted = graph_.selftests[job.subject];
    const auto one = std::find_if(
        matrix_.cells.begin(), matrix_.cells.end(), [&](const plan::PlannedCell& cell) {
          return cell.kernel == wanted.kernel && cell.suite == wanted.suite;
        });
    subject = static_cast<std::size_t>(one - matrix_.cells.begin());
  }
  const auto& all = job.kind == JobKind::cell        ? cells
                    : job.kind == JobKind::selftests ? selftests
                                                     : kernels;
  return subject < all.size() ? all[subject] : Seconds(1);
}

std::string Runner::kind_of(const plan::Job& job) const {
  if (job.kind == JobKind::cell) return "cell of " + matrix_.cells[job.subject].suite;
  return job.kind == JobKind::build ? "kernel" : job.kind == JobKind::selftests ? "selftests" : "";
}

/// Call with results_mutex_ held, once jobs run.
std::vector<Seconds> Runner::expected_times() const {
  std::vector<Seconds> times;
  for (const auto& job : graph_.jobs) {
    auto paces = paces_.find(kind_of(job));
    // A host that compiles kernels slowly compiles selftests slowly.
    if (paces == paces_.end() && job.kind == JobKind::selftests) paces = paces_.find("kernel");
    const auto expected = expected_time(job);
    times.push_back(paces == paces_.end() || job.slot == plan::Slot::light
                        ? expected
                        : corrected(expected, paces->second));
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
      (void)tell_stopping(status.error(), schedule);
      abort_.request_stop();
    }
  }
  if (first_failure && abort_.stop_requested()) return support::interrupted_error();
  return first_failure;
}

/// At once, for what is being built is finished and kept, and that can take long.
Status Runner::tell_stopping(const Error& error, const Schedule& schedule) {
  if (error.kind == ErrorKind::interrupted || abort_.stop_requested() || schedule.running() == 0)
    return {};
  return tell([&](RunObserver& o) {
    return o.note("stopping once what runs now is done, because of an error: " + to_string(error));
  });
}

/// A job ended: tells of those that can never run because of it.
Status Runner::settle(Schedule& schedule, std::size_t job, const Ended& ended) {
  Status status = ended.status;
  if (ended.until) {
    schedule.postpone(job, *ended.until);
    return status;
  }
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
  const auto& subject = graph_.jobs[job];
  if (ended.measured && subject.slot != plan::Slot::light)
    paces_[kind_of(subject)].push_back({expected_time(subject), took_[job]});
  return ended;
}

void Runner::note_progress(JobKind kind, std::size_t subject, Part part) {
  const std::lock_guard lock(results_mutex_);
  progress_[{kind, subject}] = part;
}

Status Runner::tell_left(Schedule& schedule) {
  std::map<std::size_t, Seconds> left;
  {
    const std::lock_guard lock(results_mutex_);
    const auto expected = expected_times();
    for (const auto& [job, began] : running_) {
      const auto progress = progress_.find({graph_.jobs[job].kind, graph_.jobs[job].subject});
      left[job] = time_left(expected[job], parts_.clock.now() - began,
                            progress != progress_.end() ? progress->second : Part{});
    }
    schedule.expect(expected);
  }
  return tell([&](RunObserver& o) { return o.left(schedule.expected_left(left)); });
}

std::string Runner::name_of(const plan::Selftests& selftests) const {
  return fmt::format("selftests of {} for {}", matrix_.kernels[selftests.kernel].name,
                     selftests.suite);
}

std::string Runner::name_of(const plan::Job& job) const {
  switch (job.kind) {
    case JobKind::root_disk:
      return "image " + graph_.images[job.subject];
    case JobKind::build:
      return matrix_.kernels[job.subject].name;
    case JobKind::selftests:
      return name_of(graph_.selftests[job.subject]);
    case JobKind::cell:
      break;
  }
  return matrix_.cells[job.subject].name;
}

Status Runner::tell_effort() {
  Effort effort;
  effort.wall = options_.preparation + (parts_.clock.now() - began_);
  if (!abort_.stop_requested()) effort.cpu = cpu_time();
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
    case JobKind::selftests:
      return build_selftests(job.subject);
    case JobKind::cell:
      return run_cell(job.subject);
  }
  return {};
}

/// A job that can never run because of an earlier one: only cells have something to say.
Status Runner::block(const plan::Job& job) {
  if (job.kind != JobKind::cell || abort_.stop_requested()) return {};
  CellRecord record;
  record.index = job.subject;
  record.state = CellState::blocked;
  const std::lock_guard lock(results_mutex_);
  const auto& cell = matrix_.cells[job.subject];
  const auto kernel = build_failures_.find(cell.kernel);
  const auto selftests = selftests_failures_.find({cell.kernel, cell.suite});
  if (kernel != build_failures_.end())
    record.reason = "the kernel did not build: " + kernel->second;
  else if (selftests != selftests_failures_.end())
    record.reason = "the selftests did not build: " + selftests->second;
  else
    record.reason = "what it needs could not be made";
  return tell([&](RunObserver& o) { return o.cell_finished(record); });
}

}  // namespace kmatrix::run
