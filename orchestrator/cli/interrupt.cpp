// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>

#include "cli/exit_code.h"
#include "cli/screen.h"

namespace kmatrix::cli {

namespace {
// A signal handler can reach nothing but a global.
int wake_pipe[2] = {-1, -1};
void wake(int) {
  const char byte = 's';
  [[maybe_unused]] const auto written = write(wake_pipe[1], &byte, 1);
}
}  // namespace

Interrupt::Interrupt() {
  if (pipe2(wake_pipe, O_CLOEXEC) != 0) return;
  struct sigaction action {};
  action.sa_handler = wake;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  listener_ = std::jthread([this] {
    char byte = 0;
    while (read(wake_pipe[0], &byte, 1) == 1 && byte == 's') {
      if (source_.stop_requested()) {
        manners_.leave();
        _exit(exit_interrupted);
      }
      // Over the first line of the board, if there is one: it comes back below.
      if (!manners_.quiet())
        std::fprintf(stderr, "%skmatrix: stopping; once more to leave at once\n",
                     can_draw() ? "\r\x1b[K" : "");
      source_.request_stop();
    }
  });
}

Interrupt::~Interrupt() {
  const char byte = 'q';
  [[maybe_unused]] const auto written = write(wake_pipe[1], &byte, 1);
}

}  // namespace kmatrix::cli
