// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/case_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

namespace kmatrix::agent {

namespace {
/// All writers of the pipe were sent SIGKILL when this starts to count; one that does not die from
/// it hangs in the kernel, and its case is not to wait for that.
constexpr std::chrono::seconds output_patience{2};

/// How much of its output a case may have behind what is dropped.
std::uint64_t end_size(const Run& run) {
  constexpr std::uint64_t most = 64 << 10;
  return std::min(most, run.max_output / 4);
}
}  // namespace

CaseProcess::CaseProcess(Run run, std::function<void()> kill_leftovers)
    : run_(std::move(run)), kill_leftovers_(std::move(kill_leftovers)) {}

CaseProcess::~CaseProcess() { close_output(); }

std::optional<std::string> CaseProcess::start() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::string("pipe: ") + std::strerror(errno);
  pid_ = fork();
  if (pid_ == 0) become(ends[1]);
  const int failure = errno;
  close(ends[1]);
  output_ = ends[0];
  if (pid_ < 0) {
    close_output();
    return std::string("fork: ") + std::strerror(failure);
  }
  fcntl(output_, F_SETFL, O_NONBLOCK);
  started_ = Clock::now();
  return std::nullopt;
}

void CaseProcess::become(int output) const {
  setsid();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  dup2(open("/dev/null", O_RDONLY), 0);
  dup2(output, 1);
  dup2(output, 2);
  std::string failed = "enter " + run_.cwd;
  if (chdir(run_.cwd.c_str()) == 0) {
    for (const auto& [name, value] : run_.env) setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> argv;
    for (const auto& each : run_.argv) argv.push_back(const_cast<char*>(each.c_str()));
    argv.push_back(nullptr);
    execv(argv.front(), argv.data());
    failed = "run " + run_.argv.front();
  }
  const int code = errno == ENOENT ? 127 : 126;
  dprintf(2, "kmatrix-agent: cannot %s: %s\n", failed.c_str(), std::strerror(errno));
  _exit(code);
}

Clock::time_point CaseProcess::next_deadline() const { return output_deadline_; }

std::string CaseProcess::read_output() {
  std::string piece(max_piece, '\0');
  const ssize_t count = output_ < 0 ? 0 : read(output_, piece.data(), piece.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  if (count <= 0) {
    close_output();
    return {};
  }
  piece.resize(static_cast<std::size_t>(count));
  const auto kept = end_size(run_);
  const auto room = std::min<std::uint64_t>(piece.size(), run_.max_output - kept - passed_on_);
  passed_on_ += room;
  end_.append(piece, room);
  if (end_.size() > kept) {
    dropped_ += end_.size() - kept;
    end_.erase(0, end_.size() - kept);
  }
  piece.resize(room);
  return piece;
}

std::string CaseProcess::rest_of_output() const {
  if (dropped_ == 0) return end_;
  return "\n[kmatrix: " + std::to_string(dropped_) + " bytes are left out here]\n" + end_;
}

void CaseProcess::exited(int status) {
  status_ = status;
  took_ = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started_);
  kill_all();
  output_deadline_ = Clock::now() + output_patience;
}

void CaseProcess::time_out() {
  if (status_) return;
  timed_out_ = true;
  kill_all();
}

void CaseProcess::advance() {
  if (Clock::now() >= output_deadline_) close_output();
}

Ended CaseProcess::ended() const {
  Ended message;
  message.seq = run_.seq;
  const int status = status_.value_or(0);
  message.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  message.timed_out = timed_out_;
  message.took = took_;
  message.dropped = dropped_;
  return message;
}

void CaseProcess::kill_all() {
  kill(-pid_, SIGKILL);
  kill_leftovers_();
}

void CaseProcess::close_output() {
  if (output_ >= 0) close(output_);
  output_ = -1;
}

}  // namespace kmatrix::agent
