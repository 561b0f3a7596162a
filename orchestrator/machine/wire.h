// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <libvirt/libvirt.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "support/result.h"

namespace kmatrix::machine {

/// A console or channel of a domain. Its name is that of a channel or the alias of a console; ""
/// is the first console.
struct Port {
  enum class Kind { channel, console };
  Kind kind;
  std::string name;
  std::string what;  ///< for messages
};

/// Bytes to and from a port of a domain; nothing here waits. All calls on the event loop's thread.
/// The destructor hangs up.
class Wire {
 public:
  static constexpr int would_block = -2;
  /// Told of VIR_STREAM_EVENT_*.
  using Ready = std::function<void(int events)>;

  virtual ~Wire() = default;
  /// Bytes received, 0 at the end, would_block if there are none yet, -1.
  virtual int receive(std::span<char> into) = 0;
  /// Bytes sent, would_block or -1.
  virtual int send(std::string_view bytes) = 0;
  /// Calls `ready` whenever there is one of these events; false if that cannot be done.
  virtual bool watch(int events, Ready ready) = 0;
  /// Watches for other events.
  virtual void watch(int events) = 0;
  /// No more calls.
  virtual void unwatch() = 0;
};

/// Straight to QEMU's socket or pty, for the driver that is part of this process
/// (docs/decisions/0013-ports-of-a-machine.md).
Result<std::unique_ptr<Wire>> local_wire(virDomainPtr domain, const Port& port);

/// As a stream of libvirt's, for a driver in another process.
Result<std::unique_ptr<Wire>> stream_wire(virDomainPtr domain, const Port& port);

}  // namespace kmatrix::machine
