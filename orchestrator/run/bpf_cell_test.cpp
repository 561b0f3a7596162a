// SPDX-License-Identifier: GPL-2.0-or-later
// Guests that misbehave in a BPF test: each costs its own test, in bounded time, and what the test
// had said before is kept.
#include <thread>

#include "run/cell_fixture.h"

namespace kmatrix::run {
namespace {

using plan::CellState;

/// Three tests: fentry_test, lsm and xdp. The second misbehaves.
class BpfCellTest : public CellTest {
 protected:
  BpfCellTest() {
    suite_.runner = spec::RunnerKind::test_progs;
    selftests_ = folder_.path() / "selftests";
    data_ = folder_.path() / "data";
    write(selftests_ / "tests", "fentry_test\nlsm\nxdp\n");
    write(selftests_ / "blocked.json", R"({"mptcp": "net/mptcp.h: no such file"})");
    write(selftests_ / "files/test_progs", "");
    write(data_ / "images/guest/bpf-test", "");
    on_case_ = [this](ScriptedGuest& guest, const agent::Run& run, int) {
      begin(guest, run);
      if (run.name != "lsm") return end_well(guest, run);
      guest.say(agent::Output{run.seq, "#2/1     lsm/basic:OK\n"});
      misbehave_(guest, run);
    };
  }
  static void end_well(ScriptedGuest& guest, const agent::Run& run) {
    guest.say(agent::Output{run.seq, "#1       " + run.name + ":OK\n"});
    guest.print(agent::end_marker(run.seq, 0) + "\n");
    guest.say(agent::Ended{run.seq, 0, false, 700ms, 0, 0, false});
  }
  /// The second test's outcome; all others must be good, whatever it does.
  Outcome run_all() {
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(run().state, CellState::done);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 60s);
    EXPECT_EQ(seen_.of("fentry_test").outcome, Outcome::passed);
    EXPECT_EQ(seen_.of("xdp").outcome, Outcome::passed);
    EXPECT_EQ(seen_.of("mptcp").outcome, Outcome::blocked);
    EXPECT_EQ(seen_.of("lsm/basic").outcome, Outcome::passed) << "it had ended before";
    EXPECT_EQ(boots_, 2);
    return seen_.of("lsm").outcome;
  }

  std::function<void(ScriptedGuest&, const agent::Run&)> misbehave_;
};

TEST_F(BpfCellTest, OutlivesAPanicInAModule) {
  misbehave_ = [](ScriptedGuest& guest, const agent::Run& run) {
    guest.say(agent::Output{run.seq, "#2/2     lsm/tailc"});
    guest.print(
        "[    8.000001] Unable to handle kernel NULL pointer dereference at virtual address 0\n"
        "[    8.000002] Internal error: Oops: 0000000096000004 [#1] SMP\n"
        "[    8.000003] pc : bpf_testmod_test_read+0x10/0x40 [bpf_testmod]\n"
        "[    8.000004] Kernel panic - not syncing: Oops: Fatal exception\n");
    guest.stop("the machine reset itself");
  };
  EXPECT_EQ(run_all(), Outcome::crashed);
  ASSERT_FALSE(seen_.incidents.empty());
  for (const auto& each : seen_.incidents) EXPECT_EQ(each.case_name, "lsm");
  for (const auto& each : seen_.cases) EXPECT_NE(each.name, "lsm/tailc");
}

TEST_F(BpfCellTest, OutlivesAGuestThatSaysNothingAnyMore) {
  // Interrupts are off, or the agent's port is gone: not even a heartbeat.
  misbehave_ = [](ScriptedGuest&, const agent::Run&) {};
  EXPECT_EQ(run_all(), Outcome::timed_out);
  EXPECT_NE(seen_.of("lsm").message.find("not a byte from the guest"), std::string::npos);
}

TEST_F(BpfCellTest, OutlivesAFloodOnTheConsole) {
  suite_.case_timeout = 1s;
  std::jthread flood;
  misbehave_ = [&](ScriptedGuest& guest, const agent::Run&) {
    flood = std::jthread([&guest] {
      for (int i = 0; i < 30'000; ++i) guest.print("[    8.000001][  T302] bpf_testmod: again\n");
    });
  };
  // The agent is heard above it: it kills the test when it is told to.
  on_kill_ = [&](ScriptedGuest& guest, const agent::Kill& kill) {
    flood = {};
    guest.say(agent::Ended{kill.seq, 137, true, 2s, 0, 0, false});
  };
  EXPECT_EQ(run_all(), Outcome::timed_out);
  EXPECT_NE(seen_.of("lsm").message.find("lsm/basic"), std::string::npos);
}

TEST_F(BpfCellTest, OutlivesAnAgentThatLies) {
  const std::vector<std::function<void(ScriptedGuest&, const agent::Run&)>> lies = {
      [](ScriptedGuest& guest, const agent::Run&) { guest.send_raw("#2 lsm:OK\n"); },
      [](ScriptedGuest& guest, const agent::Run& run) {
        guest.say(agent::Ended{run.seq + 1, 0, false, 1ms, 0, 0, false});
      },
      [](ScriptedGuest& guest, const agent::Run& run) { guest.say(agent::Started{run.seq}); },
      [](ScriptedGuest& guest, const agent::Run&) { greet(guest); }};
  for (std::size_t i = 0; i < lies.size(); ++i) {
    SCOPED_TRACE(i);
    misbehave_ = lies[i];
    seen_ = {};
    boots_ = 0;
    earlier_boots_ += 2;
    EXPECT_EQ(run_all(), Outcome::crashed);
  }
}

}  // namespace
}  // namespace kmatrix::run
