// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <stop_token>
#include <thread>

namespace kmatrix::cli {

/// Turns SIGINT, SIGTERM and SIGHUP into a stop request; a second one ends the process at once.
/// One object a process, made before any other thread.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread listener_;
};

}  // namespace kmatrix::cli
