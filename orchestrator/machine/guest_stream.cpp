// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/guest_stream.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kmatrix::machine {

namespace {
constexpr std::size_t chunk = 64 * 1024;
constexpr int would_block = -2;
}  // namespace

Result<std::unique_ptr<GuestStream>> GuestStream::open(virConnectPtr connection, const Open& open,
                                                       const std::string& what, Bytes bytes) {
  StreamPtr stream(virStreamNew(connection, VIR_STREAM_NONBLOCK));
  if (!stream || open(stream.get()) < 0) return libvirt_error("cannot open the guest's " + what);
  return std::unique_ptr<GuestStream>(new GuestStream(std::move(stream), what, std::move(bytes)));
}

GuestStream::GuestStream(StreamPtr stream, std::string what, Bytes bytes)
    : stream_(std::move(stream)), what_(std::move(what)), bytes_(std::move(bytes)) {}

GuestStream::~GuestStream() { close(); }

Status GuestStream::start() {
  const auto on_stream_event = [](virStreamPtr, int events, void* self) {
    static_cast<GuestStream*>(self)->on_event(events);
  };
  if (virStreamEventAddCallback(stream_.get(), VIR_STREAM_EVENT_READABLE, on_stream_event, this,
                                nullptr) < 0)
    return libvirt_error("cannot watch the guest's " + what_);
  watching_ = true;
  return {};
}

void GuestStream::on_event(int events) {
  constexpr int ended = VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP;
  if ((events & VIR_STREAM_EVENT_WRITABLE) != 0) send_some();
  const int received = paused_ ? would_block : receive_some();
  const bool hung_up = (events & ended) != 0 && received == would_block;
  // A closed stream would wake the loop for ever.
  if (hung_up || (received <= 0 && received != would_block))
    stop_watching();
  else
    watch_again();
}

int GuestStream::receive_some() {
  std::array<char, chunk> buffer;
  const int count = virStreamRecv(stream_.get(), buffer.data(), buffer.size());
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
    const int count =
        virStreamSend(stream_.get(), outgoing_.data(), std::min(outgoing_.size(), chunk));
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
  if (watching_) virStreamEventUpdateCallback(stream_.get(), readable | writable);
}

void GuestStream::stop_watching() {
  if (std::exchange(watching_, false)) virStreamEventRemoveCallback(stream_.get());
}

void GuestStream::drain() {
  // What a socket or pty still holds has an end: the machine that wrote to it is gone.
  while (stream_ && receive_some() > 0) {
  }
}

void GuestStream::close() {
  if (!stream_) return;
  stop_watching();
  virStreamAbort(stream_.get());
  stream_.reset();
}

}  // namespace kmatrix::machine
