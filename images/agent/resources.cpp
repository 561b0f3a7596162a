// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/resources.h"

#include <sys/vfs.h>

#include <cstdio>
#include <memory>

namespace kmatrix::agent {

namespace {
constexpr unsigned long long least_percent = 10;

bool is_full(const char* folder) {
  struct statfs status {};
  if (statfs(folder, &status) != 0 || status.f_blocks == 0) return false;
  return status.f_bavail * 100ULL < status.f_blocks * least_percent;
}

bool is_out_of_memory() {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/proc/meminfo", "re"),
                                                             std::fclose);
  if (!file) return false;
  char line[128];
  unsigned long long total = 0, available = 0, number = 0;
  while (std::fgets(line, sizeof line, file.get()) != nullptr) {
    if (std::sscanf(line, "MemTotal: %llu", &number) == 1) total = number;
    if (std::sscanf(line, "MemAvailable: %llu", &number) == 1) available = number;
  }
  return total > 0 && available * 100 < total * least_percent;
}
}  // namespace

bool exhausted() {
  for (const char* folder : {"/", "/tmp", "/run", "/dev/shm"})
    if (is_full(folder)) return true;
  return is_out_of_memory();
}

}  // namespace kmatrix::agent
