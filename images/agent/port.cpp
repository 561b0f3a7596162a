// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/port.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <thread>

#include "agent/protocol.h"

namespace kmatrix::agent {

namespace fs = std::filesystem;

namespace {
using Clock = std::chrono::steady_clock;

std::optional<std::string> device_of(const std::string& port) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator("/sys/class/virtio-ports", failure)) {
    std::ifstream file(entry.path() / "name");
    std::string name;
    if (std::getline(file, name) && name == port) return "/dev/" + entry.path().filename().string();
  }
  return std::nullopt;
}
}  // namespace

Port::~Port() { close(fd_); }

std::optional<int> Port::find(const std::string& name, std::chrono::milliseconds patience) {
  const auto give_up = Clock::now() + patience;
  // The host names its ports in messages of their own after the driver is bound. Only uevents
  // would tell, and those need a network stack, which the smallest kernels do not have.
  do {
    if (const auto device = device_of(name)) {
      const int fd = open(device->c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
      if (fd >= 0) return fd;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  } while (Clock::now() < give_up);
  return std::nullopt;
}

void Port::send(const std::string& line) {
  out_ += line;
  write_queued();
}

void Port::write_queued() {
  while (queued() > 0) {
    const ssize_t count = write(fd_, out_.data() + sent_, queued());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    sent_ += static_cast<std::size_t>(count);
  }
  // Moving the rest to the front each time would be quadratic.
  if (sent_ == out_.size() || sent_ > (1U << 20)) {
    out_.erase(0, sent_);
    sent_ = 0;
  }
}

void Port::drain(std::chrono::milliseconds patience) {
  const auto give_up = Clock::now() + patience;
  while (write_queued(), queued() > 0 && Clock::now() < give_up) {
    pollfd waiting{fd_, POLLOUT, 0};
    if (poll(&waiting, 1, 50) == 1 && (waiting.revents & POLLOUT) == 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));  // hung up: nothing to wait for
  }
}

bool Port::read_available() {
  std::array<char, 16 * 1024> piece;
  const ssize_t count = read(fd_, piece.data(), piece.size());
  if (count > 0) in_.append(piece.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

std::optional<std::string> Port::next_line() {
  while (true) {
    const auto end = in_.find('\n');
    if (end == std::string::npos) break;
    std::string line = in_.substr(0, end);
    in_.erase(0, end + 1);
    if (!overlong_) return line;
    overlong_ = false;  // that was the rest of a line that was refused already
  }
  if (overlong_) in_.clear();
  if (in_.size() <= max_line) return std::nullopt;
  overlong_ = true;
  std::string line = in_.substr(0, max_line + 1);
  in_.clear();
  return line;
}

}  // namespace kmatrix::agent
