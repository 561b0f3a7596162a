// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/session.h"

#include <gtest/gtest.h>

#include <thread>

#include "machine/session_fixture.h"

namespace kmatrix::machine {
namespace {

TEST_F(SessionTest, CallsABootHungThatPassesItsDeadline) {
  hypervisor_.on_start = [&](ScriptedGuest& guest) {
    guest.print(banner);
    guest.print("[    0.5] waiting for a disk\n");
    clock_.advance(121s);
  };
  const auto report = session_.boot();
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->hello);
  EXPECT_EQ(report->end, GuestEnd::hung);
  EXPECT_EQ(report->reason,
            "no word from the agent within 120 s; last on the console: \"[    0.5] waiting for a "
            "disk\"");
  EXPECT_EQ(hypervisor_.destroyed, 1);
}

TEST_F(SessionTest, CallsABootHungThatIsSilent) {
  hypervisor_.on_start = [&](ScriptedGuest&) { clock_.advance(121s); };
  const auto report = session_.boot();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->end, GuestEnd::hung);
  EXPECT_EQ(report->reason, "no word from the agent within 120 s; the console is silent");
}

TEST_F(SessionTest, WaitsForTheClockWhereNothingArrives) {
  support::SystemClock real;
  Hardware hardware;
  hardware.machine.boot_timeout = 1s;
  hypervisor_.on_start = nullptr;
  Session session(hypervisor_, real, hardware, log_, {});
  const auto report = session.boot();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->end, GuestEnd::hung);
  EXPECT_GE(report->took, 1s);
}

TEST_F(SessionTest, HasACaseKilledAtItsDeadline) {
  on_run([&](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    clock_.advance(61s);
  });
  on_kill([](ScriptedGuest& guest, const agent::Kill& kill) {
    guest.print(agent::end_marker(kill.seq, 137) + "\n");
    guest.say(agent::Ended{kill.seq, 137, true, 61s, 0, 0, false});
  });
  const auto report = booted().run(case_number(4), 60s);
  ASSERT_TRUE(report && report->ended);
  EXPECT_EQ(report->end, GuestEnd::alive);
  EXPECT_TRUE(report->ended->timed_out);
  EXPECT_EQ(report->deadline, "60 s");
}

TEST_F(SessionTest, GivesTheAgentTenSecondsAfterTheDeadlineOfACase) {
  on_run([&](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    clock_.advance(61s);
  });
  on_kill([&](ScriptedGuest& guest, const agent::Kill& kill) {
    clock_.advance(kill.seq == 1 ? 9s : 11s);
    if (kill.seq == 1) guest.say(agent::Ended{1, 137, true, 61s, 0, 0, false});
    if (kill.seq == 1) guest.print(agent::end_marker(1, 137) + "\n");
  });
  Session& session = booted();
  const auto slow = session.run(case_number(1), 60s);
  ASSERT_TRUE(slow);
  EXPECT_EQ(slow->end, GuestEnd::alive);
  const auto hung = session.run(case_number(2), 60s);
  ASSERT_TRUE(hung);
  EXPECT_EQ(hung->end, GuestEnd::hung);
  EXPECT_EQ(hung->took, Seconds(72));
  EXPECT_TRUE(hung->reason.starts_with(
      "the case was to be killed at its deadline of 60 s, and did not end within 10 s"))
      << hung->reason;
}

TEST_F(SessionTest, GivesASlowMachineMoreTime) {
  hypervisor_.on_start = [](ScriptedGuest& guest) { greet_slowly(guest, 3); };
  int killed = 0;
  on_run([&](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    clock_.advance(run.seq == 1 ? 179s : 181s);
    if (run.seq == 1) end(guest, run, 0);
  });
  on_kill([&](ScriptedGuest& guest, const agent::Kill& kill) {
    ++killed;
    guest.say(agent::Ended{kill.seq, 137, true, 181s, 0, 0, false});
    guest.print(agent::end_marker(kill.seq, 137) + "\n");
  });
  Session& session = booted();
  ASSERT_TRUE(session.run(case_number(1), 60s));
  EXPECT_EQ(killed, 0);
  const auto report = session.run(case_number(2), 60s);
  ASSERT_TRUE(report);
  EXPECT_EQ(killed, 1);
  EXPECT_EQ(report->deadline, "60 s, scaled by 3.0 to 180 s");
}

TEST_F(SessionTest, DoesNotCountTimeInWhichTheHostDidNotRunTheMachine) {
  std::jthread machine;
  on_run([&](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    clock_.advance(100s);
    guest.wait(45s);
    // 55 s of its own are no reason to kill it; the next look is after some time.
    machine = std::jthread([&guest, run] {
      std::this_thread::sleep_for(300ms);
      end(guest, run, 0);
    });
  });
  const auto report = booted().run(case_number(1), 60s);
  ASSERT_TRUE(report && report->ended);
  EXPECT_FALSE(report->ended->timed_out);
  EXPECT_EQ(report->took, Seconds(100));
}

TEST_F(SessionTest, DoesNotWaitForEverForABusyHost) {
  hypervisor_.on_start = [&](ScriptedGuest& guest) {
    guest.print(banner);
    guest.wait(100000s);
    clock_.advance(1300s);
  };
  const auto report = session_.boot();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->end, GuestEnd::hung);
  EXPECT_NE(report->reason.find("within 120 s, not counting 1170 s in which the host was busy"),
            std::string::npos)
      << report->reason;
}

TEST_F(SessionTest, ScalesTheDeadlineOfTheBootByWhatIsExpected) {
  Hardware hardware;
  hardware.machine.boot_timeout = 100s;
  hardware.slowness = 2.5;
  hypervisor_.on_start = [&](ScriptedGuest&) { clock_.advance(251s); };
  Session session(hypervisor_, clock_, hardware, log_, {});
  const auto report = session.boot();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->reason,
            "no word from the agent within 100 s, scaled by 2.5 to 250 s; the console is silent");
}

TEST_F(SessionTest, TellsHowSlowAMachineIs) {
  hypervisor_.on_start = [](ScriptedGuest& guest) { greet_slowly(guest, 7); };
  const auto report = session_.boot();
  ASSERT_TRUE(report);
  EXPECT_DOUBLE_EQ(report->slowness, 7);
}

TEST_F(SessionTest, TakesASignOfLifeForLife) {
  on_run([&](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    guest.say(agent::Alive{});
    end(guest, run, 0);
    guest.say(agent::Alive{});
  });
  EXPECT_EQ(booted().run(case_number(1), 60s)->end, GuestEnd::alive);
}

TEST_F(SessionTest, CallsASilentGuestHungBeforeTheDeadlineOfTheCase) {
  on_run([&](ScriptedGuest&, const agent::Run&) { clock_.advance(301s); });
  const auto report = booted().run(case_number(1), 3600s);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->end, GuestEnd::hung);
  EXPECT_EQ(report->reason, "not a byte from the guest for 300 s; the console is silent");
  EXPECT_FALSE(report->started);
}

}  // namespace
}  // namespace kmatrix::machine
