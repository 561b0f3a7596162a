// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace kmatrix::run {

/// What this host has for us.
struct Host {
  int cores = 1;          ///< that this process may use (affinity, cgroup quota)
  int memory_mib = 1024;  ///< that can be taken without swapping
};

Host measure_host();

/// cpu.max of a cgroup ("200000 100000"): its quota in whole cores, at least 1; 0: no limit. Pure.
int cores_of_quota(std::string_view text);
/// MemAvailable of /proc/meminfo in MiB; 0: it does not say. Pure.
int available_mib(std::string_view meminfo);

}  // namespace kmatrix::run
