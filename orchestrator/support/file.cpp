// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <system_error>

namespace kmatrix::support {

namespace fs = std::filesystem;

namespace {
Error failed(const std::string& what, const fs::path& path, int number = errno) {
  return infrastructure_error("cannot " + what + " " + path.string() + ": " +
                              std::generic_category().message(number));
}

Status write_all(int fd, std::string_view content, const fs::path& file) {
  while (!content.empty()) {
    const ssize_t count = write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("write", file);
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}
}  // namespace

Result<std::string> read_file(const fs::path& file) {
  std::error_code failure;
  if (fs::is_directory(file, failure)) return failed("read", file, EISDIR);
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return failed("read", file);
  std::ostringstream content;
  content << stream.rdbuf();
  if (stream.bad()) return failed("read", file);
  return std::move(content).str();
}

Status write_file(const fs::path& file, std::string_view content) {
  KMATRIX_TRY(make_folders(file.parent_path()));
  std::string name = file.string() + ".XXXXXX";
  const int fd = mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) return failed("create", name);
  fchmod(fd, 0644);
  Status written = write_all(fd, content, name);
  if (close(fd) != 0 && written) written = failed("write", name);
  if (written && rename(name.c_str(), file.c_str()) != 0) written = failed("rename to", file);
  if (!written) unlink(name.c_str());
  return written;
}

bool is_there(const fs::path& path) {
  std::error_code failure;
  return fs::exists(fs::symlink_status(path, failure));
}

Status make_folders(const fs::path& folder) {
  std::error_code failure;
  if (!folder.empty()) fs::create_directories(folder, failure);
  if (failure) return failed("create folder", folder, failure.value());
  return {};
}

Status remove_tree(const fs::path& path) {
  std::error_code failure;
  fs::remove_all(path, failure);
  if (!failure) return {};
  // A read-only folder keeps an ordinary user from removing what is in it.
  std::error_code ignored;
  fs::permissions(path, fs::perms::owner_all, fs::perm_options::add, ignored);
  for (fs::recursive_directory_iterator walk(path, ignored), end; !ignored && walk != end;
       walk.increment(ignored)) {
    if (walk->is_directory(ignored) && !walk->is_symlink(ignored))
      fs::permissions(walk->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
  }
  fs::remove_all(path, failure);
  if (failure) return failed("remove", path, failure.value());
  return {};
}

Result<TempFolder> TempFolder::create(const fs::path& parent, std::string_view prefix) {
  KMATRIX_TRY(make_folders(parent));
  std::string name = (parent / (std::string(prefix) + ".XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr) return failed("create folder", name);
  return TempFolder(name);
}

TempFolder::TempFolder(TempFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TempFolder& TempFolder::operator=(TempFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TempFolder::~TempFolder() {
  if (!path_.empty()) (void)remove_tree(path_);
}

fs::path TempFolder::keep() { return std::exchange(path_, {}); }

namespace {
/// The locked descriptor, or -1 if it is held elsewhere and `wait` is false.
Result<int> open_locked(const fs::path& file, bool wait) {
  KMATRIX_TRY(make_folders(file.parent_path()));
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return failed("open", file);
  int done = 0;
  do {
    done = flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
  } while (done != 0 && errno == EINTR);
  if (done == 0) return fd;
  const int failure = errno;
  close(fd);
  if (failure == EWOULDBLOCK) return -1;
  return failed("lock", file, failure);
}
}  // namespace

Result<FileLock> FileLock::take(const fs::path& file) {
  auto fd = open_locked(file, true);
  if (!fd) return fd.error();
  return FileLock(*fd);
}

Result<std::optional<FileLock>> FileLock::try_take(const fs::path& file) {
  auto fd = open_locked(file, false);
  if (!fd) return fd.error();
  if (*fd < 0) return std::optional<FileLock>();
  return std::optional<FileLock>(FileLock(*fd));
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileLock::~FileLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace kmatrix::support
