// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "machine/hypervisor.h"
#include "support/clock.h"

namespace kmatrix::machine {

/// What has arrived from a guest since the last look, each part in its own order.
struct Mail {
  std::string console, channel;
  std::uint64_t console_lost = 0;  ///< bytes that came faster than they were taken
  bool channel_overrun = false;    ///< the same for the channel; the rest of it is lost
  std::optional<std::string> stopped, broken;
  bool empty() const { return console.empty() && channel.empty() && !stopped && !broken; }
};

/// Takes a guest's events from the hypervisor's thread to the session's. A guest that floods
/// cannot make it grow: at most 32 MiB of console and 16 MiB of channel are kept. Must outlive the
/// guest.
class GuestMail {
 public:
  static constexpr std::size_t most_console = 32 << 20;
  static constexpr std::size_t most_channel = 16 << 20;

  GuestEvents events();
  /// All that has arrived; does not wait.
  Mail take();
  /// Waits until there is something to take; false once `time` has passed or on a stop.
  bool wait(support::Seconds time, const std::stop_token& stop);

 private:
  void put_console(std::string_view bytes);
  void put_channel(std::string_view bytes);
  std::mutex mutex_;
  std::condition_variable_any arrived_;
  Mail mail_;
};

}  // namespace kmatrix::machine
