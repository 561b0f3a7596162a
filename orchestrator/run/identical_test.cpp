// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/identical.h"

#include <gtest/gtest.h>

#include <thread>

#include "run/cell_fixture.h"

namespace kmatrix::run {
namespace {

using namespace std::chrono_literals;

TEST(Identities, LetTheFirstCellRunAndGiveItToTheNext) {
  Identities identities;
  EXPECT_EQ(*identities.find("same", 3, {}), std::nullopt);
  EXPECT_EQ(*identities.find("other", 4, {}), std::nullopt);
  identities.ended(3, true);
  EXPECT_EQ(*identities.find("same", 5, {}), std::optional<std::size_t>(3));
}

TEST(Identities, LetTheNextCellRunIfTheFirstCameToNothing) {
  Identities identities;
  EXPECT_EQ(*identities.find("same", 3, {}), std::nullopt);
  identities.ended(3, false);
  EXPECT_EQ(*identities.find("same", 5, {}), std::nullopt);
  identities.ended(5, true);
  EXPECT_EQ(*identities.find("same", 6, {}), std::optional<std::size_t>(5));
}

TEST(Identities, KnowCellsThatWereFinishedBefore) {
  Identities identities({{"same", 1}});
  EXPECT_EQ(*identities.find("same", 5, {}), std::optional<std::size_t>(1));
  EXPECT_EQ(*identities.find("", 6, {}), std::nullopt) << "nothing is known of it";
  EXPECT_EQ(*identities.find("", 7, {}), std::nullopt);
}

TEST(Identities, WaitForACellThatRuns) {
  Identities identities;
  EXPECT_EQ(*identities.find("same", 3, {}), std::nullopt);
  std::optional<std::size_t> found;
  std::jthread second([&] { found = *identities.find("same", 5, {}); });
  std::this_thread::sleep_for(10ms);
  identities.ended(3, true);
  second.join();
  EXPECT_EQ(found, std::optional<std::size_t>(3));
}

TEST(Identities, StopWaitingWhenInterrupted) {
  Identities identities;
  std::stop_source stop;
  EXPECT_EQ(*identities.find("same", 3, stop.get_token()), std::nullopt);
  std::jthread interrupt([&] { stop.request_stop(); });
  const auto found = identities.find("same", 5, stop.get_token());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::interrupted);
}

class IdenticalCellTest : public CellTest {
 protected:
  CellRecord run_one() {
    seen_ = {};
    return run();
  }
};

TEST_F(IdenticalCellTest, IsNotRunAgain) {
  signature_ = "one kernel";
  const auto first = run_one();
  EXPECT_EQ(first.identical_to, std::nullopt);
  EXPECT_FALSE(first.identity.empty());
  identities_.ended(0, true);
  index_ = 1;
  const auto second = run_one();
  EXPECT_EQ(second.identical_to, std::optional<std::size_t>(0));
  EXPECT_EQ(second.identity, first.identity);
  EXPECT_EQ(second.state, plan::CellState::done);
  EXPECT_TRUE(seen_.planned.empty() && seen_.cases.empty());
  EXPECT_EQ(boots_, 1);
}

TEST_F(IdenticalCellTest, IsAnotherWithAnotherKernelTestMachineOrModule) {
  signature_ = "one kernel";
  std::set<std::string> identities{run_one().identity};
  const auto is_new = [&] { return identities.insert(run_one().identity).second; };
  signature_ = "another kernel";
  EXPECT_TRUE(is_new());
  machine_.memory_mib *= 2;
  EXPECT_TRUE(is_new());
  write(tests() / "test.d/a.tc", "# description: A test\nexit_fail\n");
  EXPECT_TRUE(is_new());
  write(folder_.path() / "modules/none", "a module");
  EXPECT_TRUE(is_new());
  suite_.select = {"a.tc"};
  EXPECT_TRUE(is_new());
  signature_ = "";
  EXPECT_EQ(run_one().identity, "");
}

}  // namespace
}  // namespace kmatrix::run
