// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "plan/job_graph.h"
#include "support/clock.h"

namespace kmatrix::run {

/// What a host has for jobs. Builds and machines count cores each for themselves: a machine that
/// boots or sleeps leaves much of its CPUs to a build, and a build that links to a machine.
struct Room {
  int cores = 1;
  int memory_mib = 1024;
  int boots = 0;   ///< machines at a time; 0: as many as cores and memory allow
  int lights = 2;  ///< light jobs at a time
};

/// Decides which job runs next; does nothing itself. A job is started when all that it depends on
/// went well and there is room for it; the jobs behind a failed one are never started. Preferred is
/// what begins the longest expected path to the end or, where that is expected to take less time in
/// all, what brings one kernel after the other through its tests: machines that wait for their
/// first kernel cannot make up for it later. A job for which the whole host has not room enough
/// runs alone.
class Schedule {
 public:
  /// `expected`: how long each job may take; missing ones count as no time.
  Schedule(std::vector<plan::Job> jobs, Room room, std::vector<support::Seconds> expected);

  /// The next job to start now, which counts as running from here on; nullopt: none at the moment.
  std::optional<std::size_t> next();
  /// A job ended. Returns the jobs that can never run because of it, each once.
  std::vector<std::size_t> finished(std::size_t job, bool good);
  /// A job that runs did nothing: it is to start once `other` has ended, well or not.
  void postpone(std::size_t job, std::size_t other);
  bool done() const;
  int running() const { return running_; }
  const plan::Job& job(std::size_t index) const { return jobs_[index]; }

  /// In place of what was expected before, for expected_left() alone: the order stays.
  void expect(std::vector<support::Seconds> expected);
  /// How long all that is left may take if everything goes well: `left` is what the jobs that run
  /// now need (all of their expected time, if one is not in it).
  support::Seconds expected_left(const std::map<std::size_t, support::Seconds>& left) const;

 private:
  enum class State { waiting, running, good, bad };
  struct Use {
    int count = 0, cores = 0;
  };
  bool ready(std::size_t job) const;
  bool ended(std::size_t job) const;
  bool is_too_big(const plan::Job& job) const;
  bool fits(const plan::Job& job) const;
  void take(const plan::Job& job, int sign);
  std::vector<plan::Job> jobs_;
  std::vector<State> states_;
  std::map<std::size_t, std::size_t> postponed_;  ///< jobs, until what job has ended
  Room room_;
  std::vector<support::Seconds> expected_;
  std::vector<std::size_t> order_;  ///< of the jobs, the most urgent first
  std::map<plan::Slot, Use> used_;
  int used_memory_mib_ = 0;
  bool alone_ = false;  ///< a job that is too big runs
  int running_ = 0;
};

}  // namespace kmatrix::run
