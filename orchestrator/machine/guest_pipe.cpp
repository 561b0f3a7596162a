// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/guest_pipe.h"

#include <utility>

namespace kmatrix::machine {

Result<std::unique_ptr<GuestPipe>> GuestPipe::open(std::shared_ptr<EventLoop> loop,
                                                   std::unique_ptr<Wire> wire) {
  auto state = std::make_shared<State>();
  Status started;
  state->stream = std::make_unique<GuestStream>(
      std::move(wire), [raw = state.get()](std::string_view bytes) { take(*raw, bytes); });
  loop->run([&] { started = state->stream->start(); });
  auto pipe = std::unique_ptr<GuestPipe>(new GuestPipe(std::move(loop), std::move(state)));
  if (!started) return started.error();
  return pipe;
}

GuestPipe::~GuestPipe() {
  // Nothing may be on its way to the state when that goes.
  loop_->run([this] { state_->stream.reset(); });
}

void GuestPipe::take(State& state, std::string_view bytes) {
  const std::scoped_lock lock(state.mutex);
  state.bytes += bytes;
  state.arrived.notify_all();
  if (state.bytes.size() < most_waiting || state.paused) return;
  state.paused = true;
  state.stream->pause();
}

bool GuestPipe::send(std::string_view bytes) {
  if (state_->posted + state_->stream->unsent() + bytes.size() > most_waiting) return false;
  state_->posted += bytes.size();
  loop_->post([state = state_, text = std::string(bytes)] {
    if (state->stream) state->stream->send(text);
    state->posted -= text.size();
  });
  return true;
}

std::string GuestPipe::receive(support::Seconds time, const std::stop_token& stop) {
  std::unique_lock lock(state_->mutex);
  state_->arrived.wait_for(lock, stop, time, [this] { return !state_->bytes.empty(); });
  if (std::exchange(state_->paused, false)) {
    loop_->post([state = state_] {
      if (state->stream) state->stream->resume();
    });
  }
  return std::exchange(state_->bytes, {});
}

}  // namespace kmatrix::machine
