// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/fixture.h"

namespace kmatrix::store {
namespace {

/// A run with one cell.
class Conclusions : public testing::Test {
 protected:
  Conclusions() : store_(Store::open(":memory:").value()) {
    run_ = store_.add_run(some_run()).value();
    const auto kernel = some_kernel(run_);
    cell_ = store_.put_cell(some_cell(kernel, store_.put_kernel(kernel).value())).value();
  }

  CaseRow result(const std::string& outcome) const {
    CaseRow row;
    row.cell = cell_;
    row.name = "a";
    row.outcome = outcome;
    row.message = "it " + outcome;
    row.argv = "[]";
    return row;
  }

  Store store_;
  RunId run_;
  std::int64_t cell_ = 0;
};

TEST_F(Conclusions, KeepEveryRunOfACase) {
  ASSERT_TRUE(store_.put_case(result("failed")));
  ASSERT_TRUE(store_.add_rerun(result("passed")));
  ASSERT_TRUE(store_.add_rerun(result("failed")));
  ASSERT_TRUE(store_.add_rerun(result("timed_out")));
  const auto reruns = store_.reruns(run_).value();
  ASSERT_EQ(reruns.size(), 3U);
  EXPECT_EQ(reruns[0].outcome, "passed");
  EXPECT_EQ(reruns[1].outcome, "failed");
  EXPECT_EQ(reruns[2].message, "it timed_out");
  EXPECT_EQ(store_.cases(run_).value().size(), 1U);
  EXPECT_FALSE(store_.add_rerun(result("good")));
}

TEST_F(Conclusions, GoWithACellWhoseResultsAreTakenOver) {
  ASSERT_TRUE(store_.put_case(result("passed")));
  ASSERT_TRUE(store_.add_rerun(result("failed")));
  const auto later = store_.add_run(some_run()).value();
  const auto kernel = some_kernel(later);
  ASSERT_TRUE(store_.reuse_cell(some_cell(kernel, store_.put_kernel(kernel).value()), cell_));
  const auto reruns = store_.reruns(later).value();
  ASSERT_EQ(reruns.size(), 1U);
  EXPECT_EQ(reruns[0].outcome, "failed");
}

TEST_F(Conclusions, TakeThePlaceOfEarlierOnes) {
  const ClaimRow first{"It holds.", "x.yaml:9:5", "holds", "1 case in 1 cell", "{}"};
  const ClaimRow second{"It does not.", "x.yaml:12:5", "does not hold", "", "{}"};
  const VerdictRow verdict{"s", "a", "regressed", "fails only with x", "0 of 3 against 3 of 3"};
  ASSERT_TRUE(store_.put_conclusions(run_, {first, second}, {verdict}));
  EXPECT_EQ(store_.claims(run_).value(), (std::vector<ClaimRow>{first, second}));
  EXPECT_EQ(store_.verdicts(run_).value(), std::vector<VerdictRow>{verdict});
  ASSERT_TRUE(store_.put_conclusions(run_, {second}, {}));
  EXPECT_EQ(store_.claims(run_).value(), std::vector<ClaimRow>{second});
  EXPECT_TRUE(store_.verdicts(run_).value().empty());
}

TEST_F(Conclusions, AreAllKeptOrNone) {
  const ClaimRow good{"It holds.", "", "holds", "", "{}"};
  ASSERT_TRUE(store_.put_conclusions(run_, {good}, {}));
  EXPECT_FALSE(store_.put_conclusions(run_, {good, {"x", "", "perhaps", "", "{}"}}, {}));
  EXPECT_EQ(store_.claims(run_).value(), std::vector<ClaimRow>{good});
}

}  // namespace
}  // namespace kmatrix::store
