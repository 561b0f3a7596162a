// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace kmatrix::cache {

enum class FileType : char { file = 'f', program = 'x', link = 'l', folder = 'd' };

/// One file, link or folder of an entry.
struct SealedFile {
  FileType type = FileType::file;
  std::uint64_t size = 0;    ///< of a file
  std::int64_t mtime_ns = 0; /* since 1970; of files and folders */
  std::string content;       ///< SHA-256 of a file, target of a link
  std::string name;          ///< relative to the entry; "." is the entry itself
};

/// What an entry was when it was made: all that is in it, each file with its digest.
struct Seal {
  std::string label;        ///< for people: "v6.12/base/clang-cfi"
  std::string made;         ///< ISO 8601, UTC
  std::uint64_t bytes = 0;  ///< on the disk, without what it shares with other entries
  std::vector<SealedFile> files;
};

/// How well an entry is compared with its seal.
enum class Depth {
  look,  ///< type, size and time of each file: finds what was lost, added, cut or written to
  read,  ///< and the content: finds flipped bits
};

struct SealOptions {
  std::string label;
  /// Digests are taken from here where name, size and time are the same.
  const Seal* known = nullptr;
  /// Files with more than one hard link belong to another entry and are not counted.
  bool shares_files = false;
};

/// Reads all of an entry, a file or a folder. Error: unreadable, or a stop.
Result<Seal> make_seal(const std::filesystem::path& entry, const SealOptions& options,
                       const std::stop_token& stop);

/// The first difference in words ("Image has 5 bytes instead of 7"), or none. A file that cannot be
/// read is a difference. Error: only a stop.
Result<std::optional<std::string>> find_damage(const std::filesystem::path& entry, const Seal& seal,
                                               Depth depth, const std::stop_token& stop);

std::string to_text(const Seal& seal);
/// nullopt if the text is none.
std::optional<Seal> parse_seal(std::string_view text);

/// Label, time and size from the first lines of a seal's file; nullopt if it is none.
std::optional<Seal> read_seal_head(const std::filesystem::path& file);

}  // namespace kmatrix::cache
