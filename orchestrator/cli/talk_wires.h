// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "agent/talk_frame.h"
#include "machine/guest_pipe.h"

namespace kmatrix::cli {

/// Carries bytes between our stdin, stdout and stderr and a process in a guest, in threads of its
/// own. With a terminal, keys and what is shown go there; without one, all goes through the port.
class TalkWires {
 public:
  /// Leaves the guest: Ctrl-].
  static constexpr char way_out = 0x1d;

  /// `leave` is called at most once: the user wants to go, or nobody reads stdout any more.
  TalkWires(std::unique_ptr<machine::GuestPipe> port, std::unique_ptr<machine::GuestPipe> terminal,
            std::function<void()> leave);
  ~TalkWires();
  TalkWires(const TalkWires&) = delete;
  TalkWires& operator=(const TalkWires&) = delete;

  /// The process has ended: waits until what it printed is out, but not longer than `patience`
  /// after the last byte. False if the guest broke the protocol or its last word never came.
  bool finish(support::Seconds patience);
  /// stdout is closed.
  bool unread() const { return unread_; }

 private:
  void carry_input(const std::stop_token& stop);
  bool take_input(const std::stop_token& stop);
  bool to_guest(machine::GuestPipe& pipe, std::string_view bytes, const std::stop_token& stop);
  void carry_frames(const std::stop_token& stop);
  void carry_terminal(const std::stop_token& stop);
  void show(int fd, std::string_view bytes);
  void go();

  std::unique_ptr<machine::GuestPipe> port_, terminal_;
  std::function<void()> leave_;
  std::atomic<bool> left_ = false, unread_ = false, ended_ = false, broken_ = false, quiet_ = false;
  std::atomic<unsigned> shown_ = 0;  ///< pieces so far
  int wake_ = -1;                    ///< eventfd: ends the wait for input
  std::jthread frames_, screen_, input_;
};

}  // namespace kmatrix::cli
