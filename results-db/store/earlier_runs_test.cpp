// SPDX-License-Identifier: GPL-2.0-or-later
// What a run asks about those before it.
#include <gtest/gtest.h>

#include "store/fixture.h"
#include "store/store.h"

namespace kmatrix::store {
namespace {

class EarlierRuns : public ::testing::Test {
 protected:
  Store store_ = Store::open(":memory:").value();
};

TEST_F(EarlierRuns, KnowsHowSlowMachinesOfAKindWereLately) {
  const std::int64_t first = add_cell(store_);
  EXPECT_GT(first, 0);
  const KernelRow kernel = some_kernel(RunId{1});
  CellRow cell = store_.cells(RunId{1}).value().at(0);
  EXPECT_EQ(store_.slowness("builder", kernel.arch, "tcg", kernel.config).value(), 1.75);
  EXPECT_EQ(store_.slowness("another", kernel.arch, "tcg", kernel.config).value(), 0);
  EXPECT_EQ(store_.slowness("builder", kernel.arch, "kvm", kernel.config).value(), 0);
  EXPECT_EQ(store_.slowness("builder", kernel.arch, "tcg", "another").value(), 0);
  for (const double measured : {9.0, 2.0, 2.5, 2.25, 0.0, 2.125, 2.0}) {
    cell.name += "+";
    cell.slowness = measured;
    ASSERT_TRUE(store_.put_cell(cell));
  }
  EXPECT_EQ(store_.slowness("builder", kernel.arch, "tcg", kernel.config).value(), 2.5)
      << "of the newest five that were measured";
}

/// A cell of a run of its own, with a key, that ran well.
CellRow good_cell(Store& store) {
  const auto kernel = some_kernel(store.add_run(some_run()).value());
  auto cell = some_cell(kernel, store.put_kernel(kernel).value());
  cell.cell_key = "key";
  cell.ignore_key = "ignores";
  cell.id = store.put_cell(cell).value();
  EXPECT_TRUE(store.put_case(some_case(cell.id, "a")));
  return cell;
}

TEST_F(EarlierRuns, ReusesACellWithIgnoredIncidentsUnderTheSameEntriesOnly) {
  const auto cell = good_cell(store_);
  EXPECT_TRUE(store_.reusable_cell("key", "others").value());
  ASSERT_TRUE(store_.add_incident(some_incident(cell.id)));
  EXPECT_FALSE(store_.reusable_cell("key", "others").value());
  EXPECT_FALSE(store_.reusable_cell("key", "").value());
  ASSERT_TRUE(store_.reusable_cell("key", "ignores").value());
  auto counts = some_incident(cell.id);
  counts.ignored = "";
  ASSERT_TRUE(store_.add_incident(counts));
  EXPECT_FALSE(store_.reusable_cell("key", "ignores").value());
}

TEST_F(EarlierRuns, AReusedCellHasTheIgnoredIncidentsToo) {
  const auto from = good_cell(store_);
  ASSERT_TRUE(store_.add_incident(some_incident(from.id)));
  const auto kernel = some_kernel(store_.add_run(some_run()).value());
  auto cell = some_cell(kernel, store_.put_kernel(kernel).value());
  cell.reused_run = from.run;
  ASSERT_TRUE(store_.reuse_cell(cell, from.id));
  const auto incidents = store_.incidents(kernel.run).value();
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].title, some_incident(0).title);
  EXPECT_EQ(incidents[0].ignored, "known");
  EXPECT_EQ(store_.cases(kernel.run).value().size(), 1U);
}

TEST_F(EarlierRuns, KnowsHowLongThingsTookOnAHost) {
  add_cell(store_);
  RunRow elsewhere = some_run();
  elsewhere.host = "another";
  const RunId other = store_.add_run(elsewhere).value();
  KernelRow kernel = some_kernel(other);
  kernel.seconds = 1;
  CellRow cell = some_cell(kernel, store_.put_kernel(kernel).value());
  cell.state = "blocked";
  ASSERT_TRUE(store_.put_cell(cell));
  const auto kernels = store_.kernel_times("builder").value();
  ASSERT_EQ(kernels.size(), 1U);
  EXPECT_EQ(kernels[0].name, "v6.12/base/clang-cfi");
  EXPECT_EQ(kernels[0].config, "clang-cfi");
  EXPECT_EQ(kernels[0].seconds, 443.25);
  EXPECT_EQ(kernels[0].objects, some_kernel(RunId{1}).objects);
  const auto cells = store_.cell_times("builder").value();
  ASSERT_EQ(cells.size(), 1U);
  EXPECT_EQ(cells[0].machine, "arm64-tcg");
  EXPECT_EQ(cells[0].suite, "ftrace-direct");
  EXPECT_EQ(cells[0].seconds, 70.5);
  EXPECT_EQ(store_.kernel_times("another").value().size(), 1U);
  EXPECT_TRUE(store_.cell_times("another").value().empty());
}

TEST_F(EarlierRuns, KnowsHowLongCasesTookInTheCellMostLikeIt) {
  const auto times = [&](const std::string& cell, const std::string& suite) {
    return store_.case_times("builder", cell, "arm64-tcg", suite).value();
  };
  // A rerun of some cases says nothing of the others.
  ASSERT_TRUE(store_.put_case(some_case(add_cell(store_), "again", "passed")));
  EXPECT_TRUE(times("a", "ftrace-direct").empty());
  RunRow whole = some_run();
  whole.rerun_of = {};
  const auto first_kernel = some_kernel(store_.add_run(whole).value());
  const auto first =
      store_.put_cell(some_cell(first_kernel, store_.put_kernel(first_kernel).value())).value();
  ASSERT_TRUE(store_.put_case(some_case(first, "slow", "passed")));
  const double seconds = some_case(first, "slow", "passed").seconds;
  // One of another name will do, but not of another suite.
  const std::map<std::string, double> slow{{"slow", seconds}};
  EXPECT_EQ(times("a", "ftrace-direct"), slow);
  EXPECT_TRUE(times("a", "bpf-direct").empty());
  EXPECT_TRUE(store_.case_times("x", "a", "arm64-tcg", "ftrace-direct").value().empty());
  // The newest, unless there is one of its name.
  const auto kernel = some_kernel(store_.add_run(whole).value());
  auto cell = some_cell(kernel, store_.put_kernel(kernel).value());
  const std::string name = cell.name;
  cell.name = "another";
  const std::int64_t second = store_.put_cell(cell).value();
  ASSERT_TRUE(store_.put_case(some_case(second, "newer", "passed")));
  EXPECT_EQ(times("a", "ftrace-direct").count("newer"), 1U);
  EXPECT_EQ(times(name, "ftrace-direct"), slow);
}

TEST_F(EarlierRuns, TakesOverTheNewestResultsIfTheyAreGood) {
  const std::string key(64, 'f');
  const std::int64_t good = add_cell(store_);
  ASSERT_TRUE(store_.put_case(some_case(good, "a", "passed")));
  EXPECT_EQ(store_.reusable_cell(key, "").value()->run, RunId{1});
  const std::int64_t bad = add_cell(store_);
  ASSERT_TRUE(store_.put_case(some_case(bad, "a", "failed")));
  EXPECT_FALSE(store_.reusable_cell(key, "").value()) << "a later failure must not be forgotten";
  ASSERT_TRUE(store_.put_case(some_case(add_cell(store_), "a", "passed")));
  EXPECT_EQ(store_.reusable_cell(key, "").value()->run, RunId{3});
  CellRow broken = store_.cells(RunId{3}).value().at(0);
  KernelRow kernel = some_kernel(store_.add_run(some_run()).value());
  broken.run = kernel.run;
  broken.kernel = store_.put_kernel(kernel).value();
  broken.state = "infra_error";
  ASSERT_TRUE(store_.put_cell(broken));
  EXPECT_EQ(store_.reusable_cell(key, "").value()->run, RunId{3}) << "our failure is no result";
}

TEST_F(EarlierRuns, FindsTheLastTimeOfACell) {
  const std::int64_t first = add_cell(store_);
  ASSERT_TRUE(store_.put_case(some_case(first, "a", "passed")));
  ASSERT_TRUE(store_.put_case(some_case(first, "b", "failed")));
  ASSERT_TRUE(store_.put_case(some_case(first, "c", "crashed")));
  ASSERT_TRUE(store_.put_case(some_case(first, "d", "failed")));
  ASSERT_TRUE(store_.add_incident(some_incident(first)));
  ASSERT_TRUE(store_.put_case(some_case(add_cell(store_), "a", "passed")));
  const auto name = store_.cells(RunId{1}).value().at(0).name;
  EXPECT_FALSE(store_.last_cell("quickstart", name, RunId{1}).value());
  EXPECT_FALSE(store_.last_cell("another", name, RunId{2}).value());
  EXPECT_FALSE(store_.last_cell("quickstart", "another", RunId{2}).value());
  const auto last = store_.last_cell("quickstart", name, RunId{2}).value();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->row.run, RunId{1});
  EXPECT_EQ(last->row.inputs, R"([["accel","tcg"]])");
  EXPECT_EQ(last->bad, "1 crashed, 2 failed");
  EXPECT_EQ(last->incidents, 1);
  EXPECT_EQ(store_.last_cell("quickstart", name, RunId{9}).value()->bad, "");
}

TEST_F(EarlierRuns, FindsTheRunThatBuiltAKernel) {
  add_cell(store_);
  KernelRow cached = some_kernel(store_.add_run(some_run()).value());
  cached.state = "cached";
  ASSERT_TRUE(store_.put_kernel(cached));
  const auto built = store_.build_of(cached.kernel_key, RunId{2}).value();
  ASSERT_TRUE(built);
  EXPECT_EQ(built->run, RunId{1});
  EXPECT_FALSE(store_.build_of(cached.kernel_key, RunId{0}).value());
  EXPECT_FALSE(store_.build_of("", RunId{2}).value());
}

}  // namespace
}  // namespace kmatrix::store
