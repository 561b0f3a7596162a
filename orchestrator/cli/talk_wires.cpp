// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/talk_wires.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <utility>

#include "cli/user_terminal.h"

namespace kmatrix::cli {

using agent::FrameKind;
using namespace std::chrono_literals;

TalkWires::TalkWires(std::unique_ptr<machine::GuestPipe> port,
                     std::unique_ptr<machine::GuestPipe> terminal, std::function<void()> leave)
    : port_(std::move(port)),
      terminal_(std::move(terminal)),
      leave_(std::move(leave)),
      wake_(eventfd(0, EFD_CLOEXEC)) {
  frames_ = std::jthread([this](const std::stop_token& stop) { carry_frames(stop); });
  if (terminal_)
    screen_ = std::jthread([this](const std::stop_token& stop) { carry_terminal(stop); });
  input_ = std::jthread([this](const std::stop_token& stop) { carry_input(stop); });
}

TalkWires::~TalkWires() {
  input_.request_stop();
  constexpr std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
  for (auto* const each : {&input_, &frames_, &screen_}) {
    each->request_stop();
    if (each->joinable()) each->join();
  }
  close(wake_);
}

void TalkWires::go() {
  if (!left_.exchange(true)) leave_();
}

bool TalkWires::to_guest(machine::GuestPipe& pipe, std::string_view bytes,
                         const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (pipe.send(bytes)) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

void TalkWires::carry_input(const std::stop_token& stop) {
  bool open = true;
  while (!stop.stop_requested()) {
    std::array<pollfd, 3> all{{{open ? STDIN_FILENO : -1, POLLIN, 0},
                               {wake_, POLLIN, 0},
                               {terminal_ ? UserTerminal::window_changes() : -1, POLLIN, 0}}};
    if (poll(all.data(), all.size(), -1) < 0 && errno != EINTR) return;
    if (all[2].revents != 0) {
      std::array<char, 64> ignored;
      [[maybe_unused]] const auto count = read(all[2].fd, ignored.data(), ignored.size());
      to_guest(*port_, encode_frame(FrameKind::window, encode_window(UserTerminal::window())),
               stop);
    }
    if (all[0].revents != 0) open = take_input(stop);
  }
}

/// False at the end of stdin.
bool TalkWires::take_input(const std::stop_token& stop) {
  std::array<char, agent::max_frame> piece;
  const ssize_t count = read(STDIN_FILENO, piece.data(), piece.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return true;
  std::string_view bytes(piece.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  if (!terminal_) {
    to_guest(*port_, encode_frame(FrameKind::input, bytes), stop);
    return !bytes.empty();
  }
  const auto out = bytes.find(way_out);
  to_guest(*terminal_, bytes.substr(0, out), stop);
  if (bytes.empty() || out != std::string_view::npos) go();
  return !bytes.empty();
}

void TalkWires::carry_frames(const std::stop_token& stop) {
  agent::FrameReader frames;
  while (!stop.stop_requested() && !frames.broken() && !ended_) {
    frames.feed(port_->receive(1s, stop));
    while (const auto frame = frames.next()) {
      if (frame->kind == FrameKind::output) show(STDOUT_FILENO, frame->data);
      if (frame->kind == FrameKind::errors) show(STDERR_FILENO, frame->data);
      if (frame->kind == FrameKind::end) ended_ = true;
    }
  }
  broken_ = frames.broken();
}

void TalkWires::carry_terminal(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const std::string bytes = terminal_->receive(100ms, stop);
    show(STDOUT_FILENO, bytes);
    // The last bytes and the word that they were the last come over different devices.
    if (bytes.empty() && ended_) quiet_ = true;
  }
}

void TalkWires::show(int fd, std::string_view bytes) {
  while (!bytes.empty() && !unread_) {
    const ssize_t count = write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {
      pollfd full{fd, POLLOUT, 0};
      poll(&full, 1, 100);
      continue;
    }
    if (count < 0 && fd == STDOUT_FILENO) {
      unread_ = true;
      go();
    }
    if (count < 0) return;
    ++shown_;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool TalkWires::finish(support::Seconds patience) {
  unsigned seen = shown_;
  auto since = std::chrono::steady_clock::now();
  while (!broken_ && !unread_ && !(ended_ && (quiet_ || !terminal_))) {
    std::this_thread::sleep_for(10ms);
    const auto now = std::chrono::steady_clock::now();
    if (std::exchange(seen, shown_) != seen) since = now;
    if (now - since > patience) return false;
  }
  return !broken_;
}

}  // namespace kmatrix::cli
