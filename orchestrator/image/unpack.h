// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

#include "support/result.h"

namespace kmatrix::image {

/// Unpacks a tar archive into an empty folder: folders, files, links and hard links. Owners, times,
/// set-user-id bits and device nodes are left out; every file can be read by us. An archive with a
/// path that leads outside, or through a link, is refused.
Status unpack_tar(const std::filesystem::path& archive, const std::filesystem::path& folder);

}  // namespace kmatrix::image
