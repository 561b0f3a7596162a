// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <variant>

#include "machine/scripted_hypervisor.h"
#include "machine/session.h"
#include "machine/slowness.h"
#include "support/file.h"

// For tests: a session with a scripted guest and a clock that only moves when told to.
namespace kmatrix::machine {

using namespace std::chrono_literals;
using support::Seconds;

inline constexpr char banner[] = "[    0.000000] Linux version 6.12.0 (builder@kmatrix)\n";
inline constexpr char panic[] = "[    1.000000] Kernel panic - not syncing: made by a test\n";

class FakeClock : public support::Clock {
 public:
  std::chrono::steady_clock::time_point now() const override { return now_; }
  std::chrono::system_clock::time_point wall() const override { return {}; }
  void advance(std::chrono::seconds by) { now_ += by; }

 private:
  std::chrono::steady_clock::time_point now_{1000s};
};

inline void greet(ScriptedGuest& guest) {
  guest.print(banner);
  guest.say(agent::Hello{agent::protocol_version, "6.12.0", "#1 SMP", 2, 1500ms, 0, 1us});
}

/// The same on a machine so many times slower than the reference.
inline void greet_slowly(ScriptedGuest& guest, int slowness) {
  guest.print(banner);
  guest.say(agent::Hello{agent::protocol_version, "6.12.0", "#1 SMP", 2, 1500ms, 0,
                         slowness * reference_round});
}

inline void begin(ScriptedGuest& guest, const agent::Run& run) {
  guest.print(agent::start_marker(run.seq, run.name) + "\n");
  guest.say(agent::Started{run.seq});
}

inline void end(ScriptedGuest& guest, const agent::Run& run, int code) {
  guest.print(agent::end_marker(run.seq, code) + "\n");
  guest.say(agent::Ended{run.seq, code, false, 700ms, 0, 0, false});
}

inline agent::Run case_number(std::uint64_t seq) {
  agent::Run run;
  run.seq = seq;
  run.name = "a-case";
  run.argv = {"/bin/true"};
  return run;
}

class SessionTest : public testing::Test {
 protected:
  SessionTest() : folder_(*support::TempFolder::create(testing::TempDir(), "session")) {
    hypervisor_.on_start = greet;
  }

  /// What the guest does when it is told to kill a case; at first it does not react.
  void on_kill(std::function<void(ScriptedGuest&, const agent::Kill&)> reaction) {
    on_kill_ = std::move(reaction);
  }

  /// What the guest does when it is told to run a case.
  void on_run(const std::function<void(ScriptedGuest&, const agent::Run&)>& reaction) {
    hypervisor_.on_message = [this, reaction](ScriptedGuest& guest,
                                              const agent::FromHost& message) {
      if (const auto* run = std::get_if<agent::Run>(&message)) reaction(guest, *run);
      if (const auto* kill = std::get_if<agent::Kill>(&message)) on_kill_(guest, *kill);
      if (std::holds_alternative<agent::Poweroff>(message)) {
        guest.say(agent::Bye{});
        guest.stop("the machine switched itself off");
      }
    };
  }

  Session& booted() {
    auto report = session_.boot();
    EXPECT_TRUE(report && report->hello);
    return session_;
  }

  /// The report of a case that a guest does not survive.
  CaseReport downed() {
    const auto report = booted().run(case_number(7), 60s);
    EXPECT_TRUE(report) << to_string(report.error());
    EXPECT_FALSE(report->ended);
    return report ? *report : CaseReport();
  }

  std::string log() const { return *support::read_file(log_); }

  support::TempFolder folder_;
  std::filesystem::path log_ = folder_.path() / "logs" / "console-1.log";
  ScriptedHypervisor hypervisor_;
  FakeClock clock_;
  std::stop_source stop_;
  std::function<void(ScriptedGuest&, const agent::Kill&)> on_kill_ =
      [this](ScriptedGuest&, const agent::Kill&) { clock_.advance(1000s); };
  Session session_{hypervisor_, clock_,
                   [] {
                     Hardware hardware;
                     hardware.name = "test";
                     hardware.machine.boot_timeout = 120s;
                     hardware.machine.silence_timeout = 300s;
                     return hardware;
                   }(),
                   log_, stop_.get_token()};
};

}  // namespace kmatrix::machine
