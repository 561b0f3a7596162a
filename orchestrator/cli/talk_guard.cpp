// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/talk_guard.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "machine/embedded_root.h"

namespace kmatrix::cli {

namespace {

constexpr char all_is_well = 'w';

/// A dying process closes its files one after the other, and what the guard looks at (the lock of
/// a root) may be closed after the wire: so it waits for the process to be gone.
void wait_until_gone(int process) {
  pollfd end{process, POLLIN, 0};
  while (process >= 0 && poll(&end, 1, -1) < 0 && errno == EINTR) {
  }
}

[[noreturn]] void stand_guard(int process, int wire, const std::filesystem::path& runtime_folder) {
  setsid();  // what the terminal sends to our process group must not reach it
  for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGTTOU}) signal(each, SIG_IGN);
  termios before{};
  const bool has_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
  char byte = 0;
  if (read(wire, &byte, 1) == 1 && byte == all_is_well) _exit(0);
  if (has_terminal) tcsetattr(STDIN_FILENO, TCSANOW, &before);
  wait_until_gone(process);
  // Taking a root cleans up what those who died have left in theirs.
  const auto cleaned = machine::EmbeddedRoot::take(runtime_folder);
  _exit(cleaned ? 0 : 1);
}

}  // namespace

TalkGuard::TalkGuard(const std::filesystem::path& runtime_folder) {
  int wire[2] = {-1, -1};
  if (pipe2(wire, O_CLOEXEC) != 0) return;
  // As a system call: the <sys/pidfd.h> of glibc 2.36 has no C++ linkage.
  const int process = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
  pid_ = fork();
  if (pid_ == 0) {
    close(wire[1]);
    stand_guard(process, wire[0], runtime_folder);
  }
  if (process >= 0) close(process);
  close(wire[0]);
  wire_ = wire[1];
}

TalkGuard::~TalkGuard() {
  if (wire_ < 0) return;
  [[maybe_unused]] const auto written = write(wire_, &all_is_well, 1);
  close(wire_);
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
}

}  // namespace kmatrix::cli
