// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/compare.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "report/fixture.h"

namespace kmatrix::report {
namespace {

using compare::Axis;

TEST(CompareText, SaysOnceWhyACellIsUnavailable) {
  EXPECT_EQ(compare_text(quickstart().along({Axis::series}), false),
            R"(v6.12/clang-cfi/arm64-tcg/ftrace-direct
  base  unavailable: DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set
     case                     base  direct-calls
  *  direct/ftrace-direct.tc  -     passed
  *  direct/kprobe-direct.tc  -     passed

v6.12/clang-cfi/arm64-tcg/ftrace-samples
  base  unavailable: DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set
     case                  base  direct-calls
  *  ftrace-direct         -     passed
  *  ftrace-direct-modify  -     passed

4 cases differ, 0 the same; 0 incidents differ
)");
}

TEST(CompareText, MarksDifferencesAndGivesTheMessagesOfBadOutcomes) {
  RunBuilder run;
  run.cell("base", "ftrace-direct");
  run.result("a.tc", "passed");
  run.result("b.tc", "passed", "as ever");
  run.cell("direct-calls", "ftrace-direct");
  run.result("a.tc", "passed");
  run.result("b.tc", "failed", "no such function\nmore");
  run.incident("cfi", "CFI failure at caller");
  EXPECT_EQ(compare_text(run.along({Axis::series}), false),
            R"(v6.12/clang-cfi/arm64-tcg/ftrace-direct
     case  base    direct-calls
  *  b.tc  passed  failed        direct-calls: no such function ...
     a.tc  passed  passed

incidents
  *  cfi  CFI failure at caller  direct-calls only

1 case differs, 1 the same; 1 incident differs
)");
}

TEST(CompareText, ShowsIgnoredIncidentsWithoutCountingThem) {
  RunBuilder run;
  run.cell("base", "ftrace-direct");
  run.result("a.tc", "passed");
  run.incident("warning", "WARNING in f").ignored = "known";
  run.cell("direct-calls", "ftrace-direct");
  run.result("a.tc", "passed");
  EXPECT_EQ(compare_text(run.along({Axis::series}), false),
            R"(v6.12/clang-cfi/arm64-tcg/ftrace-direct
  case  base    direct-calls
  a.tc  passed  passed

incidents
  warning  WARNING in f  base only (ignored: known)

0 cases differ, 1 the same; 0 incidents differ
)");
  EXPECT_EQ(compare_json(run.along({Axis::series}))["incidents"][0]["ignored"], "known");
}

TEST(CompareText, SaysWhereACellDoesNotExist) {
  auto run = quickstart();
  run.cell("direct-calls", "kselftest");
  run.result("k", "passed");
  const std::string text = compare_text(run.along({Axis::series}), false);
  EXPECT_NE(text.find("  base  no such cell\n"), std::string::npos) << text;
  EXPECT_NE(text.find("4 cases differ, 0 the same, 1 on one side alone;"), std::string::npos)
      << text;
}

TEST(CompareText, CountsManyCasesOfTheSameOutcome) {
  RunBuilder run;
  for (const char* series : {"base", "direct-calls"}) {
    run.cell(series, "sweep");
    for (int i = 0; i < 100; ++i) run.result("case-" + std::to_string(i), "passed");
    run.result("differs", series);
  }
  const std::string text = compare_text(run.along({Axis::series}), false);
  EXPECT_NE(text.find("  *  differs"), std::string::npos) << text;
  EXPECT_EQ(text.find("case-7"), std::string::npos) << text;
  EXPECT_NE(text.find("  100 cases more without a difference\n"), std::string::npos) << text;
}

TEST(CompareText, NeedsTwoValues) {
  EXPECT_NE(compare_text(quickstart().along({Axis::tree}), false)
                .find("only one tree in this run (v6.12): nothing to compare\n"),
            std::string::npos);
  EXPECT_EQ(compare_text(RunBuilder().along({Axis::tree}), false),
            "no cells in this run: nothing to compare\n");
}

TEST(CompareText, IsSafeForATerminal) {
  RunBuilder run;
  run.cell("base", "x");
  run.result("\x1b[2J\n\xFF", "failed", "\x1b]0;title\x07");
  run.incident("oops", "\x1b[31m");
  run.cell("direct-calls", "x");
  EXPECT_EQ(compare_text(run.along({Axis::series}), false).find('\x1b'), std::string::npos);
}

TEST(CompareText, ColoursOutcomes) {
  const std::string text = compare_text(quickstart().along({Axis::series}), true);
  EXPECT_NE(text.find("\x1b[32mpassed\x1b[0m"), std::string::npos) << text;
  EXPECT_NE(text.find("\x1b[2munavailable: "), std::string::npos) << text;
}

TEST(CompareJson, HasAnOutcomeOrNullForEveryValue) {
  auto run = quickstart();
  run.incident("cfi", "CFI failure at caller");
  run.cell("direct-calls", "kselftest");
  run.result("k", "passed");
  const auto document = compare_json(run.along({Axis::series}));
  EXPECT_EQ(document["axis"], "series");
  EXPECT_EQ(document["values"].dump(), R"(["base","direct-calls"])");
  EXPECT_EQ(document["different"], 4);
  EXPECT_EQ(document["alone"], 1);
  const auto& group = document["groups"][0];
  EXPECT_EQ(group["name"], "v6.12/clang-cfi/arm64-tcg/ftrace-direct");
  EXPECT_EQ(group["cells"]["base"]["state"], "unavailable");
  EXPECT_TRUE(group["cells"]["direct-calls"]["reason"].is_null());
  EXPECT_EQ(group["cases"][0]["outcomes"].dump(),
            R"({"base":"unavailable","direct-calls":"passed"})");
  EXPECT_EQ(document["groups"][2]["cases"][0]["outcomes"].dump(),
            R"({"base":null,"direct-calls":"passed"})");
  EXPECT_EQ(
      document["incidents"].dump(),
      R"([{"kind":"cfi","title":"CFI failure at caller","ignored":null,"values":["direct-calls"]}])");
}

}  // namespace
}  // namespace kmatrix::report
