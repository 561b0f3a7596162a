// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/email.h"

#include <gtest/gtest.h>

#include "report/fixture.h"
#include "support/text.h"

namespace kmatrix::report {
namespace {

StoredRun described(RunBuilder builder) {
  auto& run = builder.whole();
  run.run.experiment_digest = std::string(64, 'e');
  run.run.selection = R"({"only":["config=clang-cfi"],"trees":["v6.12=linux@v6.12"]})";
  for (auto& kernel : run.kernels) {
    kernel.tree_description = "linux-source-6.12 6.12.117-1";
    kernel.release = "6.12.117";
    kernel.compiler = "clang version 19.1.7\nLLD 19.1.7";
    if (kernel.series != "base") kernel.series_description = "2 patches of series/direct-calls";
  }
  for (auto& cell : run.cells) {
    for (const auto& kernel : run.kernels)
      if (kernel.series == cell.series) cell.kernel = kernel.id;
    if (cell.state == "done") cell.accel = "tcg";
  }
  return run;
}

void expect_narrow(const std::string& text) {
  for (const auto& line : support::split_lines(text)) {
    EXPECT_LE(line.size(), 77U) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
}

TEST(Email, SaysWhatWasTestedWhatCameOfItAndHowToRepeatIt) {
  const std::string text = email_text(described(quickstart()));
  EXPECT_EQ(text,
            "Tested with kmatrix 0.1.0: experiment quickstart, 2 kernels, 4 cells,\n"
            "  2026-01-31 in 15 min 02 s; all good.\n"
            "\nTrees\n"
            "  v6.12  linux-source-6.12 6.12.117-1 (release 6.12.117)\n"
            "\nSeries\n"
            "  direct-calls  2 patches of series/direct-calls\n"
            "\nCompilers, by config\n"
            "  clang-cfi  clang version 19.1.7, LLD 19.1.7\n"
            "\nMachines\n"
            "  arm64-tcg  arm64, QEMU with tcg\n"
            "\nResults\n"
            "  v6.12/base/clang-cfi\n"
            "    arm64-tcg/ftrace-direct   unavailable (expected)\n"
            "    arm64-tcg/ftrace-samples  unavailable (expected)\n"
            "  v6.12/direct-calls/clang-cfi\n"
            "    arm64-tcg/ftrace-direct   2 passed\n"
            "    arm64-tcg/ftrace-samples  2 passed\n"
            "\nDifferences between series\n"
            "  v6.12/clang-cfi/arm64-tcg/ftrace-direct: unavailable with base, done with\n"
            "    direct-calls\n"
            "  v6.12/clang-cfi/arm64-tcg/ftrace-samples: unavailable with base, done with\n"
            "    direct-calls\n"
            "\nIncidents in the kernels' logs\n"
            "  none\n"
            "\nTo repeat it\n"
            "  kmatrix run quickstart.yaml --only config=clang-cfi --tree \\\n"
            "    v6.12=linux@v6.12\n"
            "  experiment eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\n"
            "  kmatrix 0.1.0\n");
}

TEST(Email, NoLineIsWiderThanMailsAre) {
  auto run = described(bad_run());
  run.cases[1].name = std::string(200, 'n') + " \xFF\x1b[2J \xC3\xA9";
  run.incidents[0].title = std::string(90, 't') + " and more words of the same title again";
  run.kernels[0].tree_description = std::string(300, 'd');
  run.cells[1].suite = std::string(100, 's');
  run.claims = {{std::string(100, 'c'), "", "holds", std::string(100, 'b'), "{}"}};
  const std::string text = email_text(run);
  expect_narrow(text);
  expect_narrow(email_text(described(quickstart())));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Email, HasTheClaims) {
  auto run = described(quickstart());
  run.claims = {{"Direct calls work with CFI", "x.yaml:9:5", "holds", "4 cases in 2 cells", "{}"},
                {"Nothing else changes", "x.yaml:12:5", "does not hold", "4 cases in 2 cells",
                 R"({"against":[{"where":"a/b","what":"c","found":"failed, not passed"}]})"}};
  const std::string text = email_text(run);
  EXPECT_NE(text.find("\nClaims\n"
                      "  [holds] Direct calls work with CFI\n"
                      "      4 cases in 2 cells\n"
                      "  [does not hold] Nothing else changes\n"
                      "      a/b: c: failed, not passed\n"
                      "\nTrees\n"),
            std::string::npos)
      << text;
}

TEST(Email, NamesCasesThatDifferBetweenSeries) {
  RunBuilder builder;
  builder.kernel("base", "built");
  builder.kernel("fix", "built");
  builder.cell("base", "s");
  builder.result("a", "failed");
  builder.result("b", "passed");
  builder.cell("fix", "s");
  builder.result("a", "passed");
  builder.result("b", "passed");
  builder.incident("warning", "WARNING in f");
  const std::string text = email_text(described(builder));
  EXPECT_NE(text.find("  v6.12/clang-cfi/arm64-tcg/s\n    a: failed with base, passed with fix\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  warning: WARNING in f; 1 time in 1 cell\n"), std::string::npos) << text;
  EXPECT_NE(text.find("    arm64-tcg/s  2 passed  -\n"), std::string::npos) << text;
}

TEST(Wrapped, BreaksAtSpacesAndOnlyThenInWords) {
  EXPECT_EQ(wrapped("one two three", "> ", 9), "> one two\n    three\n");
  EXPECT_EQ(wrapped("abcdefghijkl", "> ", 9), "> abcdefg\n    hijkl\n");
  EXPECT_EQ(wrapped("a abcdefghijkl", "", 6), "a\n  abcd\n  efgh\n  ijkl\n");
  EXPECT_EQ(wrapped("", "  "), "  \n");
}

}  // namespace
}  // namespace kmatrix::report
