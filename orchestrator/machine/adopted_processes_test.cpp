// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/adopted_processes.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

namespace kmatrix::machine {
namespace {

using namespace std::chrono_literals;

/// Starts a process that is called like a QEMU, detached as libvirt does it; returns its pid once
/// it has that name. It lives until a byte can be read from `life`, or that is closed.
pid_t detach(int life, int other_end) {
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const pid_t middle = fork();
  if (middle == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    close(other_end);
    // As a program of that name would have it; the test's own code may not run here.
    const int name = open("/proc/self/comm", O_WRONLY);
    pid_t self = getpid();
    char byte = 0;
    if (write(name, "qemu-system-x", 13) != 13 || write(ends[1], &self, sizeof self) < 0) _exit(1);
    _exit(read(life, &byte, 1) < 0 ? 1 : 0);
  }
  waitpid(middle, nullptr, 0);
  pid_t pid = -1;
  EXPECT_EQ(read(ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  close(ends[0]);
  close(ends[1]);
  return pid;
}

bool goes_away(pid_t pid) {
  for (int i = 0; i < 3000; ++i) {
    if (kill(pid, 0) != 0) return true;
    std::this_thread::sleep_for(10ms);  // there is no event for a process that is no more
  }
  return false;
}

class AdoptedProcessesTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(pipe2(life_, O_CLOEXEC), 0); }
  void TearDown() override { close(life_[0]); }
  void end_them() { close(life_[1]); }
  int life_[2] = {-1, -1};
  AdoptedProcesses adopted_{EventLoop::shared()};
};

TEST_F(AdoptedProcessesTest, WaitsForADetachedMachineThatWasFound) {
  pid_t pid = -1;
  {
    const AdoptedProcesses::Search search(adopted_);
    pid = detach(life_[0], life_[1]);
  }
  EXPECT_EQ(kill(pid, 0), 0);
  end_them();
  EXPECT_TRUE(goes_away(pid)) << "nobody but its parent could do that";
}

TEST_F(AdoptedProcessesTest, WaitsForOneThatEndsDuringTheSearch) {
  const AdoptedProcesses::Search search(adopted_);
  const pid_t pid = detach(life_[0], life_[1]);
  end_them();
  EXPECT_TRUE(goes_away(pid));
}

TEST_F(AdoptedProcessesTest, LeavesChildrenOfOthersAlone) {
  const AdoptedProcesses::Search search(adopted_);
  const pid_t child = fork();
  if (child == 0) {
    const int name = open("/proc/self/comm", O_WRONLY);
    _exit(write(name, "qemu-system-x", 13) == 13 ? 7 : 1);
  }
  EventLoop::shared()->run([] {});
  std::this_thread::sleep_for(100ms);  // several rounds of the search
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  end_them();
}

}  // namespace
}  // namespace kmatrix::machine
