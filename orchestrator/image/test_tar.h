// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

namespace kmatrix::image {

struct TarEntry {
  std::string path;
  mode_t type = AE_IFREG;
  mode_t mode = 0644;
  std::string content;  ///< or target of a link
  bool hard_link = false;
};

inline void write_tar(const std::filesystem::path& file, const std::vector<TarEntry>& entries) {
  archive* writer = archive_write_new();
  archive_write_set_format_pax_restricted(writer);
  archive_write_open_filename(writer, file.c_str());
  for (const auto& each : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, each.path.c_str());
    archive_entry_set_filetype(entry, each.type);
    archive_entry_set_perm(entry, each.mode);
    archive_entry_set_uid(entry, 4711);
    const bool data = each.type == AE_IFREG && !each.hard_link;
    if (each.hard_link)
      archive_entry_set_hardlink(entry, each.content.c_str());
    else if (each.type == AE_IFLNK)
      archive_entry_set_symlink(entry, each.content.c_str());
    archive_entry_set_size(entry, data ? static_cast<la_int64_t>(each.content.size()) : 0);
    archive_write_header(writer, entry);
    if (data) archive_write_data(writer, each.content.data(), each.content.size());
    archive_entry_free(entry);
  }
  archive_write_free(writer);
}

}  // namespace kmatrix::image
