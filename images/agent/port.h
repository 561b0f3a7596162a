// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace kmatrix::agent {

/// The guest's end of the channel to the host: lines in, lines out, never blocking. What the host
/// does not take stays queued here.
class Port {
 public:
  /// Takes ownership of a non-blocking file descriptor.
  explicit Port(int fd) : fd_(fd) {}
  ~Port();
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  /// The virtio port of this name; nullopt if it does not appear in time.
  static std::optional<int> find(const std::string& name, std::chrono::milliseconds patience);

  int fd() const { return fd_; }
  std::size_t queued() const { return out_.size() - sent_; }

  /// Queues one line (newline included) and sends what can be sent.
  void send(const std::string& line);
  /// Sends what the host takes now.
  void write_queued();
  /// Sends all that is queued, but does not wait longer than that for the host.
  void drain(std::chrono::milliseconds patience);
  /// Reads what is there; false if the host is not connected.
  bool read_available();
  /// The next whole line, without its newline. A line longer than max_line comes cut after
  /// max_line bytes, which no parser accepts.
  std::optional<std::string> next_line();

 private:
  int fd_;
  std::string out_;
  std::size_t sent_ = 0;
  std::string in_;
  bool overlong_ = false;
};

}  // namespace kmatrix::agent
