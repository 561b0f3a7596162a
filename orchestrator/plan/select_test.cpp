// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/select.h"

#include <gtest/gtest.h>

#include "plan/job_graph.h"

namespace kmatrix::plan {
namespace {

/// Two kernels, each with the suites a and b on one machine.
struct Sample {
  spec::Experiment experiment;
  Matrix matrix;
  Sample() {
    experiment.trees.resize(1);
    experiment.trees[0].name = "t";
    experiment.series.resize(2);
    experiment.series[0].name = "base";
    experiment.series[1].name = "s";
    experiment.configs.resize(1);
    experiment.configs[0].name = "c";
    experiment.machines.resize(1);
    experiment.machines[0].name = "m";
    experiment.suites.resize(2);
    experiment.suites[0].name = "a";
    experiment.suites[1].name = "b";
    for (const std::string series : {"base", "s"}) {
      PlannedKernel kernel;
      kernel.name = "t/" + series + "/c";
      kernel.tree = "t";
      kernel.series = series;
      kernel.config = "c";
      for (const std::string suite : {"a", "b"}) {
        PlannedCell cell;
        cell.name = kernel.name + "/m/" + suite;
        cell.kernel = matrix.kernels.size();
        cell.machine = "m";
        cell.suite = suite;
        matrix.cells.push_back(cell);
      }
      matrix.kernels.push_back(kernel);
    }
  }
};

TEST(SelectCells, KeepsAllWithoutConditions) {
  const Sample sample;
  const auto all = select_cells(sample.experiment, sample.matrix, {});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->cells.size(), 4U);
  EXPECT_EQ(all->kernels.size(), 2U);
}

TEST(SelectCells, DropsKernelsWithoutCells) {
  const Sample sample;
  const auto some = select_cells(sample.experiment, sample.matrix, {"series=s", "suite=a,b"});
  ASSERT_TRUE(some);
  ASSERT_EQ(some->kernels.size(), 1U);
  EXPECT_EQ(some->kernels[0].name, "t/s/c");
  ASSERT_EQ(some->cells.size(), 2U);
  EXPECT_EQ(some->cells[1].kernel, 0U);
}

TEST(SelectCells, RefusesWhatItDoesNotKnow) {
  const Sample sample;
  for (const std::string wrong : {"suite", "sweet=a", "suite=c", "suite=a,", "suite="}) {
    const auto result = select_cells(sample.experiment, sample.matrix, {wrong});
    ASSERT_FALSE(result) << wrong;
    EXPECT_EQ(result.error().kind, ErrorKind::input);
  }
}

TEST(SelectCells, RefusesToSelectNothing) {
  const Sample sample;
  const auto none = select_cells(sample.experiment, sample.matrix, {"suite=a", "suite=b"});
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().hint.find("write --only suite=a,b"), std::string::npos);
}

TEST(JobGraph, PutsEveryJobAfterWhatItDependsOn) {
  const Sample sample;
  const auto graph = make_job_graph(sample.experiment, sample.matrix, {.cells = {0}}, 4);
  ASSERT_EQ(graph.images.size(), 1U);
  ASSERT_EQ(graph.jobs.size(), 1U + 2U + 3U);
  for (std::size_t i = 0; i < graph.jobs.size(); ++i)
    for (const auto other : graph.jobs[i].depends) EXPECT_LT(other, i);
}

TEST(JobGraph, BuildsAKernelWhoseCellsAreAllSkipped) {
  const Sample sample;
  const auto graph = make_job_graph(sample.experiment, sample.matrix, {.cells = {0, 1, 2, 3}}, 4);
  EXPECT_TRUE(graph.images.empty());
  ASSERT_EQ(graph.jobs.size(), 2U);
  EXPECT_EQ(graph.jobs[0].kind, JobKind::build);
}

TEST(JobGraph, LeavesOutAFinishedKernelThatNoCellNeeds) {
  const Sample sample;
  Spared spared{{0, 1, 2, 3}, {0, 1}, {}};
  EXPECT_TRUE(make_job_graph(sample.experiment, sample.matrix, spared, 4).jobs.empty());
  // A cell that is still to run needs its kernel, finished or not.
  spared.cells = {1, 2, 3};
  const auto graph = make_job_graph(sample.experiment, sample.matrix, spared, 4);
  ASSERT_EQ(graph.jobs.size(), 3U);
  EXPECT_EQ(graph.jobs[1].kind, JobKind::build);
  EXPECT_EQ(graph.jobs[1].subject, sample.matrix.cells[0].kernel);
}

TEST(JobGraph, AJobTakesWhatItsKindTakes) {
  const Sample sample;
  const auto graph = make_job_graph(sample.experiment, sample.matrix, {{}, {}, {1}}, 4);
  ASSERT_EQ(graph.jobs.size(), 1U + 2U + 4U);
  EXPECT_EQ(graph.jobs[1].slot, Slot::build);
  EXPECT_EQ(graph.jobs[1].cores, 4);
  const auto& machine = sample.experiment.machines[0];
  EXPECT_EQ(graph.jobs[2].slot, Slot::boot);
  EXPECT_EQ(graph.jobs[2].cores, machine.cpus);
  EXPECT_GT(graph.jobs[2].memory_mib, machine.memory_mib);
  // What is in the cache keeps no core busy.
  EXPECT_EQ(graph.jobs[4].kind, JobKind::build);
  EXPECT_EQ(graph.jobs[4].slot, Slot::light);
}

TEST(JobGraph, SelftestsAreBuiltUnlessTheyAreInTheCache) {
  Sample sample;
  sample.experiment.suites[1].runner = spec::RunnerKind::test_progs;
  Spared spared;
  spared.cached_selftests = {{1, "b"}};
  const auto graph = make_job_graph(sample.experiment, sample.matrix, spared, 4);
  std::vector<std::pair<Slot, int>> selftests;
  for (const auto& job : graph.jobs)
    if (job.kind == JobKind::selftests) selftests.emplace_back(job.slot, job.cores);
  EXPECT_EQ(selftests, (std::vector<std::pair<Slot, int>>{{Slot::build, 4}, {Slot::light, 0}}));
}

}  // namespace
}  // namespace kmatrix::plan
