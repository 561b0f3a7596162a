// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "agent/protocol.h"

namespace kmatrix::agent {

using Clock = std::chrono::steady_clock;

/// The process of one case, with all that it starts: it gets a session of its own, /dev/null to
/// read from and one pipe for stdout and stderr. When it ends or is killed, everything that it
/// left behind is killed too. Nothing here blocks.
class CaseProcess {
 public:
  /// `kill_leftovers` sends SIGKILL to all processes that may belong to the case.
  CaseProcess(Run run, std::function<void()> kill_leftovers);
  ~CaseProcess();
  CaseProcess(const CaseProcess&) = delete;
  CaseProcess& operator=(const CaseProcess&) = delete;

  /// What kept it from being started, or nothing.
  std::optional<std::string> start();

  const Run& run() const { return run_; }
  pid_t pid() const { return pid_; }
  /// Read end of its output, or -1 when there is no more.
  int output_fd() const { return output_; }
  /// When `advance` must be called at the latest; Clock::time_point::max() if it need not be.
  Clock::time_point next_deadline() const;

  /// A piece of output, or "" if there is none to pass on now.
  std::string read_output();
  /// What is still to be passed on once it is finished: the end of its output.
  std::string rest_of_output() const;
  /// The process was reaped with this wait status.
  void exited(int status);
  /// Kills it as one that took too long, unless it has ended.
  void time_out();
  /// Gives up waiting for output when the time for that is over.
  void advance();
  /// The process has ended and its output is complete.
  bool finished() const { return status_ && output_ < 0; }
  /// All but `tainted`; only when finished.
  Ended ended() const;

 private:
  [[noreturn]] void become(int output) const;
  void kill_all();
  void close_output();

  Run run_;
  std::function<void()> kill_leftovers_;
  pid_t pid_ = -1;
  int output_ = -1;
  Clock::time_point started_;
  Clock::time_point output_deadline_ = Clock::time_point::max();  ///< of what is left in the pipe
  std::optional<int> status_;
  std::chrono::milliseconds took_{0};
  bool timed_out_ = false;
  std::uint64_t passed_on_ = 0, dropped_ = 0;
  std::string end_;  ///< the newest output that was not passed on
};

}  // namespace kmatrix::agent
