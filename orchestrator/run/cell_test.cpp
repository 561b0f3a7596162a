// SPDX-License-Identifier: GPL-2.0-or-later
// Cells whose suite wants more than one machine.
#include <condition_variable>
#include <map>

#include "run/cell_fixture.h"

namespace kmatrix::run {
namespace {

using Names = std::vector<std::string>;

/// Five cases, a.tc to e.tc, on two machines: a, c and e on the first, b and d on the second.
class ShardsTest : public CellTest {
 protected:
  ShardsTest() {
    for (const char* name : {"d", "e"}) add_case(name);
    suite_.shards = 2;
  }
  /// The cases in the order of their names, with what is wanted of each.
  template <class Get>
  auto of_all(const Get& get) {
    std::vector<decltype(get(CaseRecord()))> all;
    for (const char* name : {"a.tc", "b.tc", "c.tc", "d.tc", "e.tc"}) all.push_back(get(of(name)));
    return all;
  }
  const CaseRecord& of(const std::string& name) const { return seen_.of(name); }
  Outcomes outcomes() {
    return of_all([](const CaseRecord& each) { return each.outcome; });
  }
  std::vector<int> boots() {
    return of_all([](const CaseRecord& each) { return each.boot; });
  }
};

TEST_F(ShardsTest, RunEachCaseOnce) {
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::done) << record.reason;
  EXPECT_EQ(seen_.started, 1);
  EXPECT_EQ(seen_.planned, (Names{"a.tc", "b.tc", "c.tc", "d.tc", "e.tc"})) << "in their order";
  EXPECT_EQ(seen_.cases.size(), 5U);
  EXPECT_EQ(outcomes(), Outcomes(5, Outcome::passed));
  EXPECT_EQ(boots(), (std::vector<int>{1, 2, 1, 2, 1}));
  EXPECT_EQ(boots_, 2);
  EXPECT_EQ(record.agent_release, "6.12.0");
}

TEST_F(ShardsTest, RunSideBySide) {
  std::mutex mutex;
  std::condition_variable changed;
  Names running;
  on_case_ = [&](ScriptedGuest& guest, const agent::Run& run, int) {
    std::unique_lock lock(mutex);
    running.push_back(run.name);
    changed.notify_all();
    // The first case of each machine waits for that of the other.
    EXPECT_TRUE(changed.wait_for(lock, 30s, [&] { return running.size() >= 2; }));
    lock.unlock();
    pass(guest, run);
  };
  run();
  EXPECT_EQ(outcomes(), Outcomes(5, Outcome::passed));
}

TEST_F(ShardsTest, GiveEachMachineAndOutputANameOfItsOwn) {
  std::mutex mutex;
  std::set<std::string> names;
  std::set<std::uint64_t> numbers;
  on_case_ = [&](ScriptedGuest& guest, const agent::Run& run, int) {
    {
      const std::lock_guard lock(mutex);
      names.insert(guest.name());
      numbers.insert(run.seq);
    }
    pass(guest, run);
  };
  run();
  EXPECT_EQ(names, (std::set<std::string>{"test-1", "test-2"}));
  EXPECT_EQ(numbers.size(), 5U);
  std::set<std::filesystem::path> outputs;
  for (const auto& each : seen_.cases) outputs.insert(each.output);
  EXPECT_EQ(outputs.size(), 5U);
}

TEST_F(ShardsTest, AreNotHarmedByACrashOfAnother) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int) {
    if (run.name != "a.tc" && run.name != "c.tc") return pass(guest, run);
    begin(guest, run);
    die(guest);
  };
  EXPECT_EQ(run().state, plan::CellState::done);
  EXPECT_EQ(outcomes(), (Outcomes{Outcome::crashed, Outcome::passed, Outcome::crashed,
                                  Outcome::passed, Outcome::passed}));
  EXPECT_EQ(boots(), (std::vector<int>{1, 2, 3, 2, 5})) << "each boot has a log of its own";
  EXPECT_EQ(boots_, 4);
  ASSERT_EQ(seen_.incidents.size(), 2U);
  for (const auto& each : seen_.incidents) EXPECT_EQ(each.boot, of(each.case_name).boot);
}

TEST_F(ShardsTest, LoseNoMoreThanTheirOwnCasesWhenTheyGiveUp) {
  on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int) {
    if (run.name == "b.tc" || run.name == "d.tc") return pass(guest, run);
    guest.break_down("no host");
  };
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::infra_error);
  EXPECT_EQ(record.reason, "no host");
  EXPECT_FALSE(record.complete);
  EXPECT_EQ(outcomes(), (Outcomes{Outcome::infra_error, Outcome::passed, Outcome::infra_error,
                                  Outcome::passed, Outcome::missing}));
}

TEST_F(ShardsTest, AreAsBadAsTheWorstOfThem) {
  on_boot_ = [](ScriptedGuest& guest, int) {
    if (guest.name() == "test-2") return greet(guest);
    guest.print(banner);
    die(guest);
  };
  const auto record = run();
  EXPECT_EQ(record.state, plan::CellState::blocked);
  EXPECT_EQ(record.reason, "the kernel did not boot: kernel panic: made by a test");
  EXPECT_EQ(record.agent_release, "6.12.0") << "of the one that came up";
  EXPECT_EQ(outcomes(), (Outcomes{Outcome::blocked, Outcome::passed, Outcome::blocked,
                                  Outcome::passed, Outcome::blocked}));
}

TEST_F(ShardsTest, RunOnlyWhatIsMissingWhenTheyAreResumed) {
  done_ = {"a.tc", "d.tc"};
  earlier_boots_ = 3;
  EXPECT_EQ(run().state, plan::CellState::done);
  ASSERT_EQ(seen_.cases.size(), 3U);
  EXPECT_EQ(seen_.planned, (Names{"b.tc", "c.tc", "e.tc"}));
  EXPECT_EQ(of("b.tc").boot, 4);
  EXPECT_EQ(of("c.tc").boot, 5);
  EXPECT_EQ(of("e.tc").boot, 4);
}

TEST_F(ShardsTest, AreNoMoreThanThereAreCases) {
  suite_.shards = 64;
  EXPECT_EQ(run().state, plan::CellState::done);
  EXPECT_EQ(boots_, 5);
  seen_ = {};
  boots_ = 0;
  done_ = {"a.tc", "b.tc", "c.tc", "d.tc", "e.tc"};
  EXPECT_EQ(run().state, plan::CellState::done);
  EXPECT_EQ(boots_, 0);
}

TEST_F(ShardsTest, AllStopWhenTheyAreInterrupted) {
  machine_.silence_timeout = 600s;
  on_case_ = [this](ScriptedGuest& guest, const agent::Run& run, int) {
    if (run.name == "a.tc") return begin(guest, run);  // and would go on for minutes
    pass(guest, run);
    if (run.name == "d.tc") stop_.request_stop();
  };
  const auto before = std::chrono::steady_clock::now();
  const auto record = try_to_run();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 60s);
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().kind, ErrorKind::interrupted);
  // What had ended is not lost.
  EXPECT_EQ(of("b.tc").outcome, Outcome::passed);
  for (const auto& each : seen_.cases) EXPECT_TRUE(each.name == "b.tc" || each.name == "d.tc");
}

}  // namespace
}  // namespace kmatrix::run
