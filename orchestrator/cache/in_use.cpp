// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache/in_use.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "support/digest.h"
#include "support/file.h"

namespace kmatrix::cache {

namespace {

struct flock lock_of(std::string_view entry, short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start =
      static_cast<off_t>(std::stoull(support::digest_of(entry).hex.substr(0, 15), nullptr, 16));
  lock.l_len = 1;
  return lock;
}

Error failed(const std::filesystem::path& cache) {
  return support::infrastructure_error("cannot lock " + (cache / "locks/in-use").string() + ": " +
                                       std::generic_category().message(errno));
}

}  // namespace

InUse::~InUse() {
  if (fd_ >= 0) close(fd_);
}

Status InUse::open() {
  if (fd_ >= 0) return {};
  KMATRIX_TRY(support::make_folders(cache_ / "locks"));
  fd_ = ::open((cache_ / "locks/in-use").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) return failed(cache_);
  return {};
}

Status InUse::share(std::string_view entry) {
  KMATRIX_TRY(open());
  auto lock = lock_of(entry, F_RDLCK);
  // Owners hold it for a rename only.
  while (fcntl(fd_, F_OFD_SETLKW, &lock) != 0)
    if (errno != EINTR) return failed(cache_);
  return {};
}

Result<bool> InUse::own(std::string_view entry) {
  KMATRIX_TRY(open());
  auto lock = lock_of(entry, F_WRLCK);
  if (fcntl(fd_, F_OFD_SETLK, &lock) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  return failed(cache_);
}

Status InUse::drop(std::string_view entry) {
  auto lock = lock_of(entry, F_UNLCK);
  if (fcntl(fd_, F_OFD_SETLK, &lock) != 0) return failed(cache_);
  return {};
}

Result<bool> InUse::by_others(std::string_view entry) {
  KMATRIX_TRY(open());
  auto lock = lock_of(entry, F_WRLCK);
  if (fcntl(fd_, F_OFD_GETLK, &lock) != 0) return failed(cache_);
  return lock.l_type != F_UNLCK;
}

}  // namespace kmatrix::cache
