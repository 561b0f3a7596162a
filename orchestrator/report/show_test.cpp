// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "report/fixture.h"

namespace kmatrix::report {
namespace {

TEST(ShowText, OfAGoodRun) {
  EXPECT_EQ(show_text(quickstart().whole(), false),
            R"~(run 3: quickstart, done
  experiment  matrices/quickstart.yaml
  started     2026-01-31T12:00:00Z
  took        15 min 02 s
  host        builder, kmatrix 0.1.0
  folder      /state/results.runs/3

kernel                        state   objects  time        why
v6.12/base/clang-cfi          cached  788      -
v6.12/direct-calls/clang-cfi  built   788      7 min 23 s  series changed

cell                                                   time        result
v6.12/base/clang-cfi/arm64-tcg/ftrace-direct           -           unavailable: DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set (expected)
v6.12/direct-calls/clang-cfi/arm64-tcg/ftrace-direct   1 min 11 s  2 passed
v6.12/base/clang-cfi/arm64-tcg/ftrace-samples          -           unavailable: DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set (expected)
v6.12/direct-calls/clang-cfi/arm64-tcg/ftrace-samples  18.2 s      2 passed
)~");
}

TEST(ShowText, SaysWhatTreesAndSeriesWereAndWhatTheCommandLineChanged) {
  RunBuilder builder;
  for (const auto* series : {"base", "fix"}) {
    auto& kernel = builder.kernel(series, "cached");
    kernel.tree_description = "git /home/me/linux topic commit 0123456789ab";
    if (kernel.series == "fix") kernel.series_description = "2 patches of /home/me/v3.mbx";
  }
  auto run = builder.whole();
  run.run.selection =
      R"({"only":[],"trees":["v6.12=/home/me/linux@topic"],"series":["fix=/home/me/v3.mbx"]})";
  const auto text = show_text(run, false);
  EXPECT_NE(text.find("  with        --tree v6.12=/home/me/linux@topic\n"
                      "  with        --series fix=/home/me/v3.mbx\n"
                      "\n"
                      "tree v6.12  git /home/me/linux topic commit 0123456789ab\n"
                      "series fix  2 patches of /home/me/v3.mbx\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(show_json(run)["run"]["overrides"].size(), 2U);
}

TEST(ShowText, HasTheSelftestsThatWereBuilt) {
  auto run = quickstart().whole();
  run.selftests = {{{}, 1, "v6.12/base/clang-cfi", "bpf", "built", "", "", 936},
                   {{}, 2, "v6.12/x/clang-cfi", "bpf", "failed", "no clang", "/log", 2}};
  const auto text = show_text(run, false);
  EXPECT_NE(text.find("\n"
                      "selftests                     state   time\n"
                      "v6.12/base/clang-cfi for bpf  built   15 min 36 s\n"
                      "v6.12/x/clang-cfi for bpf     failed  2.0 s\n"
                      "\n"
                      "v6.12/x/clang-cfi for bpf did not build\n"
                      "  no clang\n"
                      "  log: /log\n"),
            std::string::npos)
      << text;
  const auto record = show_json(run)["selftests"][1];
  EXPECT_EQ(record["state"], "failed");
  EXPECT_EQ(record["suite"], "bpf");
}

TEST(ShowText, OfABadRun) {
  EXPECT_EQ(show_text(bad_run().whole(), false),
            R"~(run 3: quickstart, done
  experiment  matrices/quickstart.yaml
  started     2026-01-31T12:00:00Z
  took        15 min 02 s
  host        builder, kmatrix 0.1.0
  folder      /state/results.runs/3

kernel                        state   objects  time        why
v6.12/base/clang-cfi          built   -        1 min 00 s
v6.12/direct-calls/clang-cfi  failed  -        -           never built

v6.12/direct-calls/clang-cfi did not build
  kernel/trace/ftrace.c:12:3: error: no
     12 | x
  log: /cache/failures/log

cell                                                  time        result
v6.12/base/clang-cfi/arm64-tcg/ftrace-direct          1 min 20 s  1 passed, 1 crashed, 1 missing
v6.12/base/clang-cfi/arm64-tcg/ftrace-samples         -           unavailable: SAMPLES is not set (not expected)
v6.12/direct-calls/clang-cfi/arm64-tcg/ftrace-direct  -           blocked: its kernel did not build (1 blocked)

v6.12/base/clang-cfi/arm64-tcg/ftrace-samples: unavailable
  SAMPLES [=n]
    depends on n

v6.12/base/clang-cfi/arm64-tcg/ftrace-direct
  crashed  direct/b.tc  1.5 s  panic\x1b[2J: bad ...
  missing  direct/c.tc  -

incidents
  cfi  CFI failure at caller (target: callee)
    v6.12/base/clang-cfi/arm64-tcg/ftrace-direct, case direct/b.tc, console-1.log line 317
)~");
}

TEST(ShowText, ColoursWordsAndNothingElse) {
  const std::string text = show_text(bad_run().whole(), true);
  EXPECT_NE(text.find("\x1b[31mcrashed\x1b[0m"), std::string::npos) << text;
  EXPECT_NE(text.find("\x1b[31mfailed\x1b[0m"), std::string::npos) << text;
  EXPECT_EQ(text.find("\x1b[2J"), std::string::npos) << text;
  const std::string good = show_text(quickstart().whole(), true);
  EXPECT_NE(good.find("\x1b[32m2 passed\x1b[0m"), std::string::npos) << good;
  EXPECT_NE(good.find("\x1b[2munavailable: "), std::string::npos) << good;
}

TEST(ShowText, SaysWhyAnIncidentIsIgnored) {
  auto run = quickstart();
  run.incident("warning", "WARNING in f").ignored = "known\x1b[2J";
  const auto text = show_text(run.whole(), false);
  EXPECT_NE(text.find("  warning  WARNING in f\n    v6.12/direct-calls/clang-cfi/arm64-tcg/"
                      "ftrace-samples\n    ignored: known\\x1b[2J\n"),
            std::string::npos)
      << text;
}

TEST(ShowText, ListsWhatACellLostWhenItWasInterrupted) {
  RunBuilder run;
  run.cell("base", "ftrace-direct", "interrupted", "stopped");
  run.result("a", "passed");
  run.result("b", "missing");
  const std::string text = show_text(run.whole(), false);
  EXPECT_NE(text.find("interrupted: stopped (1 passed, 1 missing)"), std::string::npos) << text;
  EXPECT_NE(text.find("  missing  b  -\n"), std::string::npos) << text;
}

TEST(ShowText, TellsWhatHappenedBesideTheResults) {
  RunBuilder run;
  auto& cell = run.cell("base", "ftrace-direct");
  cell.notes = "case a was tried again: QEMU was killed\x1b[2J";
  cell.accel = "tcg";
  cell.accel_reason = "kvm is slower";
  run.result("a", "passed");
  const std::string text = show_text(run.whole(), false);
  EXPECT_NE(text.find("\nnotes\n  v6.12/base/clang-cfi/arm64-tcg/ftrace-direct\n"
                      "    accel tcg: kvm is slower\n    case a was tried again: QEMU was killed"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(ShowText, SaysThatASuiteRanAlthoughItWasExpectedNotTo) {
  RunBuilder run;
  run.cell("base", "ftrace-direct").expect_unavailable = true;
  run.result("a", "passed");
  const std::string text = show_text(run.whole(), false);
  EXPECT_NE(text.find("1 passed (unavailable was expected)"), std::string::npos) << text;
}

TEST(ShowText, ListsTheSlowestCasesOfASweep) {
  RunBuilder run;
  run.cell("base", "bpf-sweep");
  for (int i = 0; i < 25; ++i) {
    auto& test = run.result("test_" + std::to_string(i), "passed");
    test.seconds = i;
    test.output = "/out/" + std::to_string(i);
    auto& subtest = run.result(test.name + "/sub", "passed");
    subtest.seconds = i;
    subtest.output = "/out/" + std::to_string(i);
  }
  const std::string text = show_text(run.whole(), false);
  EXPECT_NE(text.find("the slowest 20 of 25 cases of v6.12/base/clang-cfi/arm64-tcg/bpf-sweep\n"
                      "  24.0 s  passed  test_24\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("/sub"), std::string::npos);
  EXPECT_EQ(text.find("test_4\n"), std::string::npos);
}

}  // namespace
}  // namespace kmatrix::report
