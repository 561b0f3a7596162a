// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "machine/event_loop.h"
#include "machine/guest_stream.h"
#include "machine/hypervisor.h"
#include "machine/libvirt_calls.h"

namespace kmatrix::machine {

/// A domain's bytes and end, seen from the event loop's thread. All calls there, but for those
/// said to be for any thread.
class GuestFeed {
 public:
  explicit GuestFeed(GuestEvents events) : events_(std::move(events)) {}
  /// Starts to deliver. The driver that is part of this process has a `console_log`, and no
  /// streams.
  Status open(virDomainPtr domain, const std::filesystem::path& console_log);
  void send(std::string_view bytes);
  /// The machine is gone: delivers the rest, and then its end. Only the first call counts.
  void end(const std::string& why, bool broken);
  /// No callback comes after this.
  void close();
  bool over() const { return over_; }                                       ///< for any thread
  std::size_t unsent() const { return channel_ ? channel_->unsent() : 0; }  ///< for any thread

 private:
  GuestEvents events_;
  std::unique_ptr<ByteSource> console_;
  std::unique_ptr<GuestStream> channel_;
  bool closed_ = false;
  std::atomic<bool> over_ = false;
};

/// A domain, from its creation in `start` on.
class LibvirtGuest : public Guest {
 public:
  /// Creates the domain paused, connects to it, and lets it run: nothing that it says is missed.
  static Result<std::unique_ptr<Guest>> start(std::shared_ptr<EventLoop> loop,
                                              virConnectPtr connection, const std::string& xml,
                                              const std::filesystem::path& console_log,
                                              std::shared_ptr<GuestFeed> feed);
  ~LibvirtGuest() override;
  Status send(std::string_view bytes) override;
  void destroy() override;
  support::Seconds waited() override;

 private:
  LibvirtGuest(std::shared_ptr<EventLoop> loop, DomainPtr domain, std::filesystem::path console_log,
               std::shared_ptr<GuestFeed> feed);
  Status connect();
  Status watch_lifecycle();
  std::shared_ptr<EventLoop> loop_;
  DomainPtr domain_;
  std::filesystem::path console_log_;
  std::shared_ptr<GuestFeed> feed_;
  int lifecycle_ = -1;
};

}  // namespace kmatrix::machine
