// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/console_file.h"

#include <fcntl.h>
#include <libvirt/libvirt.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <system_error>
#include <utility>

namespace kmatrix::machine {

namespace {

constexpr std::size_t chunk = 64 * 1024;
/// Disk space is given back in steps of this.
constexpr long long release_step = 1 << 20;
/// A serial port is logged byte by byte: reading at most this often makes one wake-up of hundreds.
constexpr int batch_ms = 5;

Error failed(const std::string& what, const std::filesystem::path& file) {
  return support::infrastructure_error("cannot " + what + " console log " + file.string() + ": " +
                                       std::generic_category().message(errno));
}

}  // namespace

Result<std::unique_ptr<ConsoleFile>> ConsoleFile::follow(const std::filesystem::path& file,
                                                         Bytes bytes) {
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failed("open", file);
  const int notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  auto source = std::unique_ptr<ConsoleFile>(new ConsoleFile(fd, notify, std::move(bytes)));
  if (notify < 0 || inotify_add_watch(notify, file.c_str(), IN_MODIFY) < 0 || !source->watch())
    return failed("watch", file);
  source->changed();
  return source;
}

ConsoleFile::ConsoleFile(int file, int notify, Bytes bytes)
    : file_(file), notify_(notify), bytes_(std::move(bytes)) {}

ConsoleFile::~ConsoleFile() { close(); }

bool ConsoleFile::watch() {
  handle_ = virEventAddHandle(
      notify_, VIR_EVENT_HANDLE_READABLE,
      [](int, int, int, void* self) { static_cast<ConsoleFile*>(self)->changed(); }, this, nullptr);
  timer_ = virEventAddTimeout(
      -1, [](int, void* self) { static_cast<ConsoleFile*>(self)->resume(); }, this, nullptr);
  return handle_ >= 0 && timer_ >= 0;
}

// Events are thrown away before the file is read: a write after that leaves a new event, so none is
// missed.
void ConsoleFile::changed() {
  std::array<char, 4096> events;
  while (read(notify_, events.data(), events.size()) > 0) {
  }
  more_ = read_some();
  virEventUpdateHandle(handle_, 0);
  virEventUpdateTimeout(timer_, more_ ? 0 : batch_ms);
}

void ConsoleFile::resume() {
  virEventUpdateTimeout(timer_, -1);
  virEventUpdateHandle(handle_, VIR_EVENT_HANDLE_READABLE);
  if (more_) changed();
}

/// Whether there may be more.
bool ConsoleFile::read_some() {
  std::array<char, chunk> buffer;
  const ssize_t count = pread(file_, buffer.data(), buffer.size(), offset_);
  if (count <= 0) return false;
  offset_ += count;
  release_space();
  bytes_({buffer.data(), static_cast<std::size_t>(count)});
  return static_cast<std::size_t>(count) == buffer.size();
}

void ConsoleFile::release_space() {
  if (offset_ - released_ < release_step) return;
  // Where a file system cannot do this, the file only stays larger.
  (void)fallocate(file_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, released_,
                  offset_ - released_);
  released_ = offset_;
}

void ConsoleFile::drain() {
  while (file_ >= 0 && read_some()) {
  }
}

void ConsoleFile::close() {
  if (handle_ >= 0) virEventRemoveHandle(std::exchange(handle_, -1));
  if (timer_ >= 0) virEventRemoveTimeout(std::exchange(timer_, -1));
  if (notify_ >= 0) ::close(std::exchange(notify_, -1));
  if (file_ >= 0) ::close(std::exchange(file_, -1));
}

}  // namespace kmatrix::machine
