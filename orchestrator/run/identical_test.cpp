// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/identical.h"

#include <gtest/gtest.h>

#include "run/cell_fixture.h"

namespace kmatrix::run {
namespace {

TEST(Identities, LetTheFirstCellRunAndGiveItToTheNext) {
  Identities identities;
  EXPECT_EQ(identities.find("same", 3), std::nullopt);
  EXPECT_EQ(identities.find("other", 4), std::nullopt);
  identities.ended(3, true);
  EXPECT_EQ(identities.find("same", 5), (Identities::Twin{3, false}));
}

TEST(Identities, LetTheNextCellRunIfTheFirstCameToNothing) {
  Identities identities;
  EXPECT_EQ(identities.find("same", 3), std::nullopt);
  identities.ended(3, false);
  EXPECT_EQ(identities.find("same", 5), std::nullopt);
  identities.ended(5, true);
  EXPECT_EQ(identities.find("same", 6), (Identities::Twin{5, false}));
}

TEST(Identities, KnowCellsThatWereFinishedBefore) {
  Identities identities({{"same", 1}});
  EXPECT_EQ(identities.find("same", 5), (Identities::Twin{1, false}));
  EXPECT_EQ(identities.find("", 6), std::nullopt) << "nothing is known of it";
  EXPECT_EQ(identities.find("", 7), std::nullopt);
}

TEST(Identities, TellOfACellThatRuns) {
  Identities identities;
  EXPECT_EQ(identities.find("same", 3), std::nullopt);
  EXPECT_EQ(identities.find("same", 5), (Identities::Twin{3, true}));
  identities.ended(5, false);
  EXPECT_EQ(identities.find("same", 5), (Identities::Twin{3, true}));
  identities.ended(3, true);
  EXPECT_EQ(identities.find("same", 5), (Identities::Twin{3, false}));
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

TEST_F(IdenticalCellTest, IsPutOffWhileTheOtherRuns) {
  signature_ = "one kernel";
  EXPECT_FALSE(run_one().postponed);
  index_ = 1;
  const auto second = run_one();
  EXPECT_TRUE(second.postponed);
  EXPECT_EQ(second.identical_to, std::optional<std::size_t>(0));
  EXPECT_TRUE(seen_.planned.empty() && seen_.cases.empty());
  EXPECT_EQ(boots_, 1);
  // The other came to nothing: it is a cell like any other.
  identities_.ended(0, false);
  EXPECT_EQ(run_one().identical_to, std::nullopt);
  EXPECT_EQ(boots_, 2);
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
