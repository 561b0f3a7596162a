// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/hypervisor.h"

namespace kmatrix::machine {

std::string command_line(const spec::Machine& machine) {
  const std::string console = machine.arch == "x86_64" ? "ttyS0" : "ttyAMA0";
  // panic=-1 resets at once, which ends the machine; loglevel=8 so that the console has all that
  // the kernel says; printk.devkmsg=on so that the agent's markers are never rate-limited.
  return "console=" + console +
         " root=/dev/vda rootfstype=erofs ro init=/sbin/kmatrix-agent panic=-1 loglevel=8"
         " printk.time=1 printk.devkmsg=on" +
         (machine.kernel_args.empty() ? "" : " " + machine.kernel_args);
}

}  // namespace kmatrix::machine
