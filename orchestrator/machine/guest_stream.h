// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "machine/byte_source.h"
#include "machine/wire.h"
#include "support/result.h"

namespace kmatrix::machine {

/// What goes over the wire to a port of a domain. All calls on the event loop's thread.
class GuestStream : public ByteSource {
 public:
  GuestStream(std::unique_ptr<Wire> wire, Bytes bytes)
      : wire_(std::move(wire)), bytes_(std::move(bytes)) {}
  ~GuestStream() override;
  /// Starts to deliver what arrives.
  Status start();
  /// Takes bytes for the guest; they leave as the guest reads them.
  void send(std::string_view bytes);
  /// Delivers nothing for a while: what the guest sends waits, and then so does the guest.
  void pause();
  void resume();
  /// Bytes taken and not yet sent; from any thread.
  std::size_t unsent() const { return unsent_; }
  void drain() override;
  void close() override;

 private:
  void on_event(int events);
  /// As Wire::receive.
  int receive_some();
  void send_some();
  void watch_again();
  void stop_watching();
  std::unique_ptr<Wire> wire_;
  Bytes bytes_;
  std::string outgoing_;
  std::atomic<std::size_t> unsent_ = 0;
  bool watching_ = false;
  bool paused_ = false;
};

}  // namespace kmatrix::machine
