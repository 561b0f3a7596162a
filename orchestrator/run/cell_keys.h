// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "run/prepare.h"

namespace kmatrix::run {

/// What the results of each cell depend on (plan::cell_key is the digest of it), parallel to
/// Matrix::cells. `data` is the folder with images/, `agents` the one with kmatrix-agent-ARCH,
/// `uri` libvirt's.
Result<std::vector<plan::CellParts>> cell_parts(
    const spec::Experiment& experiment, const plan::Matrix& matrix, const Prepared& prepared,
    const std::filesystem::path& data, const std::filesystem::path& agents, const std::string& uri);

}  // namespace kmatrix::run
