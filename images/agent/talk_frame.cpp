// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/talk_frame.h"

#include <charconv>

namespace kmatrix::agent {

namespace {
constexpr std::size_t header = 5;

std::size_t size_of(std::string_view head) {
  std::size_t size = 0;
  for (const char byte : head.substr(1, 4)) size = size << 8 | static_cast<unsigned char>(byte);
  return size;
}

bool is_kind(char byte) {
  return byte >= static_cast<char>(FrameKind::input) && byte <= static_cast<char>(FrameKind::end);
}

/// Takes a number from 1 to 10,000 off the front of the text; 0 if there is none.
unsigned short take_number(std::string_view& text) {
  constexpr unsigned short most = 10'000;
  unsigned short number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || number > most) return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}
}  // namespace

std::string encode_frame(FrameKind kind, std::string_view data) {
  std::string frame(1, static_cast<char>(kind));
  for (int shift = 24; shift >= 0; shift -= 8)
    frame += static_cast<char>(data.size() >> static_cast<unsigned>(shift) & 0xffU);
  return frame.append(data);
}

void FrameReader::feed(std::string_view bytes) {
  if (!broken_) bytes_ += bytes;
}

std::optional<Frame> FrameReader::next() {
  const auto rest = std::string_view(bytes_).substr(taken_);
  if (broken_ || rest.size() < header) {
    bytes_.erase(0, taken_);
    taken_ = 0;
    return std::nullopt;
  }
  const std::size_t size = size_of(rest);
  if (!is_kind(rest[0]) || size > max_frame) {
    broken_ = true;
    bytes_.clear();
    taken_ = 0;
    return std::nullopt;
  }
  if (rest.size() < header + size) return std::nullopt;
  taken_ += header + size;
  return Frame{static_cast<FrameKind>(rest[0]), std::string(rest.substr(header, size))};
}

std::string encode_window(Window window) {
  return std::to_string(window.rows) + " " + std::to_string(window.columns);
}

std::optional<Window> parse_window(std::string_view text) {
  Window window;
  window.rows = take_number(text);
  if (window.rows == 0 || !text.starts_with(' ')) return std::nullopt;
  text.remove_prefix(1);
  window.columns = take_number(text);
  if (window.columns == 0 || !text.empty()) return std::nullopt;
  return window;
}

}  // namespace kmatrix::agent
