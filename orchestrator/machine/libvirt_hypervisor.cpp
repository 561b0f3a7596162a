// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/libvirt_hypervisor.h"

#include <fmt/format.h>

#include <mutex>
#include <optional>
#include <pugixml.hpp>
#include <utility>
#include <vector>

#include "agent/talk_frame.h"
#include "machine/adopted_processes.h"
#include "machine/embedded_root.h"
#include "machine/event_loop.h"
#include "machine/libvirt_calls.h"
#include "machine/libvirt_guest.h"
#include "support/digest.h"

namespace kmatrix::machine {

namespace fs = std::filesystem;

namespace {

constexpr char install_hint[] = "install qemu-system-arm and libvirt-daemon-driver-qemu";

/// The feeds of a connection's guests, to be told when it breaks. Lives on the event loop.
using Feeds = std::vector<std::weak_ptr<GuestFeed>>;

/// The folder of the driver that is embedded in this process. libvirt keeps that driver until the
/// process ends, so the lock on its folder must be kept as long.
Result<fs::path> embedded_root(const fs::path& runtime_folder) {
  static std::mutex mutex;
  static std::optional<EmbeddedRoot> root;
  const std::scoped_lock lock(mutex);
  if (!root) {
    auto taken = EmbeddedRoot::take(runtime_folder);
    if (!taken) return taken.error();
    root = std::move(*taken);
  }
  return root->path();
}

/// The host in a URI such as qemu+ssh://user@host/system; "" for one of this machine.
std::string host_of(const std::string& uri) {
  const std::size_t scheme = uri.find("://");
  if (scheme == std::string::npos) return {};
  const std::size_t start = scheme + 3;
  return uri.substr(start, uri.find_first_of("/?", start) - start);
}

/// Run as root, the driver wants the account of its package to be there, even if no QEMU uses it.
std::string connect_hint(const std::string& said) {
  if (said.find("Failed to parse user") == std::string::npos) return install_hint;
  return "run as an ordinary user, or make that account: useradd --system --user-group "
         "--no-create-home --shell /usr/sbin/nologin libvirt-qemu";
}

std::string version_text(unsigned long version) {
  return fmt::format("{}.{}.{}", version / 1'000'000, version / 1'000 % 1'000, version % 1'000);
}

void on_connection_lost(virConnectPtr, int, void* opaque) {
  for (const auto& each : **static_cast<std::shared_ptr<Feeds>*>(opaque))
    if (const auto feed = each.lock()) feed->end("the connection to libvirt was lost", true);
}

void free_feeds(void* opaque) { delete static_cast<std::shared_ptr<Feeds>*>(opaque); }

}  // namespace

struct LibvirtHypervisor::State {
  std::shared_ptr<EventLoop> loop;
  std::string uri;
  fs::path root;                              ///< of the embedded driver; empty for any other
  std::unique_ptr<AdoptedProcesses> adopted;  ///< with the embedded driver alone
  ConnectionPtr connection;
  std::shared_ptr<Feeds> feeds = std::make_shared<Feeds>();

  Result<std::string> emulator(const spec::Machine& machine) const;
  void watch_connection();
  /// To be held while libvirt may start QEMU, be it to ask it what it can do.
  std::optional<AdoptedProcesses::Search> search() const {
    if (!adopted) return std::nullopt;
    return std::optional<AdoptedProcesses::Search>(std::in_place, *adopted);
  }
  void remember(const std::shared_ptr<GuestFeed>& feed);
  Result<std::unique_ptr<GuestPipe>> open_pipe(const std::string& machine, const Port& port) const;
};

/// What the host can run is asked of libvirt, so that it also holds for another host.
Result<std::string> LibvirtHypervisor::State::emulator(const spec::Machine& machine) const {
  const std::string arch = qemu_arch(machine.arch);
  const std::string type = domain_type(machine.accel);
  const TextPtr answer(virConnectGetDomainCapabilities(connection.get(), nullptr, arch.c_str(),
                                                       qemu_machine(machine.arch).c_str(),
                                                       type.c_str(), 0));
  if (!answer)
    return libvirt_error(fmt::format("this host cannot run {} machines under {}", machine.arch,
                                     to_string(machine.accel)),
                         install_hint);
  pugi::xml_document document;
  document.load_string(answer.get());
  const std::string path = document.child("domainCapabilities").child("path").text().get();
  if (path.empty())
    return support::infrastructure_error("libvirt names no emulator for " + arch, install_hint);
  return path;
}

void LibvirtHypervisor::State::watch_connection() {
  // The embedded driver has no connection to lose; it takes the callback and never frees it.
  if (!root.empty()) return;
  auto shared = std::make_unique<std::shared_ptr<Feeds>>(feeds);
  if (virConnectRegisterCloseCallback(connection.get(), on_connection_lost, shared.get(),
                                      free_feeds) == 0)
    (void)shared.release();
}

void LibvirtHypervisor::State::remember(const std::shared_ptr<GuestFeed>& feed) {
  loop->post([all = feeds, weak = std::weak_ptr<GuestFeed>(feed)] {
    std::erase_if(*all, [](const auto& each) { return each.expired(); });
    all->push_back(weak);
  });
}

Result<std::unique_ptr<GuestPipe>> LibvirtHypervisor::State::open_pipe(const std::string& machine,
                                                                       const Port& port) const {
  const DomainPtr domain(virDomainLookupByName(connection.get(), machine.c_str()));
  if (!domain) return libvirt_error("there is no machine " + machine);
  auto wire = root.empty() ? stream_wire(domain.get(), port) : local_wire(domain.get(), port);
  if (!wire) return wire.error();
  return GuestPipe::open(loop, std::move(*wire));
}

Result<std::unique_ptr<LibvirtHypervisor>> LibvirtHypervisor::connect(const Options& options) {
  auto state = std::make_unique<State>();
  state->uri = options.uri;
  if (const std::string host = host_of(options.uri); !host.empty()) {
    return support::infrastructure_error(
        fmt::format(
            "remote URIs need kernel and disks to be uploaded to {}, which is not supported "
            "yet: {}",
            host, options.uri),
        "use a URI of this machine, such as qemu:///system");
  }
  if (options.uri.empty()) {
    auto root = embedded_root(options.runtime_folder);
    if (!root) return root.error();
    state->root = *root;
    state->uri = "qemu:///embed?root=" + root->string();
  }
  state->loop = EventLoop::shared();
  if (!state->root.empty()) state->adopted = std::make_unique<AdoptedProcesses>(state->loop);
  const auto search = state->search();
  state->connection.reset(virConnectOpen(state->uri.c_str()));
  if (!state->connection) {
    Error error = libvirt_error("cannot connect to " + state->uri);
    error.hint = connect_hint(error.message);
    return error;
  }
  state->watch_connection();
  return std::unique_ptr<LibvirtHypervisor>(new LibvirtHypervisor(std::move(state)));
}

LibvirtHypervisor::LibvirtHypervisor(std::unique_ptr<State> state) : state_(std::move(state)) {}

LibvirtHypervisor::~LibvirtHypervisor() {
  if (state_->root.empty())
    virConnectUnregisterCloseCallback(state_->connection.get(), on_connection_lost);
}

Result<std::unique_ptr<Guest>> LibvirtHypervisor::start(const Hardware& hardware,
                                                        GuestEvents events) {
  const auto search = state_->search();
  auto emulator = state_->emulator(hardware.machine);
  if (!emulator) return emulator.error();
  fs::path console_log;
  if (!state_->root.empty())
    console_log = state_->root / "console" / (support::digest_of(hardware.name).brief() + ".log");
  auto feed = std::make_shared<GuestFeed>(std::move(events));
  auto guest = LibvirtGuest::start(state_->loop, state_->connection.get(),
                                   domain_xml(hardware, *emulator, console_log), console_log, feed);
  if (guest) state_->remember(feed);
  return support::with_context(std::move(guest), "while starting machine " + hardware.name);
}

Result<std::unique_ptr<GuestPipe>> LibvirtHypervisor::open_talk_port(const std::string& machine) {
  return state_->open_pipe(machine, {Port::Kind::channel, agent::talk_port_name, "port"});
}

Result<std::unique_ptr<GuestPipe>> LibvirtHypervisor::open_terminal(const std::string& machine) {
  return state_->open_pipe(machine, {Port::Kind::console, terminal_alias, "terminal"});
}

std::string LibvirtHypervisor::description() const {
  unsigned long libvirt = 0, qemu = 0;
  std::string text = "libvirt";
  if (virConnectGetLibVersion(state_->connection.get(), &libvirt) == 0)
    text += " " + version_text(libvirt);
  const auto search = state_->search();
  // Known only where QEMU for the host's own architecture is installed.
  if (virConnectGetVersion(state_->connection.get(), &qemu) == 0 && qemu != 0)
    text += ", QEMU " + version_text(qemu);
  return text + ", " + state_->uri.substr(0, state_->uri.find('?'));
}

}  // namespace kmatrix::machine
