// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "spec/experiment.h"
#include "support/clock.h"
#include "support/result.h"

namespace kmatrix::machine {

/// All that a virtual machine is made of.
struct Hardware {
  std::string name;  ///< unique domain name
  spec::Machine machine;
  std::filesystem::path kernel;              ///< Image (arm64) or vmlinux/bzImage (x86_64)
  std::vector<std::filesystem::path> disks;  ///< read-only raw images: vda the root, vdb the cell's
  std::string command_line;                  ///< of the kernel
  double slowness = 1;  ///< to be expected, for the deadline of the boot (slowness.h)
  bool talk = false;    ///< with a terminal and a port for `kmatrix shell` (agent/talk_frame.h)
};

/// What a guest sends and how it ends, in the order in which it happened. Called from one thread
/// of the hypervisor at a time.
struct GuestEvents {
  std::function<void(std::string_view)> console;  ///< bytes, from the first one on
  std::function<void(std::string_view)> channel;  ///< bytes of the agent's port
  std::function<void(std::string)> stopped;       ///< the machine is gone: why, in words
  /// The machine is gone through no doing of the guest (QEMU was killed, the connection is lost):
  /// called instead of `stopped`, unless it is empty.
  std::function<void(std::string)> broken = {};
};

/// A running machine. Its destructor destroys the domain and waits until that is done.
class Guest {
 public:
  virtual ~Guest() = default;
  virtual Status send(std::string_view bytes) = 0;  ///< to the agent's port
  virtual void destroy() = 0;                       ///< at once; `stopped` follows
  /// How long a CPU of the machine was ready to run and the host ran something else, since the
  /// machine's start; of the CPU that waited longest. 0 where the host cannot tell.
  virtual support::Seconds waited() = 0;
};

/// Makes machines. The real one is LibvirtHypervisor; unit tests have a scripted one.
class Hypervisor {
 public:
  virtual ~Hypervisor() = default;
  /// Starts a machine. Every Error is ours (infrastructure), never the kernel's.
  virtual Result<std::unique_ptr<Guest>> start(const Hardware& hardware, GuestEvents events) = 0;
};

/// Kernel command line for direct boot into the agent on the read-only root.
std::string command_line(const spec::Machine& machine);

}  // namespace kmatrix::machine
