// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/embedded_root.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/file.h"

namespace kmatrix::machine {
namespace {

namespace fs = std::filesystem;

/// A process that is called as one would call a QEMU of ours, and waits for a line that never
/// comes.
class Sleeper {
 public:
  Sleeper(const std::string& name, const std::string& argument) {
    std::string script = "read line; :", flag = "-c", shell = name, word = argument;
    char* argv[] = {shell.data(), flag.data(), script.data(), word.data(), nullptr};
    EXPECT_EQ(pipe2(input_, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input_[0], 0);
    EXPECT_EQ(posix_spawn(&pid_, "/bin/sh", &actions, nullptr, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Sleeper() {
    for (const int end : input_) close(end);
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
  }
  bool killed() {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
    pid_ = -1;
    return WIFSIGNALED(status);
  }

 private:
  int input_[2] = {-1, -1};
  pid_t pid_ = -1;
};

class EmbeddedRootTest : public testing::Test {
 protected:
  support::TempFolder folder_ = *support::TempFolder::create("/tmp", "kmr");
  fs::path runtime_ = folder_.path();
};

TEST_F(EmbeddedRootTest, GivesEachOwnerASlotOfItsOwn) {
  const auto first = EmbeddedRoot::take(runtime_);
  const auto second = EmbeddedRoot::take(runtime_);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->path(), runtime_ / "0");
  EXPECT_EQ(second->path(), runtime_ / "1");
  EXPECT_EQ(second->uri(), "qemu:///embed?root=" + (runtime_ / "1").string());
  EXPECT_TRUE(fs::exists(first->path() / "etc" / "qemu.conf"));
}

TEST_F(EmbeddedRootTest, TakesAFreedSlotAgainAndKeepsItsCache) {
  ASSERT_TRUE(EmbeddedRoot::take(runtime_));
  ASSERT_TRUE(support::write_file(runtime_ / "0" / "cache" / "capabilities", "x"));
  ASSERT_TRUE(support::write_file(runtime_ / "0" / "run" / "qemu" / "old.xml", "x"));
  const auto again = EmbeddedRoot::take(runtime_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->path(), runtime_ / "0");
  EXPECT_TRUE(fs::exists(runtime_ / "0" / "cache" / "capabilities"));
  EXPECT_FALSE(fs::exists(runtime_ / "0" / "run" / "qemu" / "old.xml"));
}

TEST_F(EmbeddedRootTest, KillsMachinesThatDeadOwnersLeftInAnySlot) {
  auto live = EmbeddedRoot::take(runtime_);
  { const auto dead = EmbeddedRoot::take(runtime_); }
  Sleeper left("qemu-system-aarch64", (runtime_ / "1" / "lib" / "monitor.sock").string());
  Sleeper owned("qemu-system-aarch64", (runtime_ / "0" / "lib" / "monitor.sock").string());
  Sleeper other("qemu-system-aarch64", (runtime_ / "10" / "lib" / "monitor.sock").string());
  Sleeper reader("less", (runtime_ / "1" / "console" / "1.log").string());
  ASSERT_TRUE(EmbeddedRoot::take(runtime_));
  EXPECT_TRUE(left.killed());
  EXPECT_FALSE(owned.killed()) << "its owner lives";
  EXPECT_FALSE(other.killed()) << "another folder whose name begins alike";
  EXPECT_FALSE(reader.killed()) << "not a QEMU";
}

TEST_F(EmbeddedRootTest, RefusesAFolderThatIsTooLongForSockets) {
  const auto root = EmbeddedRoot::take(runtime_ / std::string(40, 'x'));
  ASSERT_FALSE(root);
  EXPECT_NE(root.error().message.find("too long"), std::string::npos);
  EXPECT_FALSE(root.error().hint.empty());
}

}  // namespace
}  // namespace kmatrix::machine
