// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/calibration.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

// A change of this work changes what the host's reference value means (machine/slowness.h).
namespace kmatrix::agent {

namespace {
using Clock = std::chrono::steady_clock;

constexpr int most_rounds = 12;
constexpr std::chrono::milliseconds most_time{500};

void compute() {
  volatile std::uint64_t sink = 0;
  std::uint64_t value = 88172645463325252ULL;
  for (int i = 0; i < 50'000; ++i) {
    value ^= value << 13;
    value ^= value >> 7;
    value ^= value << 17;
  }
  sink = value;
  (void)sink;
}

void call_the_kernel() {
  for (int i = 0; i < 200; ++i) syscall(SYS_getppid);
}

void use_a_pipe() {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return;
  std::array<char, 4096> piece{};
  for (int i = 0; i < 10; ++i)
    if (write(ends[1], piece.data(), piece.size()) < 0 ||
        read(ends[0], piece.data(), piece.size()) < 0)
      break;
  close(ends[0]);
  close(ends[1]);
}

void touch_pages() {
  constexpr std::size_t size = 32 * 4096;
  void* const memory =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  for (std::size_t at = 0; at < size; at += 4096) static_cast<volatile char*>(memory)[at] = 1;
  munmap(memory, size);
}

void make_a_process() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  if (child > 0) waitpid(child, nullptr, 0);
}

void round() {
  compute();
  call_the_kernel();
  use_a_pipe();
  touch_pages();
  make_a_process();
}
}  // namespace

std::chrono::microseconds fastest_round() {
  const auto begin = Clock::now();
  auto fastest = Clock::duration::max();
  for (int i = 0; i < most_rounds && Clock::now() < begin + most_time; ++i) {
    const auto start = Clock::now();
    round();
    fastest = std::min(fastest, Clock::now() - start);
  }
  return std::max(std::chrono::duration_cast<std::chrono::microseconds>(fastest),
                  std::chrono::microseconds(1));
}

}  // namespace kmatrix::agent
