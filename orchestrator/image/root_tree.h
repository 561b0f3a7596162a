// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

#include "image/image_store.h"
#include "support/result.h"

namespace kmatrix::image {

/// Changes an unpacked root file system as the recipe says: first `remove`, then links, folders and
/// files, whose parents are made. Nothing leads through a link out of `root`.
Status apply_recipe(const Recipe& recipe, const std::filesystem::path& root);

/// Copies a file, or a folder with all in it, to a new place whose parents are made. The copy's
/// modes say nothing but whether a file can be executed; links are copied as links.
Status copy_item(const std::filesystem::path& from, const std::filesystem::path& to,
                 std::stop_token stop);

/// The same folder again below a new path, its files as hard links.
Status link_folder(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace kmatrix::image
