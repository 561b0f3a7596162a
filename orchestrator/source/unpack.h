// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>

#include "support/result.h"

namespace kmatrix::source {

/// Unpacks a tar archive, with whatever compression, into the existing empty folder `destination`,
/// without the one leading folder that all its entries must have, and without a .git in there.
/// Input errors at `at` name the entry: absolute names, "..", names that go through a link, links
/// that lead out of the tree, anything but files, folders and links. Then, and after a stop, what
/// has been unpacked so far is left to the caller.
Status unpack_tree(const std::filesystem::path& archive, const std::filesystem::path& destination,
                   const Location& at, std::stop_token stop);

}  // namespace kmatrix::source
