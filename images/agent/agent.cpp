// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/agent.h"

#include <poll.h>
#include <signal.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "agent/calibration.h"

namespace kmatrix::agent {

namespace {
using std::chrono::milliseconds;

constexpr milliseconds port_pause{50};

Hello hello(unsigned long long taint, std::chrono::microseconds round) {
  Hello message;
  message.protocol = protocol_version;
  utsname names{};
  uname(&names);
  message.release = names.release;
  message.version = names.version;
  message.cpus = static_cast<int>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  timespec up{};
  clock_gettime(CLOCK_BOOTTIME, &up);
  message.uptime = milliseconds(up.tv_sec * 1000LL + up.tv_nsec / 1000000);
  message.tainted = taint;
  message.round = round;
  return message;
}

timespec until(Clock::time_point then) {
  const auto left = std::max(Clock::duration::zero(), then - Clock::now());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(left - seconds);
  return {static_cast<time_t>(seconds.count()), static_cast<long>(rest.count())};
}

void wake_up(int) {}
}  // namespace

Agent::Agent(Port& port, Surroundings surroundings)
    : port_(port), surroundings_(std::move(surroundings)) {
  struct sigaction action {};
  action.sa_handler = wake_up;
  sigaction(SIGCHLD, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

void Agent::serve() {
  // Before Hello, so that the host is not told of a boot that is not over yet.
  const auto round = fastest_round();
  say(hello(surroundings_.taint(), round));
  while (!leaving_) {
    wait();
    reap();
    pass_output();
    if (case_) case_->advance();
    if (case_ && case_->finished()) finish_case();
    take_commands();
    if (Clock::now() >= next_heartbeat_) show_life();
  }
  say(Bye{});
  port_.drain(milliseconds(2000));
}

void Agent::say(const FromGuest& message) {
  port_.send(encode(message));
  next_heartbeat_ = Clock::now() + heartbeat;
}

void Agent::show_life() {
  // Where something is still to be read by the host, one more message would tell it nothing.
  if (port_.queued() == 0) return say(Alive{});
  next_heartbeat_ = Clock::now() + heartbeat;
}

void Agent::wait() {
  const bool connected = Clock::now() >= port_pause_;
  std::array<pollfd, 2> waiting{};
  waiting[0].fd = connected ? port_.fd() : -1;
  waiting[0].events = POLLIN;
  if (port_.queued() > 0) waiting[0].events |= POLLOUT;
  waiting[1].fd = case_ ? case_->output_fd() : -1;
  waiting[1].events = POLLIN;

  Clock::time_point wake = next_heartbeat_;
  if (case_) wake = std::min(wake, case_->next_deadline());
  if (!connected) wake = std::min(wake, port_pause_);
  const timespec timeout = until(wake);
  sigset_t none;
  sigemptyset(&none);
  ppoll(waiting.data(), waiting.size(), &timeout, &none);

  if ((waiting[0].revents & POLLIN) != 0 && !port_.read_available())
    port_pause_ = Clock::now() + port_pause;
  if ((waiting[0].revents & POLLOUT) != 0) port_.write_queued();
  // A port without a host is always "hung up": polling it would be a busy loop.
  if ((waiting[0].revents & (POLLHUP | POLLERR)) != 0) port_pause_ = Clock::now() + port_pause;
}

void Agent::take_commands() {
  while (!leaving_) {
    const auto line = port_.next_line();
    if (!line) return;
    const auto command = parse_from_host(*line);
    if (!command)
      say(Failed{"the host sent a line that is not of protocol " +
                 std::to_string(protocol_version) + ": " + line->substr(0, 200)});
    else if (const auto* run = std::get_if<Run>(&*command))
      obey(*run);
    else if (const auto* kill = std::get_if<Kill>(&*command))
      obey(*kill);
    else
      leaving_ = true;
  }
}

void Agent::obey(const Run& run) {
  if (case_) {
    say(Failed{"the host sent case " + std::to_string(run.seq) + " while case " +
               std::to_string(case_->run().seq) + " was running"});
    return;
  }
  surroundings_.log(start_marker(run.seq, run.name));
  case_ = std::make_unique<CaseProcess>(run, surroundings_.kill_leftovers);
  if (const auto problem = case_->start()) {
    say(Failed{"cannot start " + run.argv.front() + ": " + *problem});
    case_.reset();
    return;
  }
  say(Started{run.seq});
}

void Agent::obey(const Kill& kill) {
  if (case_ && case_->run().seq == kill.seq) case_->time_out();
}

void Agent::reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
    if (case_ && pid == case_->pid()) case_->exited(status);
}

void Agent::pass_output() {
  if (!case_) return;
  // Bounded, so that a flood does not keep the deadline from being looked at.
  for (int pieces = 0; pieces < 8; ++pieces) {
    const std::string piece = case_->read_output();
    if (piece.empty()) return;
    say(Output{case_->run().seq, piece});
  }
}

void Agent::finish_case() {
  Ended ended = case_->ended();
  ended.tainted = surroundings_.taint();
  ended.exhausted = surroundings_.exhausted();
  const std::string rest = case_->rest_of_output();
  for (std::size_t at = 0; at < rest.size(); at += max_piece)
    say(Output{ended.seq, rest.substr(at, max_piece)});
  case_.reset();
  surroundings_.log(end_marker(ended.seq, ended.code));
  say(ended);
}

}  // namespace kmatrix::agent
