// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "browse/view.h"

namespace kmatrix::browse {

/// The whole screen of the terminal at stdin and stdout, by ncurses. One object a process; the
/// terminal is as before when it is gone.
class Terminal {
 public:
  /// Input error: stdin or stdout is no terminal.
  static Status check();
  /// Input error: as above, or nothing can be drawn on it.
  static Result<std::unique_ptr<Terminal>> open(bool colour);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  Size size() const;
  bool unicode() const { return unicode_; }
  void draw(const View& view);
  /// The next key; nullopt: none came in this time, or the window has another size.
  std::optional<Key> read(std::chrono::milliseconds time);

  /// Gives the terminal back in a hurry, from any thread; nothing may be drawn any more.
  static void give_back();

 private:
  Terminal(bool colour, bool unicode) : colour_(colour), unicode_(unicode) {}
  bool colour_, unicode_;
};

}  // namespace kmatrix::browse
