// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/run_lock.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kmatrix::cli {
namespace {

class RunLockTest : public ::testing::Test {
 protected:
  RunLockTest()
      : folder_(support::TempFolder::create(std::filesystem::temp_directory_path(), "lock-test")
                    .value()) {
    run_.id.value = 3;
    run_.state = "running";
    run_.folder = folder_.path().string();
  }
  std::string state() {
    store::RunRow run = run_;
    notice_interruption(run);
    return run.state;
  }
  Result<support::FileLock> lock() { return lock_run(folder_.path() / "3", run_.id); }

 private:
  support::TempFolder folder_;
  store::RunRow run_;
};

TEST_F(RunLockTest, ARunWithoutALockWasInterrupted) { EXPECT_EQ(state(), "interrupted"); }

TEST_F(RunLockTest, ARunIsRunningWhileItsLockIsHeld) {
  {
    const auto held = lock();
    ASSERT_TRUE(held);
    EXPECT_EQ(state(), "running");
  }
  EXPECT_EQ(state(), "interrupted");
}

TEST_F(RunLockTest, RefusesARunThatAnotherProcessWorksOn) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto held = lock();
    (void)!write(ready[1], "x", 1);
    pause();
    _exit(held ? 0 : 1);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  const auto refused = lock();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::input);
  EXPECT_NE(refused.error().message.find("run 3"), std::string::npos);
  EXPECT_EQ(state(), "running");
  // However the process ends, its lock goes with it.
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(state(), "interrupted");
  EXPECT_TRUE(lock());
}

}  // namespace
}  // namespace kmatrix::cli
