// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "support/result.h"

namespace kmatrix::bundle {

/// A file of an archive.
struct Member {
  std::string content;
  bool executable = false;
  bool operator==(const Member&) const = default;
};

/// The files of an archive by their path.
using Members = std::map<std::string, Member>;

/// What an archive from somebody else may take up at most, in bytes and files.
struct Limits {
  std::size_t file = std::size_t(32) << 20;  ///< compressed
  std::size_t member = std::size_t(16) << 20;
  std::size_t total = std::size_t(64) << 20;
  std::size_t members = 2'000;
};

/// Whether a member may be called so: a relative path of plain names of printable ASCII that leads
/// nowhere else, at most 200 long.
bool is_member_name(const std::string& path);

/// Writes a tar archive, compressed by gzip, that `tar xf` unpacks. The member `first` stands
/// first. The same members give the same bytes.
Status write_archive(const std::filesystem::path& file, const Members& members,
                     const std::string& first);

/// Reads such an archive into memory; nothing is written anywhere. Input errors, with the file's
/// name: no such archive or a damaged one, a member that is no regular file, has a name that is
/// none, or is there twice, and what is larger than `limits`.
Result<Members> read_archive(const std::filesystem::path& file, const Limits& limits = {});

}  // namespace kmatrix::bundle
