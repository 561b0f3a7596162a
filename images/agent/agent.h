// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/case_process.h"
#include "agent/port.h"
#include "agent/protocol.h"

namespace kmatrix::agent {

/// What the agent does to the machine around it; tests put something harmless here.
struct Surroundings {
  std::function<void(const std::string&)> log;  ///< a line for the kernel's log
  std::function<void()> kill_leftovers;         ///< SIGKILL to all that a case may have left
  std::function<unsigned long long()> taint;
  std::function<bool()> exhausted;  ///< is there too little left for another case?
};

/// Serves the host: runs one case at a time until it is asked to power off. One thread, one poll
/// loop; a host that does not read delays nothing but its own messages.
class Agent {
 public:
  /// SIGCHLD must be blocked; the agent lets it through while it waits.
  Agent(Port& port, Surroundings surroundings);
  /// Says Hello and returns once Bye was said.
  void serve();

 private:
  void say(const FromGuest& message);
  void wait();
  void take_commands();
  void obey(const Run& run);
  void obey(const Kill& kill);
  void show_life();
  void reap();
  void pass_output();
  void finish_case();

  Port& port_;
  Surroundings surroundings_;
  std::unique_ptr<CaseProcess> case_;
  Clock::time_point port_pause_{};  ///< the host is not connected: not polled until then
  Clock::time_point next_heartbeat_{};
  bool leaving_ = false;
};

}  // namespace kmatrix::agent
