// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/process.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

namespace kmatrix::support {
namespace {

Exit run_shell(const std::string& script, std::chrono::milliseconds timeout = {}) {
  BoostProcessRunner runner;
  Command command{{"/bin/sh", "-c", script}};
  command.timeout = timeout;
  auto exit = runner.run(command);
  EXPECT_TRUE(exit) << to_string(exit.error());
  return exit ? *exit : Exit{};
}

/// Is the process there and not a zombie that waits for its reaper? (proc(5), /proc/PID/stat)
bool runs(int pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string number, name, state;
  return stat >> number >> name >> state && state != "Z" && state != "X";
}

TEST(Process, CollectsStdoutAndStderrInOrder) {
  const Exit exit = run_shell("echo one; echo two >&2; echo three; exit 3");
  EXPECT_EQ(exit.output, "one\ntwo\nthree\n");
  EXPECT_EQ(exit.code, 3);
}

TEST(Process, ReportsASignalAs128AndItsNumber) { EXPECT_EQ(run_shell("kill -9 $$").code, 137); }

TEST(Process, ReadsFromDevNull) { EXPECT_EQ(run_shell("cat").output, ""); }

TEST(Process, StreamsLargeOutputWhole) {
  BoostProcessRunner runner;
  std::size_t bytes = 0;
  Command command{{"head", "-c", "5000000", "/dev/zero"}};
  command.on_output = [&](std::string_view piece) { bytes += piece.size(); };
  const auto exit = runner.run(command);
  ASSERT_TRUE(exit);
  EXPECT_EQ(bytes, 5000000U);
}

TEST(Process, KillsTheWholeGroupAtItsDeadline) {
  const auto begin = std::chrono::steady_clock::now();
  const Exit exit = run_shell("sleep 100 & echo $!; wait", std::chrono::milliseconds(200));
  EXPECT_TRUE(exit.timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  // A dying process closes its files, which ends run(), a moment before it counts as dead.
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (runs(std::stoi(exit.output)) && std::chrono::steady_clock::now() < limit)
    std::this_thread::yield();
  EXPECT_FALSE(runs(std::stoi(exit.output)));
}

TEST(Process, DoesNotWaitForWhatTheChildLeftBehind) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(run_shell("sleep 100 & exit 0").code, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(Process, StopsWhenAskedTo) {
  BoostProcessRunner runner;
  std::stop_source source;
  Command command{{"sleep", "100"}};
  command.stop = source.get_token();
  std::jthread stopper([&] { source.request_stop(); });
  const auto exit = runner.run(command);
  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().kind, ErrorKind::interrupted);
}

TEST(Process, SaysThatAProgramIsMissing) {
  BoostProcessRunner runner;
  const auto exit = runner.run({{"no-such-program-here"}});
  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().kind, ErrorKind::infrastructure);
}

TEST(Process, GivesOnlyTheEnvironmentAskedFor) {
  BoostProcessRunner runner;
  Command command{{"/usr/bin/env"}};
  command.env = std::map<std::string, std::string>{{"ONE", "1"}};
  const auto exit = runner.run(command);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->output, "ONE=1\n");
}

TEST(Process, LeavesNoOtherDescriptorsOpenInTheChild) {
  // ls itself has the folder open as the fourth.
  EXPECT_EQ(run_shell("ls /proc/self/fd | tr '\\n' ' '").output, "0 1 2 3 ");
}

TEST(LastLines, GivesTheEndOfAText) {
  EXPECT_EQ(last_lines("a\nb\nc\n", 2), "b\nc");
  EXPECT_EQ(last_lines("a\nb", 5), "a\nb");
  EXPECT_EQ(last_lines("", 2), "");
}

}  // namespace
}  // namespace kmatrix::support
