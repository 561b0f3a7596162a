// SPDX-License-Identifier: GPL-2.0-or-later
// PID 1 of a guest. It must never return: the kernel panics when PID 1 exits.
#include <signal.h>
#include <sys/reboot.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "agent/agent.h"
#include "agent/guest_root.h"
#include "agent/kernel_log.h"
#include "agent/resources.h"
#include "agent/talk.h"

namespace {
using namespace kmatrix::agent;

void block_sigchld() {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, nullptr);
}

/// The port can be told of a failure only where /sys and /dev are there; the log always is.
void report(Port* port, const std::string& problem) {
  write_kernel_log("kmatrix: agent failed: " + problem);
  if (!port) return;
  port->send(encode(Failed{problem}));
  port->drain(std::chrono::seconds(5));
}

void serve() {
  Problem problem = open_devices();
  if (!problem) problem = set_up_root();
  set_up_environment();
  const auto fd = Port::find(port_name, std::chrono::seconds(30));
  if (!fd) {
    report(nullptr, problem.value_or(std::string("no virtio port is called ") + port_name));
    return;
  }
  Port port(*fd);
  if (problem) {
    report(&port, *problem);
    return;
  }
  try {
    // Everything but PID 1 itself belongs to the case at hand.
    Agent(port, {write_kernel_log, [] { kill(-1, SIGKILL); }, read_taint, exhausted}).serve();
  } catch (const std::exception& failure) {
    report(&port, failure.what());
  }
}
}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "talk") return talk_main({argv + 2, argv + argc});
  if (getpid() != 1) {
    std::fputs("kmatrix-agent: this is the init of kmatrix guests; it runs as PID 1 only\n",
               stderr);
    return 2;
  }
  block_sigchld();
  try {
    serve();
  } catch (const std::exception& failure) {
    report(nullptr, failure.what());
  }
  sync();
  reboot(RB_POWER_OFF);
  while (true) pause();
}
