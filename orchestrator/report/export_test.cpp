// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/export.h"

#include <gtest/gtest.h>

#include "report/fixture.h"

namespace kmatrix::report {
namespace {

/// The records of RFC 4180, read strictly.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> records(1);
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted) {
      if (text[i] != '"') {
        field += text[i];
      } else if (text[i + 1] == '"') {
        field += text[i++];
      } else {
        quoted = false;
      }
    } else if (text[i] == '"') {
      EXPECT_TRUE(field.empty()) << "a quote in the middle of a field";
      quoted = true;
    } else if (text[i] == ',' || text.compare(i, 2, "\r\n") == 0) {
      records.back().push_back(std::move(field));
      field.clear();
      if (text[i] == '\r') {
        ++i;
        records.emplace_back();
      }
    } else {
      EXPECT_NE(text[i], '\n') << "a bare line feed";
      field += text[i];
    }
  }
  EXPECT_TRUE(records.back().empty() && field.empty() && !quoted) << "no end of the last line";
  records.pop_back();
  return records;
}

constexpr std::size_t column_of_cell = 3, column_of_state = 9, column_of_case = 12,
                      column_of_message = 15;

TEST(Csv, HasALineACaseBelowItsHeader) {
  const auto records = read_csv(csv(quickstart().whole()));
  ASSERT_EQ(records.size(), 1U + 4 + 2);
  for (const auto& record : records) EXPECT_EQ(record.size(), records[0].size());
  EXPECT_EQ(records[0][column_of_case], "case");
  EXPECT_EQ(records[0][column_of_message], "message");
  EXPECT_EQ(records[1][column_of_case], "");
  EXPECT_EQ(records[1][column_of_state], "unavailable");
  EXPECT_EQ(records[2][column_of_case], "direct/ftrace-direct.tc");
}

TEST(Csv, KeepsHostileTextInItsField) {
  auto run = bad_run();
  const std::string hostile = "a,\"b\"\r\nc\n \xFF\x1b[2J";
  run.whole().cases[0].message = hostile;
  run.whole().cases[1].message = " spaces ";
  const auto records = read_csv(csv(run.whole()));
  EXPECT_EQ(records[1][column_of_message], "a,\"b\"\\x0d\nc\n \\xff\\x1b[2J");
  EXPECT_EQ(records[2][column_of_message], " spaces ");
  EXPECT_EQ(records[1][column_of_cell], "v6.12/base/clang-cfi/arm64-tcg/ftrace-direct");
}

TEST(KtapReport, NestsTheCasesOfACell) {
  EXPECT_EQ(ktap(quickstart().whole()),
            "KTAP version 1\n"
            "1..4\n"
            "ok 1 v6.12/base/clang-cfi/arm64-tcg/ftrace-direct # SKIP unavailable: "
            "DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set\n"
            "  KTAP version 1\n"
            "  1..2\n"
            "  ok 1 direct/ftrace-direct.tc\n"
            "  ok 2 direct/kprobe-direct.tc\n"
            "ok 2 v6.12/direct-calls/clang-cfi/arm64-tcg/ftrace-direct\n"
            "ok 3 v6.12/base/clang-cfi/arm64-tcg/ftrace-samples # SKIP unavailable: "
            "DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set\n"
            "  KTAP version 1\n"
            "  1..2\n"
            "  ok 1 ftrace-direct\n"
            "  ok 2 ftrace-direct-modify\n"
            "ok 4 v6.12/direct-calls/clang-cfi/arm64-tcg/ftrace-samples\n");
}

/// The line of a case with this outcome.
std::string ktap_line(const std::string& name, const std::string& outcome,
                      const std::string& message) {
  RunBuilder run;
  run.cell("base", "x");
  run.result(name, outcome, message);
  const std::string text = ktap(run.whole());
  const auto begin = text.find("1..1\n  ") != std::string::npos ? text.find("  1..1\n") + 7 : 0;
  return text.substr(begin + 2, text.find('\n', begin) - begin - 2);
}

TEST(KtapReport, HasADirectiveForEveryOutcome) {
  EXPECT_EQ(ktap_line("a", "passed", ""), "ok 1 a");
  EXPECT_EQ(ktap_line("a", "failed", "why"), "not ok 1 a");
  EXPECT_EQ(ktap_line("a", "skipped", "why"), "ok 1 a # SKIP why");
  EXPECT_EQ(ktap_line("a", "xfailed", ""), "ok 1 a # XFAIL");
  EXPECT_EQ(ktap_line("a", "timed_out", "why"), "not ok 1 a # TIMEOUT why");
  EXPECT_EQ(ktap_line("a", "crashed", "why"), "not ok 1 a # ERROR crashed: why");
  EXPECT_EQ(ktap_line("a", "missing", ""), "not ok 1 a # ERROR missing");
}

TEST(KtapReport, KeepsHostileTextInItsLine) {
  EXPECT_EQ(ktap_line("a # SKIP\nnot ok 2 \x1b\xFF", "failed", ""),
            "not ok 1 a \\x23 SKIP\\x0anot ok 2 \\x1b\\xff");
  EXPECT_EQ(ktap_line("a", "skipped", "one\nok 2 two"), "ok 1 a # SKIP one ...");
  EXPECT_EQ(ktap_line("", "passed", ""), "ok 1 unnamed");
}

TEST(KtapReport, ACellWithABadCaseIsNotOk) {
  const std::string text = ktap(bad_run().whole());
  EXPECT_NE(text.find("\nnot ok 1 v6.12/base/clang-cfi/arm64-tcg/ftrace-direct\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  # cfi: CFI failure at caller (target: callee)\n"), std::string::npos);
  EXPECT_NE(text.find("  not ok 1 direct/a.tc # ERROR blocked: its kernel did not build\n"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace kmatrix::report
