// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "cli/talk_line.h"

namespace kmatrix::cli {

class LiveWriter;

/// Where a run talks to people: lines that stay, and on a terminal a board below them that is drawn
/// again in place. Between calls the cursor rests at the first column of the board's first line, so
/// that a resize, however the terminal treats long lines then, moves the two together: what stays
/// is never drawn over. Thread-safe.
class Screen {
 public:
  struct Size {
    std::size_t width = 80, height = 24;
  };
  /// `live`: escapes may be used (can_draw). `size`: asked before each drawing.
  Screen(std::FILE* out, bool live, std::function<Size()> size = {});
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// A line that stays. It must be safe for a terminal (support::printable).
  void print(const std::string& text) { print(TalkLine{text}, false); }
  void print(const TalkLine& line, bool colour);
  /// Who also gets each line from now on; nullptr: nobody.
  void record(LiveWriter* writer);
  /// Draws what `lines` makes of the size as the board; nothing if the screen is not live.
  void draw(const std::function<std::vector<std::string>(Size)>& lines);
  void clear();  ///< takes the board away
  bool live() const { return live_; }

 private:
  void put_board();

  std::FILE* out_;
  bool live_;
  std::function<Size()> size_;
  std::mutex mutex_;
  LiveWriter* writer_ = nullptr;
  std::vector<std::string> board_;
};

/// Can stderr be drawn on? Not if it is no terminal, or a dumb one.
bool can_draw();
/// May stderr have colours? NO_COLOR says no.
bool may_colour();

}  // namespace kmatrix::cli
