// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>

#include "support/result.h"

namespace kmatrix::source {

/// Makes `to` a copy of `from` whose files are hard links, so that it takes no room. Who changes a
/// file in it must replace the file, or else changes `from` as well. Both on one file system.
Status link_tree(const std::filesystem::path& from, const std::filesystem::path& to,
                 std::stop_token stop);

/// Makes `to` a copy of `from` without its .git; files share their blocks where the file system
/// can do so.
Status snapshot_tree(const std::filesystem::path& from, const std::filesystem::path& to,
                     std::stop_token stop);

}  // namespace kmatrix::source
