// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spec/document.h"
#include "spec/experiment.h"
#include "spec/problems.h"

namespace kmatrix::spec {

/// Is it a relative path that stays below its folder?
bool stays_below(const std::filesystem::path& path);

/// PATH of "tree:PATH", a file of the kernel's own tree; "" if that leads out of the tree, which is
/// reported. nullopt: any other name.
std::optional<std::string> path_in_tree(const YamlNode& name, Problems& problems);

/// The content of a regular file of at most `most` bytes; `what` ("config fragment") names it in
/// the input Error at `at`, which has a did-you-mean if there is a file of a similar name.
Result<std::string> read_input(const std::filesystem::path& file, const std::string& what,
                               std::size_t most, const Location& at);

/// The patches of a folder (*.patch in byte order of their names), or of a file (see parse_mbox).
/// Reports what is not there or has none.
std::vector<Patch> read_patches(const std::filesystem::path& path, const Location& at,
                                Problems& problems);

/// Reports it unless `path` is an existing folder (or else a regular file).
void check_path(const std::filesystem::path& path, const std::string& what, bool folder,
                const Location& at, Problems& problems);

}  // namespace kmatrix::spec
