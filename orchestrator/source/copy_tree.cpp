// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/copy_tree.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <system_error>

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

Error cannot(const char* what, const fs::path& path, const std::error_code& failure) {
  return support::infrastructure_error(std::string("cannot ") + what + " " + path.string() + ": " +
                                       failure.message());
}

/// Calls `leaf(from, to)` for each entry that is not a folder; makes the folders. Leaves out
/// `skip`.
Status for_each_leaf(
    const fs::path& from, const fs::path& to, const fs::path& skip, std::stop_token stop,
    const std::function<std::error_code(const fs::directory_entry&, const fs::path&)>& leaf) {
  std::error_code failure;
  fs::create_directory(to, failure);
  if (failure) return cannot("create", to, failure);
  fs::directory_iterator walk(from, failure);
  for (const fs::directory_iterator end; !failure && walk != end; walk.increment(failure)) {
    if (stop.stop_requested()) return support::interrupted_error();
    if (walk->path() == skip) continue;
    const fs::path target = to / walk->path().filename();
    std::error_code problem;
    if (!walk->is_symlink(problem) && walk->is_directory(problem)) {
      KMATRIX_TRY(for_each_leaf(walk->path(), target, skip, stop, leaf));
    } else if (problem = leaf(*walk, target); problem) {
      return cannot("copy", walk->path(), problem);
    }
  }
  if (failure) return cannot("read", from, failure);
  return {};
}

bool clone_file(const fs::path& from, const fs::path& to) {
  const int in = open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (in < 0) return false;
  struct stat status {};
  fstat(in, &status);
  const int out = open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                       (status.st_mode & S_IXUSR) != 0 ? 0755 : 0644);
  const bool cloned = out >= 0 && ioctl(out, FICLONE, in) == 0;
  if (out >= 0) close(out);
  close(in);
  if (!cloned && out >= 0) unlink(to.c_str());
  return cloned;
}

}  // namespace

Status link_tree(const fs::path& from, const fs::path& to, std::stop_token stop) {
  return for_each_leaf(
      from, to, {}, stop, [](const fs::directory_entry& entry, const fs::path& target) {
        // link(2) makes a second name of a symbolic link itself, not of what it leads to.
        const int done = link(entry.path().c_str(), target.c_str());
        return done == 0 ? std::error_code() : std::error_code(errno, std::generic_category());
      });
}

Status snapshot_tree(const fs::path& from, const fs::path& to, std::stop_token stop) {
  bool can_clone = true;
  const auto copy = [&](const fs::directory_entry& entry, const fs::path& target) {
    std::error_code failure;
    if (entry.is_symlink(failure)) {
      fs::copy_symlink(entry.path(), target, failure);
      return failure;
    }
    if (can_clone && clone_file(entry.path(), target)) return failure;
    can_clone = false;
    fs::copy_file(entry.path(), target, failure);
    if (!failure) fs::permissions(target, fs::perms::owner_write, fs::perm_options::add, failure);
    return failure;
  };
  return for_each_leaf(from, to, from / ".git", stop, copy);
}

}  // namespace kmatrix::source
