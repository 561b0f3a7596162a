// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/matrix.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "spec/test_folder.h"

namespace kmatrix::plan {
namespace {

using Words = std::vector<std::string>;

spec::Series series(const std::string& name, const Words& trees) {
  spec::Series result;
  result.name = name;
  for (const auto& tree : trees) result.by_tree[tree] = {{"0001-x.patch", "content"}};
  result.at = {"x.yaml", 5, 3};
  return result;
}

template <class T>
T named(const std::string& name) {
  T result;
  result.name = name;
  return result;
}

/// Two trees, base and one series for both, two configs, two arm64 machines and one x86_64 one.
spec::Experiment example() {
  spec::Experiment experiment;
  experiment.trees = {named<spec::Tree>("old"), named<spec::Tree>("new")};
  experiment.series = {series("base", {}), series("fix", {""})};
  experiment.configs = {named<spec::Config>("cfi"), named<spec::Config>("plain")};
  experiment.machines = {named<spec::Machine>("tcg"), named<spec::Machine>("kvm"),
                         named<spec::Machine>("pc")};
  experiment.machines[2].arch = "x86_64";
  experiment.suites = {named<spec::Suite>("boot"), named<spec::Suite>("ftrace")};
  experiment.axes = {.trees = {"old"},
                     .series = {"base", "fix"},
                     .configs = {"cfi"},
                     .machines = {"tcg"},
                     .suites = {"boot", "ftrace"}};
  return experiment;
}

const std::vector<PlatformSymbols>& platforms() {
  static const std::vector<PlatformSymbols> all = {
      {"arm64", {{"PL011", "y", {"arm64.config", 1, 1}}}, {{"EROFS_FS", "y"}}},
      {"x86_64", {{"SERIAL_8250", "y"}}, {{"EROFS_FS", "y"}}}};
  return all;
}

Matrix good(const spec::Experiment& experiment) {
  auto expanded = expand(experiment, platforms());
  for (const auto& error : expanded.errors) ADD_FAILURE() << support::to_string(error);
  return expanded.matrix;
}

Words errors_of(const spec::Experiment& experiment) {
  Words messages;
  for (const auto& error : expand(experiment, platforms()).errors) {
    EXPECT_EQ(error.kind, ErrorKind::input);
    messages.push_back(support::to_string(error));
  }
  return messages;
}

Words cells_of(const Matrix& matrix) {
  Words names;
  for (const auto& cell : matrix.cells) names.push_back(cell.name);
  return names;
}

Words kernels_of(const Matrix& matrix) {
  Words names;
  for (const auto& kernel : matrix.kernels) names.push_back(kernel.name);
  return names;
}

Words symbols_of(const PlannedKernel& kernel) {
  Words words;
  for (const auto& symbol : kernel.symbols)
    words.push_back(symbol.symbol + "=" + symbol.value + " by " + symbol.asked_by);
  return words;
}

TEST(Expand, MultipliesTheAxesInAxisOrder) {
  const auto matrix = good(example());
  EXPECT_EQ(cells_of(matrix), (Words{"old/base/cfi/tcg/boot", "old/base/cfi/tcg/ftrace",
                                     "old/fix/cfi/tcg/boot", "old/fix/cfi/tcg/ftrace"}));
  EXPECT_EQ(kernels_of(matrix), (Words{"old/base/cfi", "old/fix/cfi"}));
  EXPECT_EQ(matrix.cells[3].kernel, 1U);
  EXPECT_EQ(matrix.cells[3].machine, "tcg");
  EXPECT_EQ(matrix.cells[3].suite, "ftrace");
  EXPECT_EQ(matrix.kernels[1].series, "fix");
}

TEST(Expand, FollowsTheOrderOfTheAxesAndNotThatOfTheSections) {
  auto experiment = example();
  experiment.axes.series = {"fix", "base"};
  experiment.axes.suites = {"ftrace", "boot"};
  EXPECT_EQ(cells_of(good(experiment)),
            (Words{"old/fix/cfi/tcg/ftrace", "old/fix/cfi/tcg/boot", "old/base/cfi/tcg/ftrace",
                   "old/base/cfi/tcg/boot"}));
}

TEST(Expand, SharesAKernelBetweenMachinesOfOneArchitecture) {
  auto experiment = example();
  experiment.axes.series = {"base"};
  experiment.axes.machines = {"tcg", "pc", "kvm"};
  experiment.axes.suites = {"boot"};
  const auto matrix = good(experiment);
  EXPECT_EQ(kernels_of(matrix), (Words{"old/base/cfi", "old/base/cfi/x86_64"}));
  ASSERT_EQ(matrix.cells.size(), 3U);
  EXPECT_EQ(matrix.cells[0].kernel, matrix.cells[2].kernel);
  EXPECT_EQ(matrix.kernels[matrix.cells[1].kernel].arch, "x86_64");
}

TEST(Expand, AddsIncludedCellsWithAllAxisValuesWhereACoordinateIsMissing) {
  auto experiment = example();
  experiment.include = {{.trees = {"new"}, .series = {"base"}}};
  EXPECT_EQ(cells_of(good(experiment)),
            (Words{"old/base/cfi/tcg/boot", "old/base/cfi/tcg/ftrace", "old/fix/cfi/tcg/boot",
                   "old/fix/cfi/tcg/ftrace", "new/base/cfi/tcg/boot", "new/base/cfi/tcg/ftrace"}));
}

TEST(Expand, DoesNotLetANameOfOneIncludeLeakIntoAnother) {
  auto experiment = example();
  experiment.axes.suites = {"boot"};
  experiment.include = {{.trees = {"new"}, .series = {"base"}}, {.configs = {"plain"}}};
  const auto cells = cells_of(good(experiment));
  EXPECT_EQ(std::count(cells.begin(), cells.end(), "new/base/plain/tcg/boot"), 0);
  EXPECT_EQ(cells.size(), 5U);
}

TEST(Expand, HasACellOnceHoweverOftenItIsIncluded) {
  auto experiment = example();
  experiment.include = {{.trees = {"old"}}, {.suites = {"boot"}}};
  EXPECT_EQ(good(experiment).cells.size(), 4U);
}

TEST(Expand, ExcludesAfterItIncluded) {
  auto experiment = example();
  experiment.include = {{.trees = {"new"}}};
  experiment.exclude = {{.trees = {"new"}, .series = {"fix"}}, {.suites = {"ftrace"}}};
  EXPECT_EQ(cells_of(good(experiment)),
            (Words{"old/base/cfi/tcg/boot", "old/fix/cfi/tcg/boot", "new/base/cfi/tcg/boot"}));
}

TEST(Expand, IncludeOrderDoesNotChangeTheMatrix) {
  auto one = example(), two = example();
  one.include = {{.suites = {"boot"}}, {.configs = {"cfi"}}, {.series = {"fix"}}};
  two.include = {{.series = {"fix"}}, {.suites = {"boot"}}, {.configs = {"cfi"}}};
  EXPECT_EQ(cells_of(good(one)), cells_of(good(two)));
}

TEST(Expand, RefusesAnEmptyMatrix) {
  auto experiment = example();
  experiment.exclude = {{.trees = {"old"}, .at = {"x.yaml", 30, 7}}};
  EXPECT_EQ(errors_of(experiment),
            (Words{"x.yaml:30:7: the experiment has no cell: `exclude` removes all of them"}));
}

TEST(Expand, RefusesMoreCellsThanAnybodyCanRun) {
  auto experiment = example();
  for (int i = 0; i < 400; ++i) {
    experiment.axes.trees.push_back("t" + std::to_string(i));
    experiment.axes.machines.push_back("m" + std::to_string(i));
  }
  const auto errors = errors_of(experiment);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_NE(errors[0].find("more than 100000 cells"), std::string::npos) << errors[0];
}

TEST(Expand, RefusesASeriesWithoutPatchesForATreeOnceForEachPair) {
  auto experiment = example();
  experiment.series[1] = series("fix", {"old"});
  experiment.axes.trees = {"old", "new"};
  EXPECT_EQ(errors_of(experiment),
            (Words{"x.yaml:5:3: series 'fix' has no patches for tree 'new' (give it a folder for "
                   "that tree, or exclude {tree: new, series: fix})"}));
  experiment.exclude = {{.trees = {"new"}, .series = {"fix"}}};
  EXPECT_EQ(good(experiment).cells.size(), 6U);
}

TEST(Expand, RefusesAnArchitectureThatNobodyDescribes) {
  auto experiment = example();
  experiment.machines[0].arch = "riscv";
  experiment.machines[0].at = {"x.yaml", 20, 3};
  EXPECT_EQ(errors_of(experiment),
            (Words{"x.yaml:20:3: machine 'tcg': nothing is known about the architecture 'riscv' "
                   "(known are: arm64, x86_64)"}));
}

TEST(Expand, ComposesMachineImageSuitesAndConfigInThatOrder) {
  auto experiment = example();
  experiment.suites[0].needs = {{"PRINTK", "y"}};
  experiment.suites[1].needs = {{"FTRACE", "y"}, {"EROFS_FS", "y"}};
  experiment.configs[0].requests = {{"CFI", "y"}, {"FTRACE", "y"}};
  EXPECT_EQ(symbols_of(good(experiment).kernels[0]),
            (Words{"PL011=y by machine arm64", "EROFS_FS=y by image arm64",
                   "PRINTK=y by suite boot", "FTRACE=y by suite ftrace", "CFI=y by config cfi"}));
}

TEST(Expand, NamesEachFragmentOfTheTreeOnce) {
  auto experiment = example();
  experiment.suites[0].tree_fragments = {{"bpf/config", {"x.yaml", 7, 1}}};
  experiment.suites[1].tree_fragments = {{"bpf/config", {}}, {"bpf/config.vm", {}}};
  experiment.configs[0].tree_fragments = {{"bpf/config.aarch64", {}}};
  experiment.configs[1].tree_fragments = {{"of another config", {}}};
  const auto kernel = good(experiment).kernels.at(0);
  ASSERT_EQ(kernel.tree_fragments.size(), 3U);
  EXPECT_EQ(kernel.tree_fragments[0].path, "bpf/config");
  EXPECT_EQ(kernel.tree_fragments[0].asked_by, "suite boot");
  EXPECT_EQ(kernel.tree_fragments[0].at.line, 7);
  EXPECT_EQ(kernel.tree_fragments[1].path, "bpf/config.vm");
  EXPECT_EQ(kernel.tree_fragments[2].asked_by, "config cfi");
}

TEST(Expand, GivesAKernelTheNeedsOfItsOwnSuitesOnly) {
  auto experiment = example();
  experiment.suites[1].needs = {{"FTRACE", "y"}};
  experiment.exclude = {{.series = {"base"}, .suites = {"ftrace"}}};
  const auto matrix = good(experiment);
  EXPECT_EQ(symbols_of(matrix.kernels[0]).size(), 2U);
  EXPECT_EQ(symbols_of(matrix.kernels[1]).back(), "FTRACE=y by suite ftrace");
}

TEST(Expand, GivesEachArchitectureItsOwnMachineSymbols) {
  auto experiment = example();
  experiment.axes.machines = {"pc"};
  EXPECT_EQ(symbols_of(good(experiment).kernels[0]).front(), "SERIAL_8250=y by machine x86_64");
}

TEST(Expand, ReportsAContradictionOnceWithAllItsKernels) {
  auto experiment = example();
  experiment.suites[1].needs = {{"MODULES", "y", {"f.config", 3, 1}}};
  experiment.configs[0].requests = {{"MODULES", "n", {"x.yaml", 12, 9}}};
  const auto errors = errors_of(experiment);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_NE(errors[0].find("x.yaml:12:9: config cfi asks for CONFIG_MODULES=n, but suite ftrace "
                           "asks for CONFIG_MODULES=y (f.config:3:1)"),
            std::string::npos)
      << errors[0];
  EXPECT_NE(errors[0].find("while composing the config of old/base/cfi and 1 more"),
            std::string::npos)
      << errors[0];
}

TEST(Expand, ReportsAllContradictionsAtOnce) {
  auto experiment = example();
  experiment.configs[0].requests = {{"PL011", "n"}, {"EROFS_FS", "m"}};
  EXPECT_EQ(errors_of(experiment).size(), 2U);
}

TEST(Expand, FindsTwoSuitesOfOneKernelThatContradictEachOther) {
  auto experiment = example();
  experiment.suites[0].needs = {{"NET", "n"}};
  experiment.suites[1].needs = {{"NET", "y"}};
  const auto errors = errors_of(experiment);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_NE(errors[0].find("suite ftrace asks for CONFIG_NET=y, but suite boot"),
            std::string::npos);
}

TEST(Expand, MarksCellsThatAreExpectedToBeUnavailable) {
  auto experiment = example();
  experiment.expect = {{{.series = {"base"}, .suites = {"ftrace"}}}};
  Words marked;
  for (const auto& cell : good(experiment).cells)
    if (cell.expect_unavailable) marked.push_back(cell.name);
  EXPECT_EQ(marked, (Words{"old/base/cfi/tcg/ftrace"}));
}

TEST(Expand, LetsASuiteThatMayBeUnavailableGiveWayToTheConfig) {
  auto experiment = example();
  experiment.suites[1].needs = {{"FTRACE", "y"}, {"CALL_OPS", "y"}};
  experiment.configs[0].requests = {{"CALL_OPS", "n"}};
  experiment.expect = {{{.suites = {"ftrace"}}}};
  EXPECT_EQ(symbols_of(good(experiment).kernels[0]),
            (Words{"PL011=y by machine arm64", "EROFS_FS=y by image arm64",
                   "FTRACE=y by suite ftrace", "CALL_OPS=n by config cfi"}));
}

TEST(Expand, StillReportsAContradictionOnTheKernelWhereTheSuiteMustRun) {
  auto experiment = example();
  experiment.suites[1].needs = {{"CALL_OPS", "y"}};
  experiment.configs[0].requests = {{"CALL_OPS", "n"}};
  experiment.expect = {{{.series = {"base"}, .suites = {"ftrace"}}}};
  const auto errors = errors_of(experiment);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_NE(errors[0].find("config of old/fix/cfi"), std::string::npos) << errors[0];
}

TEST(Expand, TakesASuiteForFirmIfOneMachineMustRunItOnTheSameKernel) {
  auto experiment = example();
  experiment.axes.series = {"base"};
  experiment.axes.machines = {"tcg", "kvm"};
  experiment.suites[1].needs = {{"CALL_OPS", "y"}};
  experiment.configs[0].requests = {{"CALL_OPS", "n"}};
  experiment.expect = {{{.machines = {"tcg"}, .suites = {"ftrace"}}}};
  EXPECT_EQ(errors_of(experiment).size(), 1U);
  experiment.expect.push_back({{.machines = {"kvm"}}});
  EXPECT_EQ(good(experiment).cells.size(), 4U);
}

TEST(Expand, GivesTheFiguresThatTheDocumentationSays) {
  const spec::TestFolder folder;
  const auto matrix = good(spec::load(folder.write_documented_example()).experiment);
  EXPECT_EQ(matrix.kernels.size(), 6U);
  EXPECT_EQ(matrix.cells.size(), 15U);
  EXPECT_EQ(std::count_if(matrix.cells.begin(), matrix.cells.end(),
                          [](const PlannedCell& cell) { return cell.expect_unavailable; }),
            4);
}

}  // namespace
}  // namespace kmatrix::plan
