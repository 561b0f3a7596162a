// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <libvirt/libvirt.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "machine/byte_source.h"
#include "machine/libvirt_calls.h"
#include "support/result.h"

namespace kmatrix::machine {

/// A console or channel of a domain as a non-blocking libvirt stream. All calls but the factory on
/// the event loop's thread.
class GuestStream : public ByteSource {
 public:
  /// Connects the stream to its end in the domain: virDomainOpenConsole or virDomainOpenChannel.
  using Open = std::function<int(virStreamPtr)>;

  static Result<std::unique_ptr<GuestStream>> open(virConnectPtr connection, const Open& open,
                                                   const std::string& what, Bytes bytes);
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
  GuestStream(StreamPtr stream, std::string what, Bytes bytes);
  void on_event(int events);
  /// What virStreamRecv returned: bytes, 0 at the end, -2 if there is nothing yet, -1.
  int receive_some();
  void send_some();
  void watch_again();
  void stop_watching();
  StreamPtr stream_;
  std::string what_;
  Bytes bytes_;
  std::string outgoing_;
  std::atomic<std::size_t> unsent_ = 0;
  bool watching_ = false;
  bool paused_ = false;
};

}  // namespace kmatrix::machine
