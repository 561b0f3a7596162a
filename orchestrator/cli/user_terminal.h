// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <termios.h>

#include <optional>

#include "agent/talk_frame.h"

namespace kmatrix::cli {

/// The user's terminal in raw mode: every key goes to the guest. As it was before once the object
/// is gone; TalkGuard sees to it when the process ends in any other way.
class UserTerminal {
 public:
  /// Are stdin and stdout one?
  static bool is_there();
  UserTerminal();
  ~UserTerminal();
  UserTerminal(const UserTerminal&) = delete;
  UserTerminal& operator=(const UserTerminal&) = delete;

  static agent::Window window();
  /// Becomes readable whenever the window has changed; a byte each time.
  static int window_changes();

 private:
  termios before_{};
  bool changed_ = false;
};

}  // namespace kmatrix::cli
