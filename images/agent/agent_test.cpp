// SPDX-License-Identifier: GPL-2.0-or-later
// The agent in a process of its own, on a socket in place of the virtio port.
#include "agent/agent.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace kmatrix::agent {
namespace {

using std::chrono::milliseconds;

/// Lines from a file descriptor, each waited for at most 20 s.
class Lines {
 public:
  explicit Lines(int fd) : fd_(fd) {}
  ~Lines() { close(fd_); }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  int fd() const { return fd_; }

  /// With its newline; "" if there are no more.
  std::string next() {
    std::size_t end = 0;
    while ((end = buffer_.find('\n')) == std::string::npos) {
      pollfd waiting{fd_, POLLIN, 0};
      std::array<char, 4096> piece;
      const ssize_t size =
          poll(&waiting, 1, 20000) == 1 ? read(fd_, piece.data(), piece.size()) : 0;
      if (size <= 0) return {};
      buffer_.append(piece.data(), static_cast<std::size_t>(size));
    }
    const std::string line = buffer_.substr(0, end + 1);
    buffer_.erase(0, end + 1);
    return line;
  }

 private:
  int fd_;
  std::string buffer_;
};

void be_the_agent(int port_fd, int log_fd) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, nullptr);
  Port port(port_fd);
  const auto log = [log_fd](const std::string& line) {
    const std::string text = line + '\n';
    if (write(log_fd, text.data(), text.size()) < 0) _exit(3);
  };
  Agent(port, {log, [] {}, [] { return 4096ULL; }, [] { return true; }}).serve();
  _exit(0);
}

class AgentTest : public testing::Test {
 protected:
  AgentTest() {
    std::array<int, 2> port{}, log{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, port.data()) != 0) abort();
    if (pipe2(log.data(), O_CLOEXEC) != 0) abort();
    agent_ = fork();
    if (agent_ == 0) {
      fcntl(port[1], F_SETFL, O_NONBLOCK);
      close(port[0]);
      be_the_agent(port[1], log[1]);
    }
    close(port[1]);
    close(log[1]);
    port_.emplace(port[0]);
    log_.emplace(log[0]);
    const auto hello = next();
    EXPECT_TRUE(std::holds_alternative<Hello>(hello));
    if (const auto* said = std::get_if<Hello>(&hello)) round_ = said->round;
  }
  ~AgentTest() override {
    kill(agent_, SIGKILL);
    waitpid(agent_, nullptr, 0);
  }

  void send_text(const std::string& text) {
    ASSERT_EQ(write(port_->fd(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void send(const FromHost& message) { send_text(encode(message)); }
  /// The next message that is not a mere sign of life.
  FromGuest next() {
    while (true) {
      const std::string line = port_->next();
      const auto message = parse_from_guest(line);
      EXPECT_TRUE(message.has_value()) << "not a message: " << line;
      if (!message) return Failed{"no message"};
      if (!std::holds_alternative<Alive>(*message)) return *message;
    }
  }
  std::string next_log() { return log_->next(); }

  static agent::Run shell(const std::string& script) {
    agent::Run run;
    run.seq = 5;
    run.name = "a case";
    run.argv = {"/bin/sh", "-c", script};
    return run;
  }
  /// Sends the case and reads until its end.
  Ended run(const agent::Run& what) {
    send(what);
    EXPECT_EQ(std::get<Started>(next()).seq, what.seq);
    return end();
  }
  Ended end() {
    output_.clear();
    while (true) {
      FromGuest message = next();
      if (const auto* output = std::get_if<Output>(&message)) {
        output_ += output->data;
        continue;
      }
      const auto* ended = std::get_if<Ended>(&message);
      EXPECT_NE(ended, nullptr);
      return ended ? *ended : Ended{};
    }
  }

  pid_t agent_ = -1;
  std::optional<Lines> port_, log_;
  std::string output_;
  std::chrono::microseconds round_{0};
};

TEST_F(AgentTest, ReportsOutputExitCodeAndTaint) {
  const Ended ended = run(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(ended.seq, 5U);
  EXPECT_EQ(ended.code, 3);
  EXPECT_FALSE(ended.timed_out);
  EXPECT_EQ(ended.tainted, 4096U);
  EXPECT_TRUE(ended.exhausted);
  EXPECT_EQ(output_, "out\nerr\n");
}

TEST_F(AgentTest, ReportsTheSignalThatEndedAProcess) {
  EXPECT_EQ(run(shell("kill -SEGV $$")).code, 128 + SIGSEGV);
}

TEST_F(AgentTest, GivesTheProcessItsEnvironmentFolderAndNoInput) {
  agent::Run what =
      shell("pwd; echo \"$GREETING\"; cat; cut -d' ' -f6 /proc/$$/stat | grep -qx $$ && echo own");
  what.cwd = "/usr";
  what.env = {{"GREETING", "good day"}};
  EXPECT_EQ(run(what).code, 0);
  EXPECT_EQ(output_, "/usr\ngood day\nown\n");
}

TEST_F(AgentTest, SaysWhyAProgramCannotBeRun) {
  agent::Run what = shell("");
  what.argv = {"/no/such/program"};
  EXPECT_EQ(run(what).code, 127);
  EXPECT_EQ(output_, "kmatrix-agent: cannot run /no/such/program: No such file or directory\n");
  what.argv = {"/bin/true"};
  what.cwd = "/no/such/folder";
  EXPECT_EQ(run(what).code, 127);
  EXPECT_EQ(output_, "kmatrix-agent: cannot enter /no/such/folder: No such file or directory\n");
}

TEST_F(AgentTest, KillsAProcessGroupWhenToldTo) {
  send(shell("trap '' TERM; echo before; sleep 1000 & sleep 1000; echo after"));
  EXPECT_TRUE(std::holds_alternative<Started>(next()));
  EXPECT_EQ(std::get<Output>(next()).data, "before\n");
  send(Kill{4});
  send(Kill{5});
  const Ended ended = end();
  EXPECT_TRUE(ended.timed_out);
  EXPECT_EQ(ended.code, 128 + SIGKILL);
  EXPECT_EQ(output_, "");
  send(Kill{5});
  EXPECT_FALSE(run(shell("exit 0")).timed_out)
      << "a kill that came too late is no kill of the next";
}

TEST_F(AgentTest, MeasuresTheMachineInLittleTime) {
  EXPECT_GE(round_, std::chrono::microseconds(10)) << "that is no work at all";
  EXPECT_LE(round_, std::chrono::seconds(5));
}

TEST_F(AgentTest, ShowsLifeWhileThereIsNothingElseToSay) {
  send(shell("sleep 1000"));
  EXPECT_TRUE(std::holds_alternative<Started>(next()));
  EXPECT_EQ(port_->next(), encode(Alive{}));
}

TEST_F(AgentTest, DoesNotWaitForADaemonThatHoldsTheOutput) {
  // The agent of this test kills no leftovers, so the daemon lives like one that hangs in the
  // kernel.
  const Ended ended =
      run(shell("setsid sleep 1000 & echo $!;"
                "until cut -d' ' -f6 /proc/$!/stat | grep -qx $!; do :; done"));
  EXPECT_EQ(ended.code, 0);
  EXPECT_LT(ended.took, milliseconds(15000));
  const int daemon = std::atoi(output_.c_str());
  ASSERT_GT(daemon, 1);
  EXPECT_EQ(kill(daemon, SIGKILL), 0);
}

TEST_F(AgentTest, DropsTheMiddleOfOutputBeyondTheLimit) {
  agent::Run what = shell("echo first; head -c 300000 /dev/zero; echo last");
  what.max_output = 100000;
  const Ended ended = run(what);
  EXPECT_EQ(ended.dropped, 200011U);
  EXPECT_EQ(output_, "first\n" + std::string(75000 - 6, '\0') +
                         "\n[kmatrix: 200011 bytes are left out here]\n" +
                         std::string(25000 - 5, '\0') + "last\n");
}

TEST_F(AgentTest, PassesOnOutputUpToTheLimitWhole) {
  agent::Run what = shell("head -c 100000 /dev/zero");
  what.max_output = 100000;
  EXPECT_EQ(run(what).dropped, 0U);
  EXPECT_EQ(output_, std::string(100000, '\0'));
}

TEST_F(AgentTest, PassesOnLargeOutputWhole) {
  agent::Run what = shell("seq 1 200000");
  what.max_output = 64 << 20;
  EXPECT_EQ(run(what).dropped, 0U);
  std::string expected;
  for (int number = 1; number <= 200000; ++number) expected += std::to_string(number) + '\n';
  EXPECT_EQ(output_, expected);
}

TEST_F(AgentTest, KillsWhileTheHostDoesNotRead) {
  send(shell("cat /dev/zero"));
  EXPECT_EQ(next_log(), "kmatrix: START 5 a case\n");
  poll(nullptr, 0, 500);  // so that it is far more than a socket holds
  send(Kill{5});
  EXPECT_EQ(next_log(), "kmatrix: END 5 137\n");  // nothing was read from the port up to here
  EXPECT_TRUE(std::holds_alternative<Started>(next()));
  EXPECT_TRUE(end().timed_out);
  EXPECT_GT(output_.size(), 256U * 1024) << "the socket alone could have held that";
}

TEST_F(AgentTest, LogsTheMarkersBeforeItSaysTheSame) {
  send(shell("true"));
  EXPECT_TRUE(std::holds_alternative<Started>(next()));
  pollfd log{log_->fd(), POLLIN, 0};
  EXPECT_EQ(poll(&log, 1, 0), 1);
  EXPECT_EQ(next_log(), "kmatrix: START 5 a case\n");
  end();
  EXPECT_EQ(poll(&log, 1, 0), 1);
  EXPECT_EQ(next_log(), "kmatrix: END 5 0\n");
}

TEST_F(AgentTest, GoesOnAfterALineThatItDoesNotUnderstand) {
  send_text("{\"type\":\"dance\"}\n");
  EXPECT_NE(std::get<Failed>(next()).message.find("dance"), std::string::npos);
  send_text(std::string(3 * max_line, 'x') + "\n");
  EXPECT_TRUE(std::holds_alternative<Failed>(next()));
  EXPECT_EQ(run(shell("exit 7")).code, 7);
}

TEST_F(AgentTest, RefusesASecondCaseWhileOneRuns) {
  send(shell("echo ready; sleep 1000"));
  EXPECT_TRUE(std::holds_alternative<Started>(next()));
  EXPECT_EQ(std::get<Output>(next()).data, "ready\n");
  agent::Run second = shell("true");
  second.seq = 6;
  send(second);
  EXPECT_EQ(std::get<Failed>(next()).message, "the host sent case 6 while case 5 was running");
  send(Kill{5});
  EXPECT_EQ(end().seq, 5U);
}

TEST_F(AgentTest, SaysByeAndLeaves) {
  send(Poweroff{});
  EXPECT_TRUE(std::holds_alternative<Bye>(next()));
  EXPECT_EQ(port_->next(), "");
  int status = 0;
  EXPECT_EQ(waitpid(agent_, &status, 0), agent_);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace kmatrix::agent
