// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <pugixml.hpp>
#include <utility>

#include "machine/libvirt_calls.h"
#include "machine/wire.h"

namespace kmatrix::machine {

namespace {

// The two kinds of events have the same numbers.
static_assert(int{VIR_STREAM_EVENT_READABLE} == int{VIR_EVENT_HANDLE_READABLE} &&
              int{VIR_STREAM_EVENT_WRITABLE} == int{VIR_EVENT_HANDLE_WRITABLE} &&
              int{VIR_STREAM_EVENT_ERROR} == int{VIR_EVENT_HANDLE_ERROR} &&
              int{VIR_STREAM_EVENT_HANGUP} == int{VIR_EVENT_HANDLE_HANGUP});

int counted(ssize_t count) {
  if (count >= 0) return static_cast<int>(count);
  return errno == EAGAIN || errno == EINTR ? Wire::would_block : -1;
}

class LocalWire : public Wire {
 public:
  explicit LocalWire(int file) : file_(file) {}
  ~LocalWire() override {
    unwatch();
    close(file_);
  }
  int receive(std::span<char> into) override {
    return counted(read(file_, into.data(), into.size()));
  }
  int send(std::string_view bytes) override {
    const ssize_t count = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    const bool pty = count < 0 && errno == ENOTSOCK;
    return counted(pty ? write(file_, bytes.data(), bytes.size()) : count);
  }
  bool watch(int events, Ready ready) override {
    const auto on_event = [](int, int, int happened, void* self) {
      static_cast<LocalWire*>(self)->ready_(happened);
    };
    ready_ = std::move(ready);
    handle_ = virEventAddHandle(file_, events, on_event, this, nullptr);
    return handle_ >= 0;
  }
  void watch(int events) override { virEventUpdateHandle(handle_, events); }
  void unwatch() override {
    if (handle_ >= 0) virEventRemoveHandle(std::exchange(handle_, -1));
  }

 private:
  int file_;
  int handle_ = -1;
  Ready ready_;
};

/// Where QEMU has the port: a socket for a channel, a pty for a console.
std::string path_of(const pugi::xml_document& domain, const Port& port) {
  const bool channel = port.kind == Port::Kind::channel;
  const pugi::xml_node devices = domain.child("domain").child("devices");
  for (const auto& each : devices.children(channel ? "channel" : "console")) {
    const std::string name = channel ? each.child("target").attribute("name").value()
                                     : each.child("alias").attribute("name").value();
    if (name == port.name) return each.child("source").attribute("path").value();
  }
  return {};
}

/// -1 on failure, with errno.
int connect_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  path.copy(address.sun_path, path.size());
  const int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the interface of sockets
  if (connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return file;
  const int failure = errno;
  if (file >= 0) close(file);
  errno = failure;
  return -1;
}

// QEMU has set the pty to raw (util/qemu-openpty.c).
int open_pty(const std::string& path) {
  return open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

}  // namespace

Result<std::unique_ptr<Wire>> local_wire(virDomainPtr domain, const Port& port) {
  const TextPtr xml(virDomainGetXMLDesc(domain, 0));
  if (!xml) return libvirt_error("cannot find the guest's " + port.what);
  pugi::xml_document document;
  document.load_string(xml.get());
  const std::string path = path_of(document, port);
  if (path.empty()) return support::infrastructure_error("the guest has no " + port.what);
  const int file = port.kind == Port::Kind::channel ? connect_socket(path) : open_pty(path);
  if (file < 0)
    return support::infrastructure_error(
        fmt::format("cannot open the guest's {}, {}: {}", port.what, path, std::strerror(errno)));
  return std::unique_ptr<Wire>(new LocalWire(file));
}

}  // namespace kmatrix::machine
