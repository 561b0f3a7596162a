// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "support/result.h"

namespace kmatrix::cache {

/// Writes a text, all or nothing, with its SHA-256 as the last line ("sha256 HEX").
Status write_memo(const std::filesystem::path& file, std::string_view text);

/// What a memo says, or why it says nothing: missing, or damaged. A file without a line with a
/// digest, as earlier versions wrote it, is taken as it is; has_digest tells.
struct MemoText {
  std::optional<std::string> text;
  bool has_digest = false;
  bool damaged = false;
};
MemoText read_memo(const std::filesystem::path& file);

}  // namespace kmatrix::cache
