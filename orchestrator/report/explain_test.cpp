// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/explain.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "report/fixture.h"

namespace kmatrix::report {
namespace {

Why built_kernel() {
  RunBuilder run;
  Why why;
  why.kernel = run.kernel("base", "built");
  why.kernel.run.value = 3;
  why.kernel.why = "series changed: 0a1b -> 2c3d";
  return why;
}

Why cell_that_ran() {
  Why why = built_kernel();
  RunBuilder run;
  why.cell = run.cell("base", "boot");
  why.cell->run.value = 3;
  why.cell->why = "kernel changed: 111 -> 222";
  why.cell->inputs = R"([["kernel","222"]])";
  store::LastCell last;
  last.row = *why.cell;
  last.row.run.value = 2;
  last.row.inputs = R"([["kernel","111"]])";
  why.last = last;
  why.kernel_changes = {"series changed: 0a1b -> 2c3d", "NR_CPUS 64 -> 8\x1b[2J"};
  return why;
}

TEST(WhyText, OfAKernelThatWasBuilt) {
  EXPECT_EQ(why_text(built_kernel()),
            "kernel v6.12/base/clang-cfi in run 3: built\n  series changed: 0a1b -> 2c3d\n");
}

TEST(WhyText, OfACachedKernelNamesItsBuild) {
  Why why = built_kernel();
  why.kernel.state = why.kernel.why = "cached";
  EXPECT_NE(why_text(why).find("no run in this database built it"), std::string::npos);
  why.built = built_kernel().kernel;
  why.built->run.value = 1;
  EXPECT_EQ(why_text(why),
            "kernel v6.12/base/clang-cfi in run 3: cached\n"
            "  built in run 1: series changed: 0a1b -> 2c3d\n");
}

TEST(WhyText, OfACellSaysWhatChangedInItsKernel) {
  EXPECT_EQ(why_text(cell_that_ran()),
            "cell v6.12/base/clang-cfi/arm64-tcg/boot in run 3: done\n"
            "  kernel changed: 111 -> 222\n"
            "  the kernel since run 2:\n"
            "    series changed: 0a1b -> 2c3d\n"
            "    NR_CPUS 64 -> 8\\x1b[2J\n"
            "kernel v6.12/base/clang-cfi in run 3: built\n"
            "  series changed: 0a1b -> 2c3d\n");
}

TEST(WhyText, OfResultsThatWereTakenOver) {
  Why why = cell_that_ran();
  why.kernel_changes.clear();
  why.made = why.cell;
  why.cell->reused_run.value = 2;
  why.cell->why = "nothing that its results depend on has changed";
  EXPECT_EQ(why_text(why).substr(0, why_text(why).find("kernel v6.12/base/clang-cfi in")),
            "cell v6.12/base/clang-cfi/arm64-tcg/boot in run 3: results of run 2\n"
            "  nothing that its results depend on has changed\n"
            "  it ran in run 2: kernel changed: 111 -> 222\n");
}

TEST(WhyText, SaysThatAnOlderVersionRecordedNothing) {
  Why why = cell_that_ran();
  why.cell->why = "";
  EXPECT_NE(why_text(why).find("not recorded"), std::string::npos);
}

TEST(WhyJson, HasAllOfIt) {
  const auto json = why_json(cell_that_ran());
  EXPECT_EQ(json["run"], 3);
  EXPECT_EQ(json["cell"]["why"], "kernel changed: 111 -> 222");
  EXPECT_EQ(json["cell"]["inputs"][0][1], "222");
  EXPECT_EQ(json["cell"]["last"]["run"], 2);
  EXPECT_EQ(json["cell"]["last"]["inputs"][0][1], "111");
  EXPECT_EQ(json["kernel"]["built_in_run"], 3);
  EXPECT_EQ(json["kernel"]["changes_since_last_cell"].size(), 2U);
  EXPECT_TRUE(why_json(built_kernel())["cell"].is_null());
}

TEST(RerunText, ShowsWhatEachCaseWasAndIs) {
  RunBuilder before = bad_run(), now;
  now.whole().run.id.value = 4;
  now.cell("base", "ftrace-direct");
  now.result("direct/b.tc", "passed");
  now.result("direct/new.tc", "failed");
  now.cell("base", "ftrace-samples", "unavailable", "SAMPLES is not set");
  EXPECT_EQ(rerun_text(before.whole(), now.whole(), false),
            R"~(cell                                           case           run 3        run 4
v6.12/base/clang-cfi/arm64-tcg/ftrace-direct   direct/b.tc    crashed      passed
v6.12/base/clang-cfi/arm64-tcg/ftrace-direct   direct/new.tc  done         failed
v6.12/base/clang-cfi/arm64-tcg/ftrace-samples  -              unavailable  unavailable
)~");
  const auto json = rerun_json(before.whole(), now.whole());
  EXPECT_EQ(json[0]["before"], "crashed");
  EXPECT_EQ(json[0]["now"], "passed");
}

std::vector<compare::SymbolDifference> some_differences() {
  return {{"CFI_CLANG", {"y", {"y", "config clang-cfi", "x.yaml:12:5"}}, {"n", {}}},
          {"SAMPLES", {"n", {"y", "suite samples", ""}}, {"y", {"y", "suite samples", ""}}},
          {"CC_IS_CLANG", {"y", {}}, {"n", {}}}};
}

TEST(ConfigDiffText, SaysWhoAsked) {
  EXPECT_EQ(config_diff_text({{3}, "v6.12/base/clang-cfi", 601, 12},
                             {{4}, "v6.12/base/gcc", 598, 0}, some_differences()),
            R"~(A  v6.12/base/clang-cfi  run 3  601 =y, 12 =m
B  v6.12/base/gcc        run 4  598 =y, 0 =m

symbol       A        B        asked for by
CFI_CLANG    y        not set  A: config clang-cfi at x.yaml:12:5
SAMPLES      not set  y        A: suite samples (for y); B: suite samples
CC_IS_CLANG  y        not set  nobody: Kconfig's own choice

3 symbols differ, 2 of them asked for
)~");
  EXPECT_EQ(config_diff_text({{3}, "a", 1, 0}, {{3}, "b", 1, 0}, {}),
            "A  a  run 3  1 =y, 0 =m\nB  b  run 3  1 =y, 0 =m\n\nno symbol differs\n");
  EXPECT_EQ(config_diff_text({{}, "a", 1, 2}, {{}, "b", 1, 2}, {}),
            "A  a  configured only  1 =y, 2 =m\nB  b  configured only  1 =y, 2 =m\n\n"
            "no symbol differs\n");
}

TEST(ConfigDiffJson, HasNullWhereNobodyAsked) {
  const auto json = config_diff_json({{3}, "a"}, {{4}, "b"}, some_differences());
  EXPECT_EQ(json["b"]["run"], 4);
  EXPECT_TRUE(config_diff_json({{}, "a"}, {{}, "b"}, {})["a"]["run"].is_null());
  EXPECT_EQ(json["symbols"][0]["a"]["asked_by"], "config clang-cfi");
  EXPECT_EQ(json["symbols"][0]["a"]["at"], "x.yaml:12:5");
  EXPECT_EQ(json["symbols"][0]["b"]["value"], "n");
  EXPECT_TRUE(json["symbols"][2]["a"]["asked_by"].is_null());
}

}  // namespace
}  // namespace kmatrix::report
