// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/claims.h"

#include <gtest/gtest.h>

namespace kmatrix::compare {
namespace {

using spec::ClaimKind;
using Against = std::vector<ClaimEvidence>;

/// A run of base and direct-calls on the configs cfi and nocfi, with one suite.
class ClaimsTest : public testing::Test {
 protected:
  ClaimsTest() {
    for (const auto* series : {"base", "direct-calls"})
      for (const auto* config : {"cfi", "nocfi"}) add(series, config);
    planned_ = cells_;
    claim_.text = "It holds.";
  }

  void add(const std::string& series, const std::string& config) {
    store::KernelRow kernel;
    kernel.tree = "v7.2";
    kernel.series = series;
    kernel.config = config;
    kernel.name = kernel.tree + "/" + series + "/" + config;
    kernel.arch = "arm64";
    kernel.state = "built";
    kernel.kernel_key = kernel.name;
    kernels_.push_back(kernel);
    store::CellRow cell;
    cell.id = static_cast<std::int64_t>(cells_.size()) + 1;
    cell.tree = kernel.tree;
    cell.series = series;
    cell.config = config;
    cell.machine = "tcg";
    cell.suite = "s";
    cell.name = kernel.name + "/tcg/s";
    cell.state = "done";
    cells_.push_back(cell);
  }

  store::CellRow& cell(const std::string& name) {
    for (auto& each : cells_)
      if (each.name == "v7.2/" + name + "/tcg/s") return each;
    throw std::out_of_range(name);
  }

  void result(const std::string& in, const std::string& name, const std::string& outcome,
              const std::string& message = "") {
    store::CaseRow row;
    row.cell = cell(in).id;
    row.name = name;
    row.outcome = outcome;
    row.message = message;
    cases_.push_back(row);
  }

  ClaimResult evaluated() const {
    const ClaimInputs inputs{kernels_,
                             cells_,
                             cases_,
                             incidents_,
                             planned_,
                             [this](const std::string&) { return differences_; },
                             [this](const auto&, const auto&) { return objects_; }};
    return evaluate({claim_}, inputs).front();
  }
  ClaimState state() const { return evaluated().state; }

  spec::Claim claim_;
  std::vector<store::KernelRow> kernels_;
  std::vector<store::CellRow> cells_, planned_;
  std::vector<store::CaseRow> cases_;
  std::vector<store::IncidentRow> incidents_;
  std::vector<CausedDifference> differences_;
  Result<ObjectsCompared> objects_ = ObjectsCompared{};
};

TEST_F(ClaimsTest, HoldIfEveryCaseHasItsOutcome) {
  claim_.where.series = {"direct-calls"};
  claim_.outcomes = {"passed"};
  result("direct-calls/cfi", "a", "passed");
  result("direct-calls/nocfi", "a", "passed");
  result("base/cfi", "a", "failed");
  EXPECT_EQ(state(), ClaimState::holds);
  EXPECT_EQ(evaluated().basis, "2 cases in 2 cells");
  result("direct-calls/cfi", "b", "crashed", "panic");
  EXPECT_EQ(state(), ClaimState::does_not_hold);
  EXPECT_EQ(evaluated().against,
            (Against{{"v7.2/direct-calls/cfi/tcg/s", "b", "crashed, not passed", "panic"}}));
  claim_.except = {"b"};
  EXPECT_EQ(state(), ClaimState::holds);
}

TEST_F(ClaimsTest, AreUndecidedAsLongAsSomethingIsMissing) {
  claim_.where.configs = {"cfi"};
  claim_.outcomes = {"passed"};
  result("base/cfi", "a", "passed");
  result("direct-calls/cfi", "a", "missing");
  EXPECT_EQ(state(), ClaimState::undecided);
  cases_.back().outcome = "infra_error";
  EXPECT_EQ(state(), ClaimState::undecided);
  cases_.back().outcome = "passed";
  claim_.cases = {"a", "b"};
  EXPECT_EQ(evaluated().missing.front(),
            (ClaimEvidence{"v7.2/base/cfi/tcg/s", "b", "no case of this cell fits", ""}));
  claim_.cases = {};
  cells_.erase(cells_.begin() + 2);
  EXPECT_EQ(evaluated().missing.front(),
            (ClaimEvidence{"v7.2/direct-calls/cfi/tcg/s", "", "not part of this run", ""}));
  claim_.where.trees = {"v6.12"};
  EXPECT_EQ(state(), ClaimState::undecided);
}

TEST_F(ClaimsTest, TakeAKernelThatDoesNotBuildForAnAnswer) {
  claim_.where.series = {"direct-calls"};
  claim_.where.configs = {"cfi"};
  claim_.outcomes = {"passed"};
  cell("direct-calls/cfi").state = "blocked";
  cell("direct-calls/cfi").reason = "its kernel did not build";
  result("direct-calls/cfi", "a", "blocked");
  EXPECT_EQ(evaluated().against, (Against{{"v7.2/direct-calls/cfi/tcg/s", "", "blocked, not passed",
                                           "its kernel did not build"}}));
  cell("direct-calls/cfi").state = "infra_error";
  EXPECT_EQ(state(), ClaimState::undecided);
}

TEST_F(ClaimsTest, MayExpectThatASuiteIsUnavailable) {
  claim_.where.series = {"base"};
  claim_.where.configs = {"cfi"};
  claim_.outcomes = {"unavailable"};
  cell("base/cfi").state = "unavailable";
  EXPECT_EQ(state(), ClaimState::holds);
  cell("base/cfi").state = "done";
  result("base/cfi", "a", "passed");
  EXPECT_EQ(state(), ClaimState::does_not_hold);
}

TEST_F(ClaimsTest, LookAtTheMessage) {
  claim_.where.series = {"base"};
  claim_.where.configs = {"cfi"};
  claim_.outcomes = {"xfailed"};
  claim_.message = "/ENOTSUPP|-524/";
  result("base/cfi", "a", "xfailed", "attach: -524");
  EXPECT_EQ(state(), ClaimState::holds);
  cases_.back().message = "attach: -22";
  EXPECT_EQ(state(), ClaimState::does_not_hold);
}

TEST_F(ClaimsTest, CompareWithOtherCells) {
  claim_.kind = ClaimKind::same_results;
  claim_.where.series = {"direct-calls"};
  claim_.where.configs = {"cfi"};
  claim_.as.configs = {"nocfi"};
  result("direct-calls/cfi", "a", "failed");
  result("direct-calls/nocfi", "a", "failed");
  EXPECT_EQ(state(), ClaimState::holds);
  result("direct-calls/nocfi", "b", "passed");
  EXPECT_EQ(evaluated().against, (Against{{"v7.2/direct-calls/nocfi/tcg/s", "b",
                                           "not a case of v7.2/direct-calls/cfi/tcg/s", ""}}));
  result("direct-calls/cfi", "b", "missing");
  EXPECT_EQ(state(), ClaimState::undecided);
  cases_.back().outcome = "timed_out";
  EXPECT_EQ(state(), ClaimState::does_not_hold);
  cell("direct-calls/nocfi").state = "unavailable";
  EXPECT_EQ(evaluated().against.front().found,
            "ran, but v7.2/direct-calls/nocfi/tcg/s unavailable");
  for (const auto* name : {"direct-calls/cfi", "direct-calls/nocfi"}) cell(name).state = "blocked";
  EXPECT_EQ(state(), ClaimState::undecided);
}

TEST_F(ClaimsTest, AskWhatAnAxisCauses) {
  claim_.kind = ClaimKind::no_difference;
  claim_.axis = "series";
  EXPECT_EQ(evaluated().missing.front().found, "none of the cells that are meant has run a case");
  result("base/cfi", "a", "passed");
  EXPECT_EQ(state(), ClaimState::holds);
  differences_ = {{"s", "a", "fails only with direct-calls", {cells_[2].name}, true}};
  EXPECT_EQ(state(), ClaimState::undecided);
  differences_[0].open = false;
  EXPECT_EQ(state(), ClaimState::does_not_hold);
  claim_.where.configs = {"nocfi"};
  result("base/nocfi", "a", "passed");
  EXPECT_EQ(state(), ClaimState::holds);
  claim_.where.series = {"base"};
  EXPECT_EQ(evaluated().missing.front().found, "no two cells differ in series alone");
}

TEST_F(ClaimsTest, CompareObjects) {
  claim_.kind = ClaimKind::same_objects;
  claim_.axis = "series";
  claim_.where.configs = {"nocfi"};
  objects_->objects = 788;
  EXPECT_EQ(state(), ClaimState::holds);
  EXPECT_EQ(evaluated().basis, "788 objects of 1 pair of kernels");
  objects_->differences = {{"kernel/ftrace.o", "differs, its code is the same", true}};
  EXPECT_EQ(state(), ClaimState::does_not_hold);
  claim_.except = {"kernel/ftrace.o"};
  EXPECT_EQ(state(), ClaimState::holds);
  objects_->differences[0].same_code = false;
  EXPECT_EQ(state(), ClaimState::does_not_hold);
  objects_ = support::infrastructure_error("no objects were kept");
  EXPECT_EQ(state(), ClaimState::undecided);
  objects_ = ObjectsCompared{};
  kernels_[1].state = "failed";
  EXPECT_EQ(state(), ClaimState::undecided);
}

TEST_F(ClaimsTest, LookForIncidents) {
  claim_.kind = ClaimKind::no_incident;
  claim_.kinds = {"cfi"};
  EXPECT_EQ(state(), ClaimState::holds);
  store::IncidentRow incident;
  incident.cell = cells_[0].id;
  incident.kind = "warning";
  incidents_.push_back(incident);
  EXPECT_EQ(state(), ClaimState::holds);
  incidents_[0].kind = "cfi";
  EXPECT_EQ(state(), ClaimState::does_not_hold);
  incidents_[0].ignored = "known";
  EXPECT_EQ(state(), ClaimState::holds);
  for (auto& each : cells_) each.state = "unavailable";
  EXPECT_EQ(state(), ClaimState::undecided);
}

TEST_F(ClaimsTest, LookAtTheConfig) {
  claim_.kind = ClaimKind::config;
  claim_.where.series = {"direct-calls"};
  claim_.symbols = {{"DIRECT_CALLS", "y", {}}, {"CALL", "n", {}}};
  EXPECT_EQ(state(), ClaimState::undecided);
  for (auto& kernel : kernels_) kernel.config_text = "CONFIG_DIRECT_CALLS=y\nCONFIG_CALL_OPS=y\n";
  EXPECT_EQ(state(), ClaimState::holds);
  kernels_[2].config_text = "# CONFIG_DIRECT_CALLS is not set\n";
  EXPECT_EQ(evaluated().against,
            (Against{{"v7.2/direct-calls/cfi", "DIRECT_CALLS", "n, not y", ""}}));
}

}  // namespace
}  // namespace kmatrix::compare
