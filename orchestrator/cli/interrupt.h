// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace kmatrix::cli {

/// What the user sees of a stop request.
class StopManners {
 public:
  /// A command that tells by itself what a stop means asks for silence. `before_leaving` is called,
  /// from another thread, before a second signal ends the process at once.
  void be_quiet(void (*before_leaving)() = nullptr) {
    before_leaving_ = before_leaving;
    quiet_ = true;
  }
  bool quiet() const { return quiet_; }
  void leave() const {
    if (void (*const last)() = before_leaving_) last();
  }

 private:
  std::atomic<bool> quiet_ = false;
  std::atomic<void (*)()> before_leaving_ = nullptr;
};

/// Turns SIGINT, SIGTERM and SIGHUP into a stop request; a second one ends the process at once.
/// One object a process, made before any other thread.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  std::stop_token token() const { return source_.get_token(); }
  StopManners& manners() { return manners_; }

 private:
  StopManners manners_;
  std::stop_source source_;
  std::jthread listener_;
};

}  // namespace kmatrix::cli
