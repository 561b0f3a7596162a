// SPDX-License-Identifier: GPL-2.0-or-later
// libarchive reads; we write. Its own writer can refuse links on the way, but only by looking at
// all of an absolute path, and a cache may well lie behind a link. The folder is ours and empty at
// the start, so it is enough to remember what we made: a parent that we made as a folder is one.
#include "image/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <set>
#include <string>

#include "image/place.h"

namespace kmatrix::image {

namespace fs = std::filesystem;
using support::infrastructure_error;

namespace {
struct CloseArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};

/// "./usr/bin/" -> "usr/bin"; "" for the root.
std::string plain(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path == "." ? std::string() : std::string(path);
}

class Unpacking {
 public:
  Unpacking(archive* reader, fs::path folder) : reader_(reader), folder_(std::move(folder)) {}

  Status add(archive_entry* entry) {
    const char* name = archive_entry_pathname(entry);
    const std::string path = plain(name ? name : "");
    if (path.empty()) return {};
    if (!is_inside(path)) return refused(path, "it leads outside");
    if (!has_parent(path)) return refused(path, "its folder is not in the archive");
    if (const char* target = archive_entry_hardlink(entry))
      return add_hard_link(path, plain(target));
    switch (archive_entry_filetype(entry)) {
      case AE_IFDIR:
        return add_folder(path, archive_entry_perm(entry));
      case AE_IFREG:
        return add_file(path, archive_entry_perm(entry));
      case AE_IFLNK:
        return add_link(path, archive_entry_symlink(entry));
      default:
        return {};  // devices: the guest has devtmpfs
    }
  }

 private:
  Status refused(const std::string& path, const std::string& why) const {
    return infrastructure_error("the archive's entry " + path + " cannot be unpacked: " + why);
  }
  Status failed(const std::string& path) const { return refused(path, std::strerror(errno)); }

  bool has_parent(const std::string& path) const {
    const auto slash = path.rfind('/');
    return slash == std::string::npos || folders_.contains(path.substr(0, slash));
  }

  Status add_folder(const std::string& path, mode_t mode) {
    const fs::path where = folder_ / path;
    if (!folders_.contains(path) && mkdir(where.c_str(), 0755) != 0) return failed(path);
    if (chmod(where.c_str(), (mode & 0777) | 0700) != 0) return failed(path);
    folders_.insert(path);
    return {};
  }

  Status add_link(const std::string& path, const char* target) {
    if (symlink(target ? target : "", (folder_ / path).c_str()) != 0) return failed(path);
    return {};
  }

  Status add_hard_link(const std::string& path, const std::string& target) {
    if (!files_.contains(target)) return refused(path, "its target is not in the archive");
    if (link((folder_ / target).c_str(), (folder_ / path).c_str()) != 0) return failed(path);
    files_.insert(path);
    return {};
  }

  Status add_file(const std::string& path, mode_t mode) {
    const int fd = open((folder_ / path).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return failed(path);
    Status status;
    if (archive_read_data_into_fd(reader_, fd) != ARCHIVE_OK)
      status = refused(path, archive_error_string(reader_));
    else if (fchmod(fd, (mode & 0777) | 0600) != 0)
      status = failed(path);
    close(fd);
    files_.insert(path);
    return status;
  }

  archive* reader_;
  fs::path folder_;
  std::set<std::string> folders_, files_;
};
}  // namespace

Status unpack_tar(const fs::path& archive_file, const fs::path& folder) {
  const std::unique_ptr<archive, CloseArchive> reader(archive_read_new());
  archive_read_support_format_tar(reader.get());
  const auto failed = [&] {
    return infrastructure_error("cannot read " + archive_file.string() + ": " +
                                archive_error_string(reader.get()));
  };
  if (archive_read_open_filename(reader.get(), archive_file.c_str(), 1 << 20) != ARCHIVE_OK)
    return failed();
  Unpacking unpacking(reader.get(), folder);
  archive_entry* entry = nullptr;
  while (true) {
    const int state = archive_read_next_header(reader.get(), &entry);
    if (state == ARCHIVE_EOF) return {};
    if (state != ARCHIVE_OK) return failed();
    KMATRIX_TRY(unpacking.add(entry));
  }
}

}  // namespace kmatrix::image
