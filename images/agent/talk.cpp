// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/talk.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

#include "agent/port.h"

namespace kmatrix::agent {

namespace {

constexpr int no_part = 125;  ///< exit code: we could not do ours
constexpr std::chrono::seconds patience{10};
/// For what is left in the pipes once the process has ended; its children may hold them open.
constexpr int last_output_ms = 1000;

int refuse(const std::string& what) {
  std::fprintf(stderr, "kmatrix-agent: %s: %s\n", what.c_str(), std::strerror(errno));
  return no_part;
}

void close_once(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

void set_window(int terminal, Window window) {
  winsize size{};
  size.ws_row = window.rows;
  size.ws_col = window.columns;
  ioctl(terminal, TIOCSWINSZ, &size);
}

/// One process with its three streams. With a terminal `input`, `output` and `errors` are none:
/// its bytes go another way.
class Talker {
 public:
  explicit Talker(const Talk& talk) : talk_(talk) {}
  ~Talker() {
    for (int* fd : {&input_, &output_, &errors_, &process_}) close_once(*fd);
  }
  Talker(const Talker&) = delete;
  Talker& operator=(const Talker&) = delete;

  bool start();
  int run();

 private:
  [[noreturn]] void become(int input, int output, int errors) const;
  void wait();
  void read_port();
  void obey(const Frame& frame);
  void write_input();
  void pass(int& from, FrameKind kind);
  void write_port();
  void reap();
  bool done() const { return status_ && output_ < 0 && errors_ < 0 && out_.empty() && said_end_; }

  const Talk& talk_;
  pid_t pid_ = -1;
  int process_ = -1;  ///< pidfd
  int input_ = -1, output_ = -1, errors_ = -1;
  FrameReader frames_;
  std::string for_input_, out_;
  bool input_over_ = false, said_end_ = false, host_gone_ = false;
  std::optional<int> status_;
};

bool Talker::start() {
  std::array<std::array<int, 2>, 3> pipes{{{-1, -1}, {-1, -1}, {-1, -1}}};
  if (!talk_.terminal)
    for (auto& each : pipes)
      if (pipe2(each.data(), O_CLOEXEC) != 0) return false;
  pid_ = fork();
  if (pid_ == 0) {
    if (talk_.terminal) become(*talk_.terminal, *talk_.terminal, *talk_.terminal);
    become(pipes[0][0], pipes[1][1], pipes[2][1]);
  }
  close_once(pipes[0][0]);
  close_once(pipes[1][1]);
  close_once(pipes[2][1]);
  input_ = pipes[0][1];
  output_ = pipes[1][0];
  errors_ = pipes[2][0];
  for (const int fd : {input_, output_, errors_})
    if (fd >= 0) fcntl(fd, F_SETFL, O_NONBLOCK);
  if (pid_ < 0) return false;
  process_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  return process_ >= 0;
}

void Talker::become(int input, int output, int errors) const {
  setsid();
  if (talk_.terminal) ioctl(*talk_.terminal, TIOCSCTTY, 1);
  dup2(input, 0);
  dup2(output, 1);
  dup2(errors, 2);
  if (talk_.terminal) close(*talk_.terminal);
  signal(SIGPIPE, SIG_DFL);
  std::vector<char*> argv;
  for (const auto& each : talk_.argv) argv.push_back(const_cast<char*>(each.c_str()));
  argv.push_back(nullptr);
  execvp(argv.front(), argv.data());
  const int code = errno == ENOENT ? 127 : 126;
  dprintf(2, "kmatrix: %s: %s\n", talk_.argv.front().c_str(), std::strerror(errno));
  _exit(code);
}

int Talker::run() {
  while (!done()) {
    wait();
    if (host_gone_) {
      kill(pid_, SIGKILL);
      return no_part;
    }
    write_input();
    pass(output_, FrameKind::output);
    pass(errors_, FrameKind::errors);
    reap();
    if (status_ && output_ < 0 && errors_ < 0 && !said_end_) {
      if (talk_.terminal) tcdrain(*talk_.terminal);
      out_ += encode_frame(FrameKind::end, "");
      said_end_ = true;
    }
    write_port();
  }
  return WIFSIGNALED(*status_) ? 128 + WTERMSIG(*status_) : WEXITSTATUS(*status_);
}

void Talker::wait() {
  // Nothing more is taken in while what was taken before cannot be passed on.
  const short port_events =
      static_cast<short>((for_input_.empty() ? POLLIN : 0) | (out_.empty() ? 0 : POLLOUT));
  std::array<pollfd, 5> all{{{talk_.port, port_events, 0},
                             {for_input_.empty() ? -1 : input_, POLLOUT, 0},
                             {out_.empty() ? output_ : -1, POLLIN, 0},
                             {out_.empty() ? errors_ : -1, POLLIN, 0},
                             {status_ ? -1 : process_, POLLIN, 0}}};
  const int ready = poll(all.data(), all.size(), status_ ? last_output_ms : -1);
  if (ready == 0 && out_.empty()) {
    close_once(output_);
    close_once(errors_);
  }
  if ((all[0].revents & (POLLHUP | POLLERR)) != 0) host_gone_ = true;
  if ((all[0].revents & POLLIN) != 0) read_port();
}

void Talker::read_port() {
  std::array<char, max_frame> piece;
  const ssize_t count = read(talk_.port, piece.data(), piece.size());
  if (count == 0) host_gone_ = true;
  if (count <= 0) return;
  frames_.feed({piece.data(), static_cast<std::size_t>(count)});
  while (const auto frame = frames_.next()) obey(*frame);
  if (frames_.broken()) host_gone_ = true;
}

void Talker::obey(const Frame& frame) {
  if (frame.kind == FrameKind::window) {
    const auto window = parse_window(frame.data);
    if (window && talk_.terminal) set_window(*talk_.terminal, *window);
  } else if (frame.data.empty()) {
    input_over_ = true;
  } else if (input_ >= 0) {
    for_input_ += frame.data;
  }
}

void Talker::write_input() {
  while (input_ >= 0 && !for_input_.empty()) {
    const ssize_t count = write(input_, for_input_.data(), for_input_.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    // Nobody reads it any more.
    if (count < 0) close_once(input_);
    for_input_.erase(0, count < 0 ? std::string::npos : static_cast<std::size_t>(count));
  }
  if (input_over_) close_once(input_);
}

void Talker::pass(int& from, FrameKind kind) {
  if (from < 0 || !out_.empty()) return;
  std::array<char, max_frame> piece;
  const ssize_t count = read(from, piece.data(), piece.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return close_once(from);
  out_ += encode_frame(kind, {piece.data(), static_cast<std::size_t>(count)});
}

void Talker::write_port() {
  while (!out_.empty()) {
    const ssize_t count = write(talk_.port, out_.data(), out_.size());
    if (count <= 0) return;
    out_.erase(0, static_cast<std::size_t>(count));
  }
}

void Talker::reap() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
}

/// A terminal appears a moment after its driver was bound.
int open_terminal() {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  int fd = -1;
  while ((fd = open(talk_terminal, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0 &&
         std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return fd;
}

}  // namespace

int talk(const Talk& talk) {
  signal(SIGPIPE, SIG_IGN);
  if (talk.terminal) set_window(*talk.terminal, talk.window);
  Talker talker(talk);
  if (!talker.start()) return refuse("cannot start " + talk.argv.front());
  return talker.run();
}

int talk_main(const std::vector<std::string>& arguments) {
  Talk request;
  std::size_t command = 1;
  if (!arguments.empty() && arguments[0] != "-") {
    command = 2;
    const auto window =
        parse_window(arguments[0] + " " + (arguments.size() > 1 ? arguments[1] : ""));
    if (!window) return refuse("talk: no window");
    request.window = *window;
    const int terminal = open_terminal();
    if (terminal < 0) return refuse(std::string("cannot open ") + talk_terminal);
    request.terminal = terminal;
  }
  if (arguments.size() <= command) return refuse("talk: no command");
  request.argv.assign(arguments.begin() + static_cast<std::ptrdiff_t>(command), arguments.end());
  const auto port = Port::find(talk_port_name, patience);
  if (!port) return refuse(std::string("no virtio port is called ") + talk_port_name);
  request.port = *port;
  return talk(request);
}

}  // namespace kmatrix::agent
