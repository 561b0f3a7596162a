// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/kernel_log.h"

#include <fcntl.h>
#include <sys/klog.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace kmatrix::agent {

void write_kernel_log(const std::string& line) {
  // A test may have turned the console down (dmesg -n); all but debug messages belong there.
  constexpr int set_console_level = 8;
  klogctl(set_console_level, nullptr, 7);
  // The kernel lets ten messages through in five seconds for each time that the file was opened.
  const int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  // Without the newline the kernel holds the record back: it might be continued.
  const std::string record = "<5>" + line + '\n';
  [[maybe_unused]] const ssize_t written = write(fd, record.data(), record.size());
  close(fd);
}

unsigned long long read_taint() {
  std::array<char, 32> text{};
  const int fd = open("/proc/sys/kernel/tainted", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  const ssize_t size = read(fd, text.data(), text.size() - 1);
  close(fd);
  return size > 0 ? std::strtoull(text.data(), nullptr, 10) : 0;
}

}  // namespace kmatrix::agent
