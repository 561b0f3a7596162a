// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace kmatrix::agent {

/// Adds a line to the kernel's log (/dev/kmsg) and sees to it that it is printed on the console.
void write_kernel_log(const std::string& line);

/// /proc/sys/kernel/tainted; 0 if it cannot be read.
unsigned long long read_taint();

}  // namespace kmatrix::agent
