// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/talk.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <optional>

namespace kmatrix::agent {
namespace {

/// A process of its own that runs talk(); this one is its host. Waiting has an end.
class TalkTest : public testing::Test {
 protected:
  void start(const std::string& script, bool with_terminal = false) {
    std::array<int, 2> ends{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    if (with_terminal) {
      terminal_ = posix_openpt(O_RDWR | O_NOCTTY);
      ASSERT_GE(terminal_, 0);
      ASSERT_EQ(grantpt(terminal_) | unlockpt(terminal_), 0);
    }
    pid_ = fork();
    if (pid_ == 0) {
      close(ends[0]);
      fcntl(ends[1], F_SETFL, O_NONBLOCK);
      Talk request;
      request.port = ends[1];
      if (with_terminal) request.terminal = open(ptsname(terminal_), O_RDWR | O_NOCTTY);
      request.argv = {"/bin/sh", "-c", script};
      if (terminal_ >= 0) close(terminal_);
      _exit(talk(request));
    }
    close(ends[1]);
    port_ = ends[0];
  }
  ~TalkTest() override {
    if (pid_ > 0) kill(pid_, SIGKILL);
    leave();
    if (terminal_ >= 0) close(terminal_);
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
  }
  void leave() {
    if (port_ >= 0) close(port_);
    port_ = -1;
  }
  void send(FrameKind kind, std::string_view data) {
    const std::string frame = encode_frame(kind, data);
    ASSERT_EQ(write(port_, frame.data(), frame.size()), static_cast<ssize_t>(frame.size()));
  }
  static std::string some_bytes(int fd) {
    pollfd waiting{fd, POLLIN, 0};
    if (poll(&waiting, 1, 20'000) != 1) return {};
    std::array<char, 4096> piece;
    const ssize_t count = read(fd, piece.data(), piece.size());
    return count > 0 ? std::string(piece.data(), static_cast<std::size_t>(count)) : "";
  }
  /// Reads frames up to the end; their data is in output_ and errors_.
  void hear_all() {
    while (!ended_) {
      if (const auto frame = frames_.next()) {
        (frame->kind == FrameKind::errors ? errors_ : output_) += frame->data;
        ended_ = frame->kind == FrameKind::end;
        continue;
      }
      const std::string bytes = some_bytes(port_);
      ASSERT_FALSE(bytes.empty()) << "output so far: " << output_ << errors_;
      frames_.feed(bytes);
    }
  }
  /// What the terminal has shown, up to some text.
  void expect_on_terminal(const std::string& text) {
    while (shown_.find(text) == std::string::npos) {
      const std::string bytes = some_bytes(terminal_);
      ASSERT_FALSE(bytes.empty()) << "shown so far: " << shown_;
      shown_ += bytes;
    }
  }
  void type(std::string_view text) {
    ASSERT_EQ(write(terminal_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  int exit_code() {
    int status = 0;
    waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  pid_t pid_ = -1;
  int port_ = -1, terminal_ = -1;
  FrameReader frames_;
  std::string output_, errors_, shown_;
  bool ended_ = false;
};

TEST_F(TalkTest, PassesThreeStreamsAndTheExitCode) {
  start("cat; echo complaint >&2; exit 7");
  send(FrameKind::input, "one\n");
  send(FrameKind::input, std::string("\0two", 4));
  send(FrameKind::input, "");
  hear_all();
  EXPECT_EQ(output_, std::string("one\n\0two", 8));
  EXPECT_EQ(errors_, "complaint\n");
  EXPECT_EQ(exit_code(), 7);
}

TEST_F(TalkTest, PassesOnMoreThanThePortHolds) {
  start(
      "i=0; while [ $i -lt 20000 ]; do echo 0123456789012345678901234567890123456789; "
      "i=$((i+1)); done");
  poll(nullptr, 0, 200);
  hear_all();
  EXPECT_EQ(output_.size(), 20000U * 41);
  EXPECT_EQ(exit_code(), 0);
}

TEST_F(TalkTest, DropsInputThatNobodyReads) {
  start("exec <&-; echo closed; exit 3");
  for (int i = 0; i < 8; ++i) send(FrameKind::input, std::string(max_frame, 'x'));
  hear_all();
  EXPECT_EQ(output_, "closed\n");
  EXPECT_EQ(exit_code(), 3);
}

TEST_F(TalkTest, DoesNotWaitForADaemonThatHoldsTheOutput) {
  start("sleep 30 & echo started");
  hear_all();
  EXPECT_EQ(output_, "started\n");
  EXPECT_EQ(exit_code(), 0);
}

TEST_F(TalkTest, SaysWhichSignalEndedTheProcess) {
  start("kill -TERM $$");
  hear_all();
  EXPECT_EQ(exit_code(), 128 + SIGTERM);
}

TEST_F(TalkTest, KillsTheProcessWhenTheHostGoesAway) {
  start("echo ready; exec sleep 1000");
  frames_.feed(some_bytes(port_));
  leave();
  EXPECT_EQ(exit_code(), 125);
}

TEST_F(TalkTest, GivesTheProcessATerminalWithJobControlAndAWindow) {
  start("stty size; sleep 1000; stty size; echo bye", true);
  expect_on_terminal("24 80");
  send(FrameKind::window, encode_window({50, 132}));
  poll(nullptr, 0, 300);
  type("\x03");
  hear_all();
  EXPECT_EQ(exit_code(), 128 + SIGINT) << "Ctrl-C must reach the shell's foreground process";
}

TEST_F(TalkTest, PassesOnANewWindow) {
  start("trap 'stty size' WINCH; echo ready; while sleep 0.1; do :; done", true);
  expect_on_terminal("ready");
  send(FrameKind::window, encode_window({50, 132}));
  expect_on_terminal("50 132");
}

}  // namespace
}  // namespace kmatrix::agent
