// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>

#include "support/digest.h"
#include "support/result.h"

namespace kmatrix::source {

/// Digest of a folder's files without its .git: names in byte order, kind, executable bit, content
/// or link target. Empty folders do not count, as in git.
///
/// `memo` is a file that keeps the digest of each file by its stat (size, mtime, ctime, inode), so
/// that only files that may have changed are read again. Files of the last two seconds are not kept
/// in it: a later write within the clock's step would not show.
Result<support::Digest> digest_tree(const std::filesystem::path& folder,
                                    const std::filesystem::path& memo, std::stop_token stop);

/// The same if `memo` alone answers, else nullopt.
Result<std::optional<support::Digest>> digest_tree_cheaply(const std::filesystem::path& folder,
                                                           const std::filesystem::path& memo,
                                                           std::stop_token stop);

}  // namespace kmatrix::source
