// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/screen.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "cli/live.h"

namespace kmatrix::cli {

namespace {

/// Of the terminal at `file`; what a terminal does not say is 80 x 24.
Screen::Size terminal_size(std::FILE* file) {
  Screen::Size size;
  winsize told{};
  if (ioctl(fileno(file), TIOCGWINSZ, &told) != 0) return size;
  if (told.ws_col > 0) size.width = told.ws_col;
  if (told.ws_row > 0) size.height = told.ws_row;
  return size;
}

constexpr const char* erase_below = "\r\x1b[J";

}  // namespace

Screen::Screen(std::FILE* out, bool live, std::function<Size()> size)
    : out_(out), live_(live), size_(std::move(size)) {
  if (!size_) size_ = [out] { return terminal_size(out); };
}

Screen::~Screen() { clear(); }

void Screen::print(const TalkLine& line, bool colour) {
  const std::lock_guard lock(mutex_);
  fmt::print(out_, "{}{}\n", board_.empty() ? "" : erase_below, to_text(line, colour));
  if (writer_ != nullptr) writer_->line(line);
  put_board();
  std::fflush(out_);
}

void Screen::record(LiveWriter* writer) {
  const std::lock_guard lock(mutex_);
  writer_ = writer;
}

void Screen::draw(const std::function<std::vector<std::string>(Size)>& lines) {
  if (!live_) return;
  const std::lock_guard lock(mutex_);
  auto board = lines(size_());
  if (board.empty() && !board_.empty()) std::fputs(erase_below, out_);
  board_ = std::move(board);
  put_board();
  std::fflush(out_);
}

void Screen::clear() {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(board_, {}).empty()) std::fputs(erase_below, out_);
  std::fflush(out_);
}

/// From the cursor downwards, and back up. Each line is erased after its text, not before: that
/// would flicker.
void Screen::put_board() {
  if (board_.empty()) return;
  // The size may be another one than the board was made for: a line that wraps, or a board that is
  // higher than the screen, would not be found again.
  const auto [width, height] = size_();
  const std::size_t count = std::min(board_.size(), std::max<std::size_t>(height, 2) - 1);
  std::string text = "\r";
  for (std::size_t i = 0; i < count; ++i)
    text += board_[i].substr(0, std::max<std::size_t>(width, 2) - 1) + "\x1b[K" +
            (i + 1 < count ? "\n" : "");
  text += "\x1b[J";
  if (count > 1) text += fmt::format("\x1b[{}A", count - 1);
  std::fputs((text + "\r").c_str(), out_);
}

bool can_draw() {
  const char* const name = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && name != nullptr && *name != '\0' &&
         std::string_view(name) != "dumb";
}

bool may_colour() {
  const char* const no = std::getenv("NO_COLOR");
  return can_draw() && (no == nullptr || *no == '\0');
}

}  // namespace kmatrix::cli
