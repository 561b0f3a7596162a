// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/libvirt_guest.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "agent/protocol.h"
#include "machine/console_file.h"

namespace kmatrix::machine {

namespace {

/// A guest that does not read is either dead or hostile; nothing that we send is near this.
constexpr std::size_t most_unsent = 1 << 20;

using FeedPtr = std::shared_ptr<GuestFeed>;

struct End {
  const char* why;
  bool broken;
};

End end_of(int detail) {
  switch (detail) {
    case VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN:
      return {"the machine switched itself off or reset itself", false};
    case VIR_DOMAIN_EVENT_STOPPED_DESTROYED:
      return {"the machine was destroyed", false};
    case VIR_DOMAIN_EVENT_STOPPED_CRASHED:
      return {"the machine crashed", false};
    case VIR_DOMAIN_EVENT_STOPPED_FAILED:
      return {"QEMU ended unexpectedly: it crashed or was killed", true};
    default:
      return {"the machine was taken away by another user of libvirt", true};
  }
}

int on_lifecycle(virConnectPtr, virDomainPtr, int event, int detail, void* opaque) {
  const End end = end_of(detail);
  if (event == VIR_DOMAIN_EVENT_STOPPED) (*static_cast<FeedPtr*>(opaque))->end(end.why, end.broken);
  return 0;
}

void free_feed(void* opaque) { delete static_cast<FeedPtr*>(opaque); }

}  // namespace

Status GuestFeed::open(virDomainPtr domain, const std::filesystem::path& console_log) {
  const bool local = !console_log.empty();
  const Port port{Port::Kind::channel, agent::port_name, "agent port"};
  auto wire = local ? local_wire(domain, port) : stream_wire(domain, port);
  if (!wire) return wire.error();
  channel_ = std::make_unique<GuestStream>(std::move(*wire), events_.channel);
  KMATRIX_TRY(channel_->start());
  if (local) {
    auto console = ConsoleFile::follow(console_log, events_.console);
    if (!console) return console.error();
    console_ = std::move(*console);
    return {};
  }
  wire = stream_wire(domain, {Port::Kind::console, "", "console"});
  if (!wire) return wire.error();
  auto console = std::make_unique<GuestStream>(std::move(*wire), events_.console);
  const Status started = console->start();
  console_ = std::move(console);
  return started;
}

void GuestFeed::send(std::string_view bytes) {
  if (channel_ && !over_) channel_->send(bytes);
}

void GuestFeed::end(const std::string& why, bool broken) {
  if (std::exchange(closed_, true)) return;
  if (console_) console_->drain();
  if (channel_) channel_->drain();
  over_ = true;
  if (broken && events_.broken)
    events_.broken(why);
  else
    events_.stopped(why);
}

void GuestFeed::close() {
  closed_ = true;
  over_ = true;
  if (console_) console_->close();
  if (channel_) channel_->close();
}

Result<std::unique_ptr<Guest>> LibvirtGuest::start(std::shared_ptr<EventLoop> loop,
                                                   virConnectPtr connection, const std::string& xml,
                                                   const std::filesystem::path& console_log,
                                                   std::shared_ptr<GuestFeed> feed) {
  DomainPtr domain(virDomainCreateXML(connection, xml.c_str(), VIR_DOMAIN_START_PAUSED));
  if (!domain) return libvirt_error("cannot start the machine");
  auto guest = std::unique_ptr<LibvirtGuest>(
      new LibvirtGuest(std::move(loop), std::move(domain), console_log, std::move(feed)));
  KMATRIX_TRY(guest->connect());
  return guest;
}

LibvirtGuest::LibvirtGuest(std::shared_ptr<EventLoop> loop, DomainPtr domain,
                           std::filesystem::path console_log, FeedPtr feed)
    : loop_(std::move(loop)),
      domain_(std::move(domain)),
      console_log_(std::move(console_log)),
      feed_(std::move(feed)) {}

Status LibvirtGuest::connect() {
  Status opened;
  loop_->run([&] { opened = feed_->open(domain_.get(), console_log_); });
  KMATRIX_TRY(opened);
  KMATRIX_TRY(watch_lifecycle());
  if (virDomainResume(domain_.get()) < 0) return libvirt_error("cannot let the machine run");
  return {};
}

Status LibvirtGuest::watch_lifecycle() {
  auto feed = std::make_unique<FeedPtr>(feed_);
  lifecycle_ = virConnectDomainEventRegisterAny(
      virDomainGetConnect(domain_.get()), domain_.get(), VIR_DOMAIN_EVENT_ID_LIFECYCLE,
      VIR_DOMAIN_EVENT_CALLBACK(on_lifecycle), feed.get(), free_feed);
  if (lifecycle_ < 0) return libvirt_error("cannot watch the machine's state");
  (void)feed.release();
  return {};
}

LibvirtGuest::~LibvirtGuest() {
  destroy();
  loop_->run([this] { feed_->close(); });
  if (lifecycle_ >= 0)
    virConnectDomainEventDeregisterAny(virDomainGetConnect(domain_.get()), lifecycle_);
  std::error_code ignored;
  if (!console_log_.empty()) std::filesystem::remove(console_log_, ignored);
}

Status LibvirtGuest::send(std::string_view bytes) {
  if (feed_->over()) return support::infrastructure_error("the machine is gone");
  if (feed_->unsent() + bytes.size() > most_unsent)
    return support::infrastructure_error("the guest does not read its agent port");
  loop_->post([feed = feed_, text = std::string(bytes)] { feed->send(text); });
  return {};
}

support::Seconds LibvirtGuest::waited() {
  virDomainPtr domains[] = {domain_.get(), nullptr};
  virDomainStatsRecordPtr* records = nullptr;
  // Without NOWAIT it would wait for QEMU's monitor, and with it for a QEMU that hangs.
  const int count = virDomainListGetStats(domains, VIR_DOMAIN_STATS_VCPU, &records,
                                          VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
  unsigned long long longest = 0;
  for (int i = 0; count > 0 && i < records[0]->nparams; ++i) {
    const virTypedParameter& each = records[0]->params[i];
    const std::string_view name = each.field;
    if (name.starts_with("vcpu.") && name.ends_with(".delay") &&
        each.type == VIR_TYPED_PARAM_ULLONG)
      longest = std::max(longest, each.value.ul);
  }
  if (count >= 0) virDomainStatsRecordListFree(records);
  return std::chrono::nanoseconds(longest);
}

void LibvirtGuest::destroy() {
  // It fails only if the machine is already gone, which is what is wanted.
  virDomainDestroy(domain_.get());
}

}  // namespace kmatrix::machine
