// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "spec/test_folder.h"

namespace kmatrix::spec {
namespace {

using Words = std::vector<std::string>;

/// An experiment whose one suite, `s`, stands on line 7: "  s: {KEYS}".
std::string with_suite(const std::string& keys) {
  return "kmatrix: 1\nname: small\ntrees: {v6.12: {debian: linux-source-6.12}}\n"
         "toolchains: {clang-19: {llvm: 19}}\nconfigs: {clang: {toolchain: clang-19}}\n"
         "machines: {tcg: {}}\nsuites: {s: {" +
         keys + "}}\n";
}

class SuitesTest : public testing::Test {
 protected:
  Words errors(const std::string& keys) const { return folder_.errors_of(with_suite(keys)); }

  Suite good(const std::string& keys) const {
    auto loaded = load(folder_.write("x.yaml", with_suite(keys)));
    for (const auto& error : loaded.errors) ADD_FAILURE() << support::to_string(error);
    return loaded.experiment.suites.empty() ? Suite() : loaded.experiment.suites[0];
  }

  TestFolder folder_;
};

TEST_F(SuitesTest, HaveEveryRunner) {
  EXPECT_EQ(good("runner: boot").runner, RunnerKind::boot);
  EXPECT_EQ(good("runner: ftracetest").runner, RunnerKind::ftracetest);
  EXPECT_EQ(good("runner: samples").runner, RunnerKind::samples);
  EXPECT_EQ(good("runner: test_progs").runner, RunnerKind::test_progs);
  EXPECT_EQ(good("runner: kselftest, targets: timers").runner, RunnerKind::kselftest);
  EXPECT_EQ(good("runner: script, cases: {a: b}").runner, RunnerKind::script);
  EXPECT_TRUE(good("runner: test_progs").is_built());
  EXPECT_FALSE(good("runner: boot").is_built());
}

TEST_F(SuitesTest, NeedARunnerThatExists) {
  EXPECT_EQ(errors("select: a"), Words{"x.yaml:7:13: suite 's' lacks 'runner'"});
  EXPECT_EQ(errors("runner: kselftests"),
            Words{"x.yaml:7:22: runner of suite 's': expected boot, ftracetest, samples, "
                  "test_progs, kselftest or script, found 'kselftests' (did you mean "
                  "'kselftest'?)"});
}

TEST_F(SuitesTest, HaveTargetsOfKselftest) {
  EXPECT_EQ(good("runner: kselftest, targets: [timers, net/lib]").targets,
            (Words{"timers", "net/lib"}));
  EXPECT_EQ(errors("runner: kselftest"), Words{"x.yaml:7:10: suite 's' lacks 'targets'"});
  EXPECT_EQ(errors("runner: kselftest, target: timers"),
            Words{"x.yaml:7:33: unknown key 'target' in suite 's' (did you mean 'targets'?)"});
  for (const auto* target : {"../timers", "/timers", "a b", "-x", "\"$(id)\""})
    EXPECT_EQ(errors(std::string("runner: kselftest, targets: [") + target + "]")
                  .at(0)
                  .find("x.yaml:7:43: targets of suite 's': expected a folder below "
                        "tools/testing/selftests, such as timers, found '"),
              0U)
        << target;
}

TEST_F(SuitesTest, HaveCasesFilesAndAProtocolOfScript) {
  folder_.write("run.sh", "");
  folder_.write("data/in", "");
  const auto suite = good(
      "runner: script, files: [run.sh, data], protocol: ktap, cases: {b: ./run.sh b, a: \"true\"}");
  EXPECT_EQ(suite.files, (std::vector{folder_.path("run.sh"), folder_.path("data")}));
  EXPECT_EQ(suite.protocol, Protocol::ktap);
  ASSERT_EQ(suite.cases.size(), 2U);
  EXPECT_EQ(suite.cases[0].name, "b");
  EXPECT_EQ(suite.cases[0].command, "./run.sh b");
  EXPECT_EQ(suite.cases[1].name, "a");
  EXPECT_EQ(good("runner: script, cases: {a: b}").protocol, Protocol::automatic);
  EXPECT_EQ(good("runner: script, cases: {a: b}, protocol: auto").protocol, Protocol::automatic);
  EXPECT_EQ(good("runner: script, cases: {a: b}, protocol: exit").protocol, Protocol::exit);
}

TEST_F(SuitesTest, RefuseCasesThatAreNone) {
  EXPECT_EQ(errors("runner: script"), Words{"x.yaml:7:10: suite 's' lacks 'cases'"});
  EXPECT_EQ(errors("runner: script, cases: [a, b]"),
            Words{"x.yaml:7:37: cases of suite 's': expected a mapping of names to commands, found "
                  "a list"});
  EXPECT_EQ(errors("runner: script, cases: {}"),
            Words{"x.yaml:7:37: cases of suite 's': expected a mapping of names to commands, found "
                  "an empty mapping"});
  EXPECT_EQ(errors("runner: script, cases: {a: [b]}"),
            Words{"x.yaml:7:41: case 'a': expected a command for /bin/sh, found a list"});
  EXPECT_EQ(errors("runner: script, cases: {a/b: c}")
                .at(0)
                .find("x.yaml:7:38: bad name 'a/b' for a case"),
            0U);
}

TEST_F(SuitesTest, RefuseFilesThatAreNotThereOrHaveOneName) {
  folder_.write("run.sh", "");
  folder_.write("other/run.sh", "");
  EXPECT_EQ(errors("runner: script, cases: {a: b}, files: [rum.sh]"),
            Words{"x.yaml:7:53: file of the suite 'rum.sh' does not exist (did you mean "
                  "'run.sh'?)"});
  EXPECT_EQ(errors("runner: script, cases: {a: b}, files: [run.sh, other/run.sh]"),
            Words{"x.yaml:7:61: another file of the suite is called 'run.sh' as well"});
}

TEST_F(SuitesTest, RefuseAnotherProtocol) {
  EXPECT_EQ(errors("runner: script, cases: {a: b}, protocol: tap"),
            Words{"x.yaml:7:55: protocol of suite 's': expected auto, ktap or exit, found 'tap' "
                  "(did you mean 'ktap'?)"});
}

TEST_F(SuitesTest, RefuseKeysOfAnotherRunner) {
  EXPECT_EQ(errors("runner: boot, targets: timers"),
            Words{"x.yaml:7:37: targets of suite 's' goes with runner: kselftest only"});
  EXPECT_EQ(errors("runner: boot, protocol: ktap"),
            Words{"x.yaml:7:38: protocol of suite 's' goes with runner: script only"});
  EXPECT_EQ(errors("runner: test_progs, cases: {a: b}"),
            Words{"x.yaml:7:41: cases of suite 's' goes with runner: script only"});
  folder_.write("run.sh", "");
  EXPECT_EQ(errors("runner: boot, files: run.sh"),
            Words{"x.yaml:7:35: files of suite 's' goes with runner: script only"});
}

TEST_F(SuitesTest, HavePatternsOfBothKinds) {
  const auto suite = good(
      "runner: test_progs, select: [\"f*\", \"/^fexit_(sleep|stress)$/\"], "
      "deny: /usdt/");
  EXPECT_EQ(suite.select, (Words{"f*", "/^fexit_(sleep|stress)$/"}));
  EXPECT_EQ(suite.deny, Words{"/usdt/"});
  for (const auto* key : {"select", "deny"}) {
    const auto wrong = errors("runner: test_progs, " + std::string(key) + ": \"/fexit_(/\"");
    ASSERT_EQ(wrong.size(), 1U);
    const auto column = std::to_string(34 + std::string(key).size() + 2);
    EXPECT_EQ(wrong[0].find("x.yaml:7:" + column + ": '/fexit_(/' is no regular expression: "), 0U)
        << wrong[0];
    EXPECT_NE(wrong[0].find("(between slashes an extended regular expression is expected, as "
                            "grep -E takes it)"),
              std::string::npos)
        << wrong[0];
  }
}

TEST_F(SuitesTest, HavePatternsFromFiles) {
  folder_.write("deny.txt", "# known\nfexit_*   # slow\n\n/usdt/\n");
  const auto suite = good(
      "runner: test_progs, deny: a, deny_files: [deny.txt, "
      "\"tree:tools/testing/selftests/bpf/DENYLIST\"]");
  EXPECT_EQ(suite.deny, (Words{"a", "fexit_*", "/usdt/"}));
  EXPECT_EQ(suite.tree_deny_files, Words{"tools/testing/selftests/bpf/DENYLIST"});
}

TEST_F(SuitesTest, RefuseFilesOfPatternsThatAreNotThere) {
  folder_.write("deny.txt", "");
  EXPECT_EQ(errors("runner: boot, deny_files: dney.txt"),
            Words{"x.yaml:7:40: list of cases 'dney.txt' does not exist (did you mean "
                  "'deny.txt'?)"});
  for (const auto* path : {"../x", "/etc/passwd", "a/../../x", ""})
    EXPECT_EQ(errors(std::string("runner: boot, deny_files: \"tree:") + path + "\""),
              Words{std::string("x.yaml:7:40: '") + path + "' is not a path below the tree"});
  folder_.write("large.txt", std::string((1 << 20) + 1, 'x'));
  EXPECT_EQ(errors("runner: boot, deny_files: large.txt").size(), 1U);
}

TEST_F(SuitesTest, HaveFragmentsOfTheKernelsOwnTree) {
  folder_.write("own.config", "CONFIG_BPF=y\n");
  const auto suite =
      good("runner: boot, fragments: [own.config, \"tree:tools/testing/selftests/bpf/config\"]");
  ASSERT_EQ(suite.needs.size(), 1U);
  ASSERT_EQ(suite.tree_fragments.size(), 1U);
  EXPECT_EQ(suite.tree_fragments[0].path, "tools/testing/selftests/bpf/config");
  EXPECT_EQ(suite.tree_fragments[0].at.line, 7);
  for (const auto* path : {"../x", "/etc/passwd", ""})
    EXPECT_EQ(errors(std::string("runner: boot, fragments: \"tree:") + path + "\""),
              Words{std::string("x.yaml:7:39: '") + path + "' is not a path below the tree"});
}

TEST_F(SuitesTest, HaveShards) {
  EXPECT_EQ(good("runner: boot").shards, 1);
  EXPECT_EQ(good("runner: boot, shards: 64").shards, 64);
  for (const auto* shards : {"0", "65"})
    EXPECT_EQ(errors(std::string("runner: boot, shards: ") + shards),
              Words{std::string("x.yaml:7:36: shards of suite 's': expected a whole number from 1 "
                                "to 64, found '") +
                    shards + "'"});
}

TEST_F(SuitesTest, ReportAllErrorsOfASuiteAtOnce) {
  EXPECT_EQ(
      errors("runner: script, targets: ../x, deny_files: \"tree:/x\", case_timeout_s: 0").size(),
      5U);
}

TEST(PatternList, LeavesCommentsAndSpacesOut) {
  EXPECT_EQ(parse_pattern_list("a\n  b/*  # why\r\n#c\n\nd # e # f"), (Words{"a", "b/*", "d"}));
  EXPECT_EQ(parse_pattern_list(""), Words{});
}

}  // namespace
}  // namespace kmatrix::spec
