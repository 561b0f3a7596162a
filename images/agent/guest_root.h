// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>

namespace kmatrix::agent {

/// What went wrong, in words; nothing if all is well.
using Problem = std::optional<std::string>;

/// Mounts /dev and makes file descriptors 0 to 2 of PID 1 open (on /dev/null).
Problem open_devices();

/// Makes the root a writable overlay (tmpfs over the read-only disk), mounts the kernel's file
/// systems on it, the cell's disk, and shows its modules as /lib/modules.
Problem set_up_root();

/// Host name, loopback device, and the environment that cases inherit.
void set_up_environment();

}  // namespace kmatrix::agent
