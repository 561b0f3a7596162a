// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/user_terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace kmatrix::cli {

namespace {
// A signal handler can reach nothing but a global.
int window_pipe[2] = {-1, -1};
void window_changed(int) {
  const char byte = 'w';
  [[maybe_unused]] const auto written = write(window_pipe[1], &byte, 1);
}
}  // namespace

bool UserTerminal::is_there() { return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1; }

UserTerminal::UserTerminal() {
  if (window_pipe[0] < 0 && pipe2(window_pipe, O_CLOEXEC | O_NONBLOCK) == 0) {
    struct sigaction action {};
    action.sa_handler = window_changed;
    action.sa_flags = SA_RESTART;
    sigaction(SIGWINCH, &action, nullptr);
  }
  if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
  termios raw = before_;
  cfmakeraw(&raw);
  changed_ = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

UserTerminal::~UserTerminal() {
  if (changed_) tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

agent::Window UserTerminal::window() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
    return {24, 80};
  return {size.ws_row, size.ws_col};
}

int UserTerminal::window_changes() { return window_pipe[0]; }

}  // namespace kmatrix::cli
