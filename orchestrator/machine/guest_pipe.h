// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "machine/event_loop.h"
#include "machine/guest_stream.h"
#include "support/clock.h"

namespace kmatrix::machine {

/// Bytes to and from a port or terminal of a running domain, besides the agent's. Who is too slow
/// holds up the other side and nothing else. For any thread but the event loop's.
class GuestPipe {
 public:
  static constexpr std::size_t most_waiting = 256 << 10;  ///< bytes in each direction

  static Result<std::unique_ptr<GuestPipe>> open(std::shared_ptr<EventLoop> loop,
                                                 std::unique_ptr<Wire> wire);
  ~GuestPipe();
  /// Hands bytes over; false, if they do not fit yet: then none of them was taken.
  bool send(std::string_view bytes);
  /// All that has arrived; waits for the first byte, but not longer than `time` or until a stop.
  std::string receive(support::Seconds time, const std::stop_token& stop);

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable_any arrived;
    std::string bytes;
    bool paused = false;
    std::atomic<std::size_t> posted = 0;  ///< bytes on their way to the stream
    std::unique_ptr<GuestStream> stream;  ///< on the event loop alone, but for unsent()
  };
  GuestPipe(std::shared_ptr<EventLoop> loop, std::shared_ptr<State> state)
      : loop_(std::move(loop)), state_(std::move(state)) {}
  static void take(State& state, std::string_view bytes);

  std::shared_ptr<EventLoop> loop_;
  std::shared_ptr<State> state_;
};

}  // namespace kmatrix::machine
