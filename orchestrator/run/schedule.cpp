// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/schedule.h"

#include <algorithm>
#include <numeric>

namespace kmatrix::run {

using plan::Slot;
using support::Seconds;

namespace {

/// For each job the expected time from its start to the end of the longest chain behind it.
std::vector<Seconds> paths_to_the_end(const std::vector<plan::Job>& jobs,
                                      const std::vector<Seconds>& expected) {
  auto paths = expected;
  // The graph lists a job after all that it depends on.
  for (std::size_t i = jobs.size(); i-- > 0;)
    for (const auto other : jobs[i].depends)
      paths[other] = std::max(paths[other], expected[other] + paths[i]);
  return paths;
}

/// Job indices, the most urgent first.
using Order = std::vector<std::size_t>;

Order longest_path_first(const std::vector<plan::Job>& jobs, const std::vector<Seconds>& expected) {
  const auto paths = paths_to_the_end(jobs, expected);
  Order order(jobs.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return paths[a] > paths[b]; });
  return order;
}

/// Kernels one after the other, each with its selftests and cells, in the order of Johnson's rule
/// for a flow shop of two machines (Naval Research Logistics Quarterly 1, 1954): those that are
/// built faster than tested first, the fastest build in front; then the others, the longest tests
/// in front.
Order kernel_by_kernel(const std::vector<plan::Job>& jobs, const std::vector<Seconds>& expected) {
  struct Work {
    Seconds built{0}, tested{0};
    auto rank() const { return built < tested ? std::pair(0, built) : std::pair(1, -tested); }
  };
  constexpr auto none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> kernel(jobs.size(), none);  // the job that builds it
  std::vector<Work> work(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (jobs[i].kind == plan::JobKind::build) kernel[i] = i;
    for (const auto other : jobs[i].depends)
      if (kernel[i] == none) kernel[i] = kernel[other];
    if (kernel[i] == none) continue;
    auto& of_kernel = work[kernel[i]];
    (jobs[i].slot == Slot::boot ? of_kernel.tested : of_kernel.built) += expected[i];
  }
  auto order = longest_path_first(jobs, expected);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (kernel[a] == kernel[b] || kernel[a] == none || kernel[b] == none)
      return kernel[a] == none && kernel[b] != none;
    return std::pair(work[kernel[a]].rank(), kernel[a]) <
           std::pair(work[kernel[b]].rank(), kernel[b]);
  });
  return order;
}

}  // namespace

Schedule::Schedule(std::vector<plan::Job> jobs, Room room, std::vector<Seconds> expected)
    : jobs_(std::move(jobs)),
      states_(jobs_.size(), State::waiting),
      room_(room),
      expected_(std::move(expected)) {
  expected_.resize(jobs_.size(), Seconds(0));
  order_ = longest_path_first(jobs_, expected_);
  auto best = expected_left({});
  auto other = kernel_by_kernel(jobs_, expected_);
  std::swap(order_, other);
  if (expected_left({}) >= best) std::swap(order_, other);
}

bool Schedule::ended(std::size_t job) const {
  return states_[job] == State::good || states_[job] == State::bad;
}

bool Schedule::ready(std::size_t job) const {
  const auto postponed = postponed_.find(job);
  if (postponed != postponed_.end() && !ended(postponed->second)) return false;
  return std::all_of(jobs_[job].depends.begin(), jobs_[job].depends.end(),
                     [this](std::size_t other) { return states_[other] == State::good; });
}

bool Schedule::is_too_big(const plan::Job& job) const {
  return job.cores > room_.cores || job.memory_mib > room_.memory_mib;
}

bool Schedule::fits(const plan::Job& job) const {
  if (alone_) return false;
  if (is_too_big(job)) return running_ == 0;
  const auto found = used_.find(job.slot);
  const Use used = found != used_.end() ? found->second : Use{};
  if (job.slot == Slot::light) return used.count < room_.lights;
  if (job.slot == Slot::boot && room_.boots > 0 && used.count >= room_.boots) return false;
  return used.cores + job.cores <= room_.cores &&
         used_memory_mib_ + job.memory_mib <= room_.memory_mib;
}

void Schedule::take(const plan::Job& job, int sign) {
  auto& used = used_[job.slot];
  used.count += sign;
  used.cores += sign * job.cores;
  used_memory_mib_ += sign * job.memory_mib;
  running_ += sign;
  if (is_too_big(job)) alone_ = sign > 0;
}

std::optional<std::size_t> Schedule::next() {
  for (const auto i : order_) {
    if (states_[i] != State::waiting || !fits(jobs_[i]) || !ready(i)) continue;
    states_[i] = State::running;
    take(jobs_[i], 1);
    return i;
  }
  return std::nullopt;
}

std::vector<std::size_t> Schedule::finished(std::size_t job, bool good) {
  states_[job] = good ? State::good : State::bad;
  take(jobs_[job], -1);
  std::vector<std::size_t> blocked;
  if (good) return blocked;
  // The graph lists a job after all that it depends on, so one pass finds the indirect ones too.
  for (std::size_t i = job + 1; i < jobs_.size(); ++i) {
    const auto& depends = jobs_[i].depends;
    if (states_[i] == State::waiting &&
        std::any_of(depends.begin(), depends.end(),
                    [this](std::size_t other) { return states_[other] == State::bad; })) {
      states_[i] = State::bad;
      blocked.push_back(i);
    }
  }
  return blocked;
}

void Schedule::postpone(std::size_t job, std::size_t other) {
  states_[job] = State::waiting;
  take(jobs_[job], -1);
  postponed_[job] = other;
}

bool Schedule::done() const {
  for (std::size_t i = 0; i < jobs_.size(); ++i)
    if (!ended(i)) return false;
  return true;
}

void Schedule::expect(std::vector<Seconds> expected) {
  expected_ = std::move(expected);
  expected_.resize(jobs_.size(), Seconds(0));
}

Seconds Schedule::expected_left(const std::map<std::size_t, Seconds>& left) const {
  Schedule rest = *this;
  std::multimap<Seconds, std::size_t> ends;
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    if (states_[i] != State::running) continue;
    const auto known = left.find(i);
    ends.emplace(known != left.end() ? known->second : expected_[i], i);
  }
  Seconds now(0);
  while (true) {
    // A job that was postponed waits for what it can take over.
    while (const auto job = rest.next())
      ends.emplace(now + (postponed_.count(*job) != 0 ? Seconds(0) : expected_[*job]), *job);
    if (ends.empty()) return now;
    now = ends.begin()->first;
    rest.finished(ends.begin()->second, true);
    ends.erase(ends.begin());
  }
}

}  // namespace kmatrix::run
