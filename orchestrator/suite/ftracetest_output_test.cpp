// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/ftracetest_output.h"

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>

#include "support/file.h"
#include "support/text.h"

namespace kmatrix::suite {
namespace {

namespace fs = std::filesystem;
using plan::Outcome;

const char* const summary_of_one_pass =
    "\n# of passed:  1\n# of failed:  0\n# of unresolved:  0\n# of untested:  0\n"
    "# of unsupported:  0\n# of xfailed:  0\n# of undefined(test bug):  0\n";

std::vector<Judged> judge(const std::string& output, int code = 0, bool timed_out = false) {
  return judge_ftracetest({"a/b.tc", "Does it", false}, {code, timed_out, output, 0, 0});
}

/// tests/corpus/ftracetest/NAME.expected: the test file and how its process ended; a blank line;
/// then each outcome as "outcome [raw] name: message".
struct FtraceGolden {
  TestFile file;
  Finished finished;
  std::vector<std::string> outcomes;
};

FtraceGolden read_ftrace_golden(const fs::path& expected) {
  FtraceGolden golden;
  for (const auto& line : support::split_lines(support::read_file(expected).value())) {
    const auto value = line.substr(std::min(line.size(), line.find(": ") + 2));
    if (line.starts_with("test: "))
      golden.file.name = value;
    else if (line.starts_with("description: "))
      golden.file.description = value;
    else if (line.starts_with("instance: "))
      golden.file.has_instance_run = value == "yes";
    else if (line == "exit: timeout")
      golden.finished.timed_out = true;
    else if (line.starts_with("exit: "))
      golden.finished.code = std::stoi(value);
    else if (!line.empty())
      golden.outcomes.push_back(line);
  }
  auto output = expected;
  golden.finished.output = support::read_file(output.replace_extension(".out")).value();
  return golden;
}

std::vector<fs::path> corpus() {
  std::vector<fs::path> files;
  for (const auto& each : fs::directory_iterator(KMATRIX_SOURCE_DIR "/tests/corpus/ftracetest"))
    if (each.path().extension() == ".expected") files.push_back(each.path());
  std::sort(files.begin(), files.end());
  return files;
}

TEST(FtracetestOutput, ReadsWhatRealGuestsPrinted) {
  const auto files = corpus();
  ASSERT_GT(files.size(), 20U);
  for (const auto& path : files) {
    const auto golden = read_ftrace_golden(path);
    std::vector<std::string> outcomes;
    for (const auto& each : judge_ftracetest(golden.file, golden.finished))
      outcomes.push_back(fmt::format("{} [{}] {}: {}", to_string(each.outcome), each.raw, each.name,
                                     each.message));
    EXPECT_EQ(support::join(outcomes, "\n"), support::join(golden.outcomes, "\n")) << path;
  }
}

TEST(FtracetestOutput, MapsEachWord) {
  const std::vector<std::pair<std::string, Outcome>> words = {
      {"PASS", Outcome::passed},          {"FAIL", Outcome::failed},
      {"XFAIL", Outcome::xfailed},        {"UNTESTED", Outcome::skipped},
      {"UNDEFINED", Outcome::failed},     {"UNSUPPORTED", Outcome::skipped},
      {"UNRESOLVED", Outcome::unresolved}};
  for (const auto& [word, outcome] : words) {
    const auto judged = judge("[1] Does it\t[" + word + "]\n", outcome == Outcome::failed ? 1 : 0);
    ASSERT_EQ(judged.size(), 1U);
    EXPECT_EQ(judged[0].outcome, outcome) << word;
    EXPECT_EQ(judged[0].raw, word);
  }
}

TEST(FtracetestOutput, BelievesTheSummaryWhenTheResultLineIsTorn) {
  const auto judged = judge("[1] Does it\t[PAnoiseSS]\n" + std::string(summary_of_one_pass));
  EXPECT_EQ(judged[0].outcome, Outcome::passed);
  EXPECT_EQ(judged[0].raw, "PASS");
}

TEST(FtracetestOutput, DoesNotBelieveAResultThatTheTestItselfPrints) {
  const auto judged = judge("[1] Does it\n\t[FAIL]\nmore\n\t[PASS]\n");
  EXPECT_EQ(judged[0].outcome, Outcome::passed);
}

TEST(FtracetestOutput, DoesNotCallAPassWithAFailingExitCodePassed) {
  const auto judged = judge("[1] Does it\t[PASS]\n" + std::string(summary_of_one_pass), 137);
  EXPECT_EQ(judged[0].outcome, Outcome::unresolved);
  EXPECT_EQ(judged[0].message, "said PASS, but ended with exit code 137");
}

TEST(FtracetestOutput, GivesTheLastLineWhereThereIsNoResult) {
  const auto judged = judge("Error: ftrace is not configured in this kernel\n", 4);
  EXPECT_EQ(judged[0].outcome, Outcome::unresolved);
  EXPECT_EQ(judged[0].raw, "");
  EXPECT_NE(judged[0].message.find("ftrace is not configured in this kernel"), std::string::npos);
}

TEST(FtracetestOutput, TellsATimeoutFromAFailure) {
  const auto judged = judge("[1] Does it\nLet the module run a little\n", 137, true);
  EXPECT_EQ(judged[0].outcome, Outcome::timed_out);
  EXPECT_NE(judged[0].message.find("Let the module run a little"), std::string::npos);
}

TEST(FtracetestOutput, KeepsTheFirstResultWhenTheInstanceRunTimesOut) {
  const auto judged =
      judge_ftracetest({"a/b.tc", "Does it", true},
                       {137, true, "[1] Does it\t[PASS]\n[2] (instance)  Does it", 0, 0});
  ASSERT_EQ(judged.size(), 2U);
  EXPECT_EQ(judged[0].outcome, Outcome::passed);
  EXPECT_EQ(judged[1].name, "a/b.tc (instance)");
  EXPECT_EQ(judged[1].outcome, Outcome::timed_out);
}

TEST(FtracetestOutput, ReadsColouredResults) {
  EXPECT_EQ(judge("[1] Does it\t[\033[32mPASS\033[0m]\r\n")[0].outcome, Outcome::passed);
}

TEST(FtracetestOutput, MakesMessagesSafeToShow) {
  const auto judged = judge("[1] Does it\n\033]0;title\a\xff\n\t[UNRESOLVED]\n");
  EXPECT_EQ(judged[0].message, "\\x1b]0;title\\x07\\xff");
}

TEST(FtracetestOutput, StandsAnEmptyOutput) {
  const auto judged = judge("");
  ASSERT_EQ(judged.size(), 1U);
  EXPECT_EQ(judged[0].outcome, Outcome::unresolved);
}

}  // namespace
}  // namespace kmatrix::suite
