// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "agent/protocol.h"
#include "machine/hypervisor.h"

// For tests: machines whose guests do what a lambda says.
namespace kmatrix::machine {

/// A guest without a machine. What it says arrives before the call that makes it say so returns.
class ScriptedGuest : public Guest {
 public:
  using Reaction = std::function<void(ScriptedGuest&, const agent::FromHost&)>;
  ScriptedGuest(std::string name, GuestEvents events, Reaction reaction,
                std::atomic<int>* destroyed)
      : name_(std::move(name)),
        events_(std::move(events)),
        reaction_(std::move(reaction)),
        destroyed_(destroyed) {}

  const std::string& name() const { return name_; }  ///< of its machine

  void print(std::string_view text) { events_.console(text); }
  void say(const agent::FromGuest& message) { events_.channel(agent::encode(message)); }
  void send_raw(std::string_view bytes) { events_.channel(bytes); }
  void stop(const std::string& why) {
    if (!std::exchange(gone_, true)) events_.stopped(why);
  }
  void break_down(const std::string& why) {
    if (!std::exchange(gone_, true)) events_.broken(why);
  }

  Status send(std::string_view bytes) override {
    if (gone_) return support::infrastructure_error("the machine is gone");
    const auto message = agent::parse_from_host(bytes);
    if (!message) return support::infrastructure_error("no message: " + std::string(bytes));
    if (reaction_) reaction_(*this, *message);
    return {};
  }
  support::Seconds waited() override { return waited_; }
  /// The host was busy with something else for so long.
  void wait(support::Seconds time) { waited_ += time; }
  void destroy() override {
    ++*destroyed_;
    stop("the machine was destroyed");
  }

 private:
  std::string name_;
  GuestEvents events_;
  Reaction reaction_;
  std::atomic<int>* destroyed_;
  bool gone_ = false;
  support::Seconds waited_{0};
};

class ScriptedHypervisor : public Hypervisor {
 public:
  std::function<void(ScriptedGuest&)> on_start;
  ScriptedGuest::Reaction on_message;
  std::optional<Error> refusal;
  std::atomic<int> destroyed = 0;  ///< calls of Guest::destroy

  Result<std::unique_ptr<Guest>> start(const Hardware& hardware, GuestEvents events) override {
    if (refusal) return *refusal;
    auto guest =
        std::make_unique<ScriptedGuest>(hardware.name, std::move(events), on_message, &destroyed);
    if (on_start) on_start(*guest);
    return std::unique_ptr<Guest>(std::move(guest));
  }
};

}  // namespace kmatrix::machine
