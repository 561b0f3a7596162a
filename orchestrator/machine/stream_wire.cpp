// SPDX-License-Identifier: GPL-2.0-or-later
#include <utility>

#include "machine/libvirt_calls.h"
#include "machine/wire.h"

namespace kmatrix::machine {

namespace {

/// virStreamRecv and virStreamSend return -2 where they would block.
static_assert(Wire::would_block == -2);

class StreamWire : public Wire {
 public:
  explicit StreamWire(StreamPtr stream) : stream_(std::move(stream)) {}
  ~StreamWire() override {
    unwatch();
    virStreamAbort(stream_.get());
  }
  int receive(std::span<char> into) override {
    return virStreamRecv(stream_.get(), into.data(), into.size());
  }
  int send(std::string_view bytes) override {
    return virStreamSend(stream_.get(), bytes.data(), bytes.size());
  }
  bool watch(int events, Ready ready) override {
    const auto on_event = [](virStreamPtr, int happened, void* self) {
      static_cast<StreamWire*>(self)->ready_(happened);
    };
    ready_ = std::move(ready);
    watching_ = virStreamEventAddCallback(stream_.get(), events, on_event, this, nullptr) == 0;
    return watching_;
  }
  void watch(int events) override { virStreamEventUpdateCallback(stream_.get(), events); }
  void unwatch() override {
    if (std::exchange(watching_, false)) virStreamEventRemoveCallback(stream_.get());
  }

 private:
  StreamPtr stream_;
  bool watching_ = false;
  Ready ready_;
};

int open(virDomainPtr domain, const Port& port, virStreamPtr stream) {
  if (port.kind == Port::Kind::channel)
    return virDomainOpenChannel(domain, port.name.c_str(), stream, 0);
  const char* alias = port.name.empty() ? nullptr : port.name.c_str();
  return virDomainOpenConsole(domain, alias, stream, VIR_DOMAIN_CONSOLE_FORCE);
}

}  // namespace

Result<std::unique_ptr<Wire>> stream_wire(virDomainPtr domain, const Port& port) {
  StreamPtr stream(virStreamNew(virDomainGetConnect(domain), VIR_STREAM_NONBLOCK));
  if (!stream || open(domain, port, stream.get()) < 0)
    return libvirt_error("cannot open the guest's " + port.what);
  return std::unique_ptr<Wire>(new StreamWire(std::move(stream)));
}

}  // namespace kmatrix::machine
