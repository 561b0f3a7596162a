// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/session.h"

#include <gtest/gtest.h>

#include <thread>

#include "machine/session_fixture.h"

namespace kmatrix::machine {
namespace {

TEST_F(SessionTest, BootsIntoTheAgent) {
  hypervisor_.on_start = [&](ScriptedGuest& guest) {
    clock_.advance(3s);
    greet(guest);
  };
  const auto report = session_.boot();
  ASSERT_TRUE(report);
  ASSERT_TRUE(report->hello);
  EXPECT_EQ(report->hello->release, "6.12.0");
  EXPECT_EQ(report->end, GuestEnd::alive);
  EXPECT_EQ(report->took, Seconds(3));
  EXPECT_EQ(log(), banner);
}

TEST_F(SessionTest, RunsACaseAndTellsWhereItIsInTheLog) {
  on_run([](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    guest.say(agent::Output{run.seq, "one\n"});
    guest.say(agent::Output{run.seq, "two\n"});
    guest.print("something of the kernel\n");
    end(guest, run, 4);
  });
  const auto report = booted().run(case_number(1), 60s);
  ASSERT_TRUE(report);
  ASSERT_TRUE(report->ended);
  EXPECT_EQ(report->ended->code, 4);
  EXPECT_TRUE(report->started);
  EXPECT_EQ(report->output, "one\ntwo\n");
  EXPECT_EQ(report->end, GuestEnd::alive);
  EXPECT_EQ(report->first_line, 2U);
  EXPECT_EQ(report->last_line, 4U);
}

TEST_F(SessionTest, RunsOneCaseAfterTheOther) {
  on_run([](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    guest.say(agent::Output{run.seq, std::to_string(run.seq)});
    end(guest, run, 0);
  });
  Session& session = booted();
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    const auto report = session.run(case_number(seq), 60s);
    ASSERT_TRUE(report && report->ended);
    EXPECT_EQ(report->output, std::to_string(seq));
  }
  EXPECT_TRUE(session.power_off());
  EXPECT_EQ(hypervisor_.destroyed, 0);
}

TEST_F(SessionTest, WaitsForTheEndMarkerSoThatTheLogOfACaseIsComplete) {
  std::thread console;
  on_run([&](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    guest.say(agent::Ended{run.seq, 0, false, 1ms, 0, 0, false});
    console = std::thread([&guest, seq = run.seq] {
      guest.print("late\nkmatrix: EN");
      guest.print("D " + std::to_string(seq) + " 0\n");
    });
  });
  const auto report = booted().run(case_number(12), 60s);
  console.join();
  ASSERT_TRUE(report && report->ended);
  EXPECT_EQ(report->last_line, 4U);
}

TEST_F(SessionTest, WaitsForTheWholeLineOfTheEndMarker) {
  std::thread console;
  on_run([&](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    guest.say(agent::Ended{run.seq, 0, false, 1ms, 0, 0, false});
    guest.print(agent::end_marker(run.seq, 0));
    console = std::thread([&guest] {
      std::this_thread::sleep_for(50ms);
      guest.print("\n");
    });
  });
  Session& session = booted();
  for (std::uint64_t seq = 1; seq <= 2; ++seq) {
    const auto report = session.run(case_number(seq), 60s);
    console.join();
    ASSERT_TRUE(report && report->ended);
    EXPECT_EQ(report->first_line, 2 * seq);
    EXPECT_EQ(report->last_line, 2 * seq + 1);
  }
}

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

TEST_F(SessionTest, TellsThePanicOfABoot) {
  hypervisor_.on_start = [](ScriptedGuest& guest) {
    guest.print(std::string(banner) + panic + "[    1.1] its trace\n");
    guest.stop("the machine reset itself");
  };
  const auto report = session_.boot();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->end, GuestEnd::panicked);
  EXPECT_EQ(report->reason, "kernel panic: made by a test");
  EXPECT_EQ(hypervisor_.destroyed, 0);
  EXPECT_NE(log().find("its trace"), std::string::npos);
}

TEST_F(SessionTest, DestroysAMachineThatStaysUpAfterAPanic) {
  hypervisor_.on_start = [](ScriptedGuest& guest) { guest.print(std::string(banner) + panic); };
  const auto report = session_.boot();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->end, GuestEnd::panicked);
  EXPECT_EQ(hypervisor_.destroyed, 1);
}

TEST_F(SessionTest, BlamesThePanicRatherThanTheSilenceAfterIt) {
  on_run([&](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    guest.print(panic);
    guest.stop("the machine reset itself");
    clock_.advance(1000s);
  });
  const CaseReport report = downed();
  EXPECT_EQ(report.end, GuestEnd::panicked);
  EXPECT_TRUE(report.started);
  EXPECT_EQ(report.end_incident - report.first_incident, 1U);
}

TEST_F(SessionTest, SeesAPanicRightAfterACase) {
  on_run([](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    end(guest, run, 0);
    guest.print(panic);
    guest.stop("the machine reset itself");
  });
  const auto report = booted().run(case_number(1), 60s);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->ended);
  EXPECT_EQ(report->end, GuestEnd::panicked);
}

TEST_F(SessionTest, CallsAMachineThatStopsByItselfRebooted) {
  on_run([](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    guest.say(agent::Output{run.seq, "half"});
    guest.stop("the machine reset itself");
  });
  const CaseReport report = downed();
  EXPECT_EQ(report.end, GuestEnd::rebooted);
  EXPECT_EQ(report.reason, "the machine reset itself");
  EXPECT_EQ(report.output, "half");
}

TEST_F(SessionTest, CallsASecondBannerARebootAndDestroysTheMachine) {
  on_run([](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    guest.print(banner);
  });
  EXPECT_EQ(downed().end, GuestEnd::rebooted);
  EXPECT_EQ(hypervisor_.destroyed, 1);
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

TEST_F(SessionTest, TellsFromTheConsoleAloneThatACaseBeganOrEnded) {
  on_run([](ScriptedGuest& guest, const agent::Run& run) {
    guest.print(agent::start_marker(run.seq, run.name) + "\n");
    guest.print(agent::end_marker(run.seq, 0) + "\n");
    guest.print(panic);
    guest.stop("the machine reset itself");
  });
  const auto report = booted().run(case_number(3), 60s);
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->ended);
  EXPECT_TRUE(report->started);
  EXPECT_TRUE(report->start_on_console);
  EXPECT_TRUE(report->end_on_console);
}

TEST_F(SessionTest, CallsASilentGuestHungBeforeTheDeadlineOfTheCase) {
  on_run([&](ScriptedGuest&, const agent::Run&) { clock_.advance(301s); });
  const auto report = booted().run(case_number(1), 3600s);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->end, GuestEnd::hung);
  EXPECT_EQ(report->reason, "not a byte from the guest for 300 s; the console is silent");
  EXPECT_FALSE(report->started);
}

TEST_F(SessionTest, DoesNotSendACaseToAGuestThatIsDown) {
  bool sent = false;
  on_run([&](ScriptedGuest&, const agent::Run&) { sent = true; });
  ScriptedGuest* guest = nullptr;
  hypervisor_.on_start = [&](ScriptedGuest& each) {
    guest = &each;
    greet(each);
  };
  Session& session = booted();
  guest->print(panic);
  guest->stop("the machine reset itself");
  const auto report = session.run(case_number(1), 60s);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->end, GuestEnd::panicked);
  EXPECT_FALSE(report->started);
  EXPECT_FALSE(sent);
}

TEST_F(SessionTest, RunsNothingOnAGuestThatIsGone) {
  on_run([](ScriptedGuest& guest, const agent::Run&) { guest.stop("gone"); });
  Session& session = booted();
  ASSERT_TRUE(session.run(case_number(1), 60s));
  EXPECT_FALSE(session.run(case_number(2), 60s));
  EXPECT_TRUE(session.power_off());
}

TEST_F(SessionTest, WaitsForTheMachineToBeGoneAfterAPowerOff) {
  ScriptedGuest* guest = nullptr;
  hypervisor_.on_start = [&](ScriptedGuest& each) {
    guest = &each;
    greet(each);
  };
  std::jthread machine;
  hypervisor_.on_message = [&](ScriptedGuest&, const agent::FromHost&) {
    machine = std::jthread([guest] { guest->stop("the machine switched itself off"); });
  };
  Session& session = booted();
  EXPECT_TRUE(session.power_off());
  EXPECT_EQ(hypervisor_.destroyed, 0);
  EXPECT_TRUE(session.power_off()) << "a second time does nothing";
}

TEST_F(SessionTest, RefusesAnAgentOfAnotherProtocolVersion) {
  hypervisor_.on_start = [](ScriptedGuest& guest) {
    guest.say(agent::Hello{agent::protocol_version + 1, "6.12.0", "#1", 2, 1ms, 0, 1us});
  };
  const auto report = session_.boot();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->end, GuestEnd::bad_agent);
  EXPECT_NE(report->reason.find("protocol"), std::string::npos) << report->reason;
}

TEST_F(SessionTest, TellsWhyTheAgentCouldNotStart) {
  hypervisor_.on_start = [](ScriptedGuest& guest) {
    guest.say(agent::Failed{"mount /dev/vdb: no such device"});
  };
  const auto report = session_.boot();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->end, GuestEnd::agent_failed);
  EXPECT_EQ(report->reason, "the agent could not do its part: mount /dev/vdb: no such device");
}

TEST_F(SessionTest, StopsWaitingAtOnceWhenInterrupted) {
  support::SystemClock real;
  hypervisor_.on_start = nullptr;
  Session session(hypervisor_, real, Hardware{}, log_, stop_.get_token());
  std::jthread stopper([&] { stop_.request_stop(); });
  const auto begin = real.now();
  const auto report = session.boot();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, ErrorKind::interrupted);
  EXPECT_LT(real.now() - begin, 10s);
}

TEST_F(SessionTest, IsInterruptedInTheMiddleOfACase) {
  on_run([&](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    stop_.request_stop();
  });
  const auto report = booted().run(case_number(1), 60s);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, ErrorKind::interrupted);
}

TEST_F(SessionTest, MakesAnErrorOfAMachineThatWeBroke) {
  on_run([](ScriptedGuest& guest, const agent::Run& run) {
    begin(guest, run);
    guest.break_down("QEMU was killed");
  });
  const auto report = booted().run(case_number(1), 60s);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, ErrorKind::infrastructure);
  EXPECT_EQ(report.error().message, "QEMU was killed");
}

TEST_F(SessionTest, PassesOnWhyNoMachineCouldBeMade) {
  hypervisor_.refusal = support::infrastructure_error("no QEMU");
  const auto report = session_.boot();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message, "no QEMU");
}

TEST_F(SessionTest, KeepsControlCharactersOfTheConsoleOutOfItsWords) {
  hypervisor_.on_start = [&](ScriptedGuest& guest) {
    guest.print("\x1b[31mred\n");
    clock_.advance(121s);
  };
  const auto report = session_.boot();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->reason.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace kmatrix::machine
