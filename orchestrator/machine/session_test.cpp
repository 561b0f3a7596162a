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
