// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "support/result.h"

namespace kmatrix::source {

/// "6.12.117" from the top Makefile. An input error at `at` if this is not a Linux kernel tree.
Result<std::string> kernel_release(const std::filesystem::path& folder, const Location& at);

/// An input error at `at` if kbuild would refuse to build elsewhere from this folder, because it
/// has been built in (the test of the kernel's own Makefile, target outputmakefile).
Status refuse_built_folder(const std::filesystem::path& folder, const Location& at);

/// Whether the symbolic link `root`/`name` leads out of `root`, followed as the kernel would follow
/// it. A link to nothing inside of the tree does not; one that turns in circles does.
bool leads_outside(const std::filesystem::path& root, const std::filesystem::path& name);

}  // namespace kmatrix::source
