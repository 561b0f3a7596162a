// SPDX-License-Identifier: GPL-2.0-or-later
// Whole cells on a scripted machine.
#include "run/cell_fixture.h"

namespace kmatrix::run {
namespace {

using CellRunnerTest = CellTest;

TEST_F(CellRunnerTest, RunsAllCasesOnOneMachine) {
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::done) << record.reason;
  EXPECT_EQ(outcomes(), Outcomes(3, Outcome::passed));
  EXPECT_EQ(boots_, 1);
  EXPECT_DOUBLE_EQ(record.slowness, 2);
  EXPECT_EQ(record.accel, "tcg");
  EXPECT_TRUE(record.notes.empty());
}

TEST_F(CellRunnerTest, LeavesOutCasesThatHaveAnOutcome) {
  done_ = {"a.tc", "c.tc"};
  run();
  ASSERT_EQ(seen_.cases.size(), 1U);
  EXPECT_EQ(seen_.cases[0].name, "b.tc");
}

TEST_F(CellRunnerTest, GoesOnInAFreshMachineAfterACrash) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int) {
    if (run.name != "b.tc") return pass(guest, run);
    begin(guest, run);
    die(guest);
  };
  EXPECT_EQ(run().state, plan::CellState::done);
  EXPECT_EQ(outcomes(), (Outcomes{Outcome::passed, Outcome::crashed, Outcome::passed}));
  EXPECT_EQ(boots_, 2);
  ASSERT_EQ(seen_.incidents.size(), 1U);
  EXPECT_EQ(seen_.incidents[0].case_name, "b.tc");
}

TEST_F(CellRunnerTest, TakesAFreshMachineAfterACaseThatUsedUpTheOld) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int) {
    begin(guest, run);
    guest.say(agent::Output{run.seq, "[1] A test\t[PASS]\n"});
    guest.print(agent::end_marker(run.seq, 0) + "\n");
    guest.say(agent::Ended{run.seq, 0, false, 700ms, 0, 0, run.name == "a.tc"});
  };
  run();
  EXPECT_EQ(outcomes(), Outcomes(3, Outcome::passed));
  EXPECT_EQ(boots_, 2);
}

TEST_F(CellRunnerTest, MakesAnIncidentOfASilentReboot) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int) {
    if (run.name != "b.tc") return pass(guest, run);
    begin(guest, run);
    guest.stop("the machine reset itself");
  };
  run();
  EXPECT_EQ(outcomes(), (Outcomes{Outcome::passed, Outcome::crashed, Outcome::passed}));
  ASSERT_EQ(seen_.incidents.size(), 1U);
  EXPECT_EQ(seen_.incidents[0].incident.kind, machine::IncidentKind::reboot);
  EXPECT_EQ(seen_.incidents[0].case_name, "b.tc");
}

TEST_F(CellRunnerTest, BlamesTheCaseForAnAgentThatLies) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int) {
    if (run.name != "b.tc") return pass(guest, run);
    begin(guest, run);
    guest.send_raw("no protocol at all\n");
  };
  EXPECT_EQ(run().state, plan::CellState::done);
  EXPECT_EQ(outcomes(), (Outcomes{Outcome::passed, Outcome::crashed, Outcome::passed}));
}

TEST_F(CellRunnerTest, CallsASilentGuestTimedOut) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int) {
    run.name == "b.tc" ? begin(guest, run) : pass(guest, run);
  };
  run();
  EXPECT_EQ(outcomes(), (Outcomes{Outcome::passed, Outcome::timed_out, Outcome::passed}));
  EXPECT_NE(seen_.of("b.tc").message.find("1 s, scaled by 2.0 to 2 s"), std::string::npos)
      << seen_.of("b.tc").message;
}

TEST_F(CellRunnerTest, BlamesNobodyForACrashBetweenTwoCases) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int boot) {
    pass(guest, run);
    if (run.name == "a.tc" && boot == 1) die(guest);
  };
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::done);
  EXPECT_EQ(outcomes(), Outcomes(3, Outcome::passed));
  EXPECT_EQ(boots_, 2);
  ASSERT_EQ(seen_.incidents.size(), 1U) << "and it is not forgotten";
  EXPECT_EQ(seen_.incidents[0].case_name, "");
  ASSERT_EQ(record.notes.size(), 1U);
}

TEST_F(CellRunnerTest, RunsACaseAgainThatCouldNotBeginOnAUsedMachine) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int boot) {
    if (run.name == "b.tc" && boot == 1)
      return guest.say(agent::Failed{"cannot start /bin/sh: fork: Cannot allocate memory"});
    pass(guest, run);
  };
  const auto record = run();
  EXPECT_EQ(outcomes(), Outcomes(3, Outcome::passed));
  EXPECT_EQ(boots_, 2);
  EXPECT_EQ(record.notes.size(), 1U);
}

TEST_F(CellRunnerTest, GivesUpWhenNoCaseCanBegin) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run&, int) { die(guest); };
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::blocked);
  EXPECT_EQ(outcomes(), Outcomes(3, Outcome::missing));
  EXPECT_EQ(boots_, 2);
  EXPECT_FALSE(seen_.of("c.tc").message.empty());
}

TEST_F(CellRunnerTest, RunsACaseAgainWhoseResultWasLost) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int boot) {
    if (run.name != "b.tc" || boot > 1) return pass(guest, run);
    begin(guest, run);
    guest.print(agent::end_marker(run.seq, 0) + "\n");
    die(guest);
  };
  run();
  EXPECT_EQ(outcomes(), Outcomes(3, Outcome::passed));
  EXPECT_EQ(seen_.incidents.size(), 1U);
}

TEST_F(CellRunnerTest, BlocksACellWhoseKernelDoesNotBoot) {
  on_boot_ = [](ScriptedGuest& guest, int) {
    guest.print(banner);
    die(guest);
  };
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::blocked);
  EXPECT_EQ(record.reason, "the kernel did not boot: kernel panic: made by a test");
  EXPECT_EQ(outcomes(), Outcomes(3, Outcome::blocked));
  EXPECT_EQ(boots_, 1) << "what the kernel does is not tried again";
}

TEST_F(CellRunnerTest, BlocksACellWhoseKernelDoesNotLetTheAgentUp) {
  on_boot_ = [](ScriptedGuest& guest, int) { guest.say(agent::Failed{"mount /dev/vdb: EIO"}); };
  EXPECT_EQ(run().state, plan::CellState::blocked);
  EXPECT_EQ(outcomes(), Outcomes(3, Outcome::blocked));
}

TEST_F(CellRunnerTest, LeavesTheRestMissingWhenTheMachineDoesNotBootAgain) {
  on_boot_ = [](ScriptedGuest& guest, int boot) { boot == 1 ? greet(guest) : die(guest); };
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int) {
    if (run.name == "a.tc") return pass(guest, run);
    begin(guest, run);
    die(guest);
  };
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::blocked);
  EXPECT_EQ(outcomes(), (Outcomes{Outcome::passed, Outcome::crashed, Outcome::missing}));
  EXPECT_NE(seen_.of("c.tc").message.find("did not boot again"), std::string::npos);
}

TEST_F(CellRunnerTest, TriesAgainAfterAFailureOfOursAndNotesIt) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int boot) {
    if (run.name != "b.tc" || boot > 1) return pass(guest, run);
    begin(guest, run);
    guest.break_down("QEMU was killed");
  };
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::done);
  EXPECT_TRUE(record.complete);
  EXPECT_EQ(outcomes(), Outcomes(3, Outcome::passed));
  EXPECT_EQ(seen_.of("b.tc").message, "second try, after: QEMU was killed");
  EXPECT_TRUE(seen_.incidents.empty());
  ASSERT_EQ(record.notes.size(), 1U);
  EXPECT_NE(record.notes[0].find("QEMU was killed"), std::string::npos);
}

TEST_F(CellRunnerTest, CallsACaseAnInfraErrorAfterTwoFailuresAndGoesOn) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int) {
    if (run.name != "b.tc") return pass(guest, run);
    begin(guest, run);
    guest.break_down("QEMU was killed");
  };
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::done);
  EXPECT_FALSE(record.complete);
  EXPECT_EQ(outcomes(), (Outcomes{Outcome::passed, Outcome::infra_error, Outcome::passed}));
  EXPECT_EQ(boots_, 3);
}

TEST_F(CellRunnerTest, GivesUpWhenItCanDoNothingForTwoCases) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run&, int) { guest.break_down("no host"); };
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::infra_error);
  EXPECT_EQ(outcomes(), (Outcomes{Outcome::infra_error, Outcome::infra_error, Outcome::missing}));
  EXPECT_EQ(boots_, 4);
}

TEST_F(CellRunnerTest, TriesABootAgainThatFailedThroughUs) {
  on_boot_ = [](ScriptedGuest& guest, int boot) {
    boot == 1 ? guest.break_down("QEMU was killed") : greet(guest);
  };
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::done);
  EXPECT_EQ(outcomes(), Outcomes(3, Outcome::passed));
  EXPECT_EQ(record.notes.size(), 1U);
}

TEST_F(CellRunnerTest, IsAnInfraErrorWhereTwoBootsFailThroughUs) {
  on_boot_ = [](ScriptedGuest& guest, int) {
    guest.say(agent::Hello{agent::protocol_version + 1, "6.12.0", "#1", 2, 1ms, 0, 1us});
  };
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::infra_error);
  EXPECT_EQ(outcomes(), Outcomes(3, Outcome::missing)) << "never a result of the kernel";
  EXPECT_EQ(boots_, 2);
}

TEST_F(CellRunnerTest, StopsWhenMachineAfterMachineDiesInTheSameWay) {
  for (int i = 0; i < 30; ++i) add_case("d" + std::to_string(i));
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int) {
    begin(guest, run);
    die(guest);
  };
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::blocked);
  EXPECT_EQ(boots_, Deaths::most_alike);
  EXPECT_EQ(seen_.cases.size(), 33U) << "nothing vanishes";
  EXPECT_EQ(seen_.cases.back().outcome, Outcome::missing);
}

}  // namespace
}  // namespace kmatrix::run
