// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/host.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "support/file.h"

namespace kmatrix::run {

namespace {

/// The number at the start of `text`, after spaces; 0: none.
long long number(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  long long value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

int cores_of_quota(std::string_view text) {
  const auto space = text.find(' ');
  const auto quota = number(text);
  const auto period = space != std::string_view::npos ? number(text.substr(space)) : 0;
  if (quota <= 0 || period <= 0) return 0;
  return static_cast<int>(std::max(1LL, quota / period));
}

int available_mib(std::string_view meminfo) {
  constexpr std::string_view name = "MemAvailable:";
  const auto at = meminfo.find(name);
  if (at == std::string_view::npos) return 0;
  return static_cast<int>(number(meminfo.substr(at + name.size())) / 1024);
}

Host measure_host() {
  Host host;
  host.cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  if (const auto quota = support::read_file("/sys/fs/cgroup/cpu.max"))
    if (const int cores = cores_of_quota(*quota); cores > 0)
      host.cores = std::min(host.cores, cores);
  if (const auto meminfo = support::read_file("/proc/meminfo"))
    if (const int mib = available_mib(*meminfo); mib > 0) host.memory_mib = mib;
  return host;
}

}  // namespace kmatrix::run
