// SPDX-License-Identifier: GPL-2.0-or-later
// Here, for what writes KTAP and what reads it do not know each other.
#include "report/export.h"

#include <gtest/gtest.h>

#include "suite/ktap_output.h"

namespace kmatrix::cli {
namespace {

TEST(Export, OurOwnReaderUnderstandsTheKtap) {
  report::StoredRun run;
  store::CellRow cell;
  cell.id = 1;
  cell.name = "v6.12/base/tcg/suite";
  cell.state = "done";
  run.cells = {cell};
  const std::vector<std::pair<std::string, plan::Outcome>> wanted = {
      {"passed", plan::Outcome::passed},       {"failed", plan::Outcome::failed},
      {"skipped", plan::Outcome::skipped},     {"xfailed", plan::Outcome::xfailed},
      {"timed_out", plan::Outcome::timed_out}, {"# SKIP\nok 9 \xFF", plan::Outcome::failed}};
  for (const auto& [name, outcome] : wanted) {
    store::CaseRow row;
    row.cell = 1;
    row.name = name;
    row.outcome = to_string(outcome);
    row.message = "1..3\nBail out!";
    run.cases.push_back(row);
  }
  const auto read = suite::parse_ktap(report::ktap(run));
  EXPECT_EQ(read.missing, 0U);
  EXPECT_FALSE(read.bailed_out);
  ASSERT_GE(read.results.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(read.results[i].outcome, wanted[i].second) << wanted[i].first;
    ASSERT_EQ(read.results[i].path.size(), 2U);
    EXPECT_EQ(read.results[i].path[0], cell.name);
  }
  EXPECT_EQ(read.results[0].path[1], "passed");
}

}  // namespace
}  // namespace kmatrix::cli
