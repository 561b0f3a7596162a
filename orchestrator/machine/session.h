// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "agent/protocol.h"
#include "machine/console.h"
#include "machine/hypervisor.h"
#include "support/clock.h"
#include "support/result.h"

namespace kmatrix::machine {

/// Why a guest can no longer run cases.
enum class GuestEnd {
  alive,         ///< it can
  panicked,      ///< the console says so
  rebooted,      ///< a second banner, or the machine reset or stopped by itself
  hung,          ///< boot deadline, silence, or a case's deadline plus grace passed
  bad_agent,     ///< what came from the agent's port was not its protocol
  agent_failed,  ///< the agent reported that the kernel did not let it do its part
};
std::string to_string(GuestEnd end);

/// What came of the boot: `hello` if the agent was reached.
struct BootReport {
  std::optional<agent::Hello> hello;
  support::Seconds took{0};
  GuestEnd end = GuestEnd::alive;
  std::string reason;   ///< in words, if not alive: "kernel panic: ..."
  double slowness = 0;  ///< as measured by the agent; 0 without it
};

/// What came of one case's process.
struct CaseReport {
  std::optional<agent::Ended> ended;  ///< absent: the guest went down with it
  bool started = false;               ///< false: the guest was down before the process began
  bool end_on_console = false;  ///< the END marker was there: what came later is not the case's
  bool start_on_console = false;
  std::uint64_t seq = 0;
  std::string deadline;  ///< in words: "300 s, scaled by 2.4 to 720 s"; "" for none
  std::string output;
  GuestEnd end = GuestEnd::alive;  ///< state of the guest afterwards
  std::string reason;
  support::Seconds took{0};
  std::size_t first_line = 0, last_line = 0;         ///< in the console log, from 1
  std::size_t first_incident = 0, end_incident = 0;  ///< range in console().incidents()
};

/// One boot of a machine, from power-on to gone; the console goes to a file from its first byte.
/// An Error of any call is ours (libvirt, disk) or an interruption, never the kernel's doing.
/// Used from one thread.
class Session {
 public:
  Session(Hypervisor& hypervisor, const support::Clock& clock, Hardware hardware,
          std::filesystem::path console_log, std::stop_token stop);
  ~Session();  ///< destroys the machine if it is still there

  Result<BootReport> boot();
  /// Only after a boot that reached the agent, while the guest is alive. At the deadline (0: none)
  /// the agent is told to kill the process; if that does not end it in 10 s, the guest has hung.
  /// All deadlines are scaled by the machine's slowness, and count only time that the host gave
  /// to the machine.
  Result<CaseReport> run(const agent::Run& run, std::chrono::seconds timeout);
  /// Asks for a power-off and waits for the machine to be gone (destroys it after 10 s).
  Status power_off();

  const ConsoleReader& console() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kmatrix::machine
