// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace kmatrix::suite {

/// What a kernel has been tainted with between two readings of /proc/sys/kernel/tainted, O
/// (out-of-tree module) and E (unsigned module) left out: "W (a warning), D (an oops or BUG)"; ""
/// for nothing. Letters from Documentation/admin-guide/tainted-kernels.rst.
std::string new_taint(std::uint64_t before, std::uint64_t after);

}  // namespace kmatrix::suite
