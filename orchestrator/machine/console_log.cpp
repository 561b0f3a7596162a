// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/console_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "support/file.h"

namespace kmatrix::machine {

namespace {
Error failed(const std::string& what, const std::filesystem::path& file) {
  return support::infrastructure_error("cannot " + what + " console log " + file.string() + ": " +
                                       std::generic_category().message(errno));
}
}  // namespace

Result<ConsoleLog> ConsoleLog::create(const std::filesystem::path& file, std::uint64_t limit) {
  KMATRIX_TRY(support::make_folders(file.parent_path()));
  ConsoleLog log;
  log.file_ = file;
  log.room_ = limit;
  log.fd_ = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (log.fd_ < 0) return failed("create", file);
  return log;
}

ConsoleLog::ConsoleLog(ConsoleLog&& other) noexcept { *this = std::move(other); }

ConsoleLog& ConsoleLog::operator=(ConsoleLog&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(room_, other.room_);
  std::swap(full_, other.full_);
  std::swap(file_, other.file_);
  return *this;
}

ConsoleLog::~ConsoleLog() {
  if (fd_ >= 0) close(fd_);
}

Status ConsoleLog::write(std::string_view bytes) {
  if (full_ || fd_ < 0) return {};
  if (bytes.size() <= room_) {
    room_ -= bytes.size();
    return write_all(bytes);
  }
  full_ = true;
  KMATRIX_TRY(write_all(bytes.substr(0, room_)));
  return write_all(
      "\n[kmatrix: the console said more than this file may hold; the rest is left out]\n");
}

Status ConsoleLog::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("write", file_);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace kmatrix::machine
