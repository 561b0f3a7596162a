// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>

namespace kmatrix::agent {

/// Does a small fixed work several times and returns the time of the fastest round: how fast this
/// kernel on this machine is when the host lets it run. Takes some tens of milliseconds under
/// emulation, and half a second at most where a round does not take longer than that by itself.
/// The work is what tests are made of: computing, system calls, pipes, page faults and processes,
/// so that a kernel with costly checks (KASAN, lockdep) measures slower, as it is.
std::chrono::microseconds fastest_round();

}  // namespace kmatrix::agent
