// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/guest_stream.h"

#include <array>
#include <utility>

#include "machine/libvirt_calls.h"

namespace kmatrix::machine {

namespace {
constexpr std::size_t chunk = 64 * 1024;
}  // namespace

GuestStream::~GuestStream() { close(); }

Status GuestStream::start() {
  watching_ = wire_->watch(VIR_STREAM_EVENT_READABLE, [this](int events) { on_event(events); });
  if (!watching_) return libvirt_error("cannot watch a port of the guest");
  return {};
}

void GuestStream::on_event(int events) {
  constexpr int ended = VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP;
  if ((events & VIR_STREAM_EVENT_WRITABLE) != 0) send_some();
  const int received = paused_ ? Wire::would_block : receive_some();
  const bool hung_up = (events & ended) != 0 && received == Wire::would_block;
  // A closed stream would wake the loop for ever.
  if (hung_up || (received <= 0 && received != Wire::would_block))
    stop_watching();
  else
    watch_again();
}

int GuestStream::receive_some() {
  std::array<char, chunk> buffer;
  const int count = wire_->receive(buffer);
  if (count > 0) bytes_({buffer.data(), static_cast<std::size_t>(count)});
  return count;
}

void GuestStream::send(std::string_view bytes) {
  outgoing_ += bytes;
  unsent_ = outgoing_.size();
  if (!watching_) return;
  send_some();
  watch_again();
}

void GuestStream::send_some() {
  while (!outgoing_.empty()) {
    const int count = wire_->send(std::string_view(outgoing_).substr(0, chunk));
    if (count <= 0) return;
    outgoing_.erase(0, static_cast<std::size_t>(count));
    unsent_ = outgoing_.size();
  }
}

void GuestStream::pause() {
  paused_ = true;
  watch_again();
}

void GuestStream::resume() {
  paused_ = false;
  // At its end it is no longer watched, and has only what it still holds.
  if (!watching_) drain();
  watch_again();
}

void GuestStream::watch_again() {
  const int writable = outgoing_.empty() ? 0 : VIR_STREAM_EVENT_WRITABLE;
  const int readable = paused_ ? 0 : VIR_STREAM_EVENT_READABLE;
  if (watching_) wire_->watch(readable | writable);
}

void GuestStream::stop_watching() {
  if (std::exchange(watching_, false)) wire_->unwatch();
}

void GuestStream::drain() {
  // What a socket or pty still holds has an end: the machine that wrote to it is gone.
  while (wire_ && receive_some() > 0) {
  }
}

void GuestStream::close() {
  watching_ = false;
  wire_.reset();
}

}  // namespace kmatrix::machine
