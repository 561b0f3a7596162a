// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/ftracetest_suite.h"

#include <gtest/gtest.h>

#include "support/file.h"

namespace kmatrix::suite {
namespace {

namespace fs = std::filesystem;

/// A kernel tree with the ftrace selftests alone.
class FtracetestSuiteTest : public testing::Test {
 protected:
  void SetUp() override {
    write("ftracetest", "#!/bin/sh\n");
    write("test.d/functions", "");
    write("test.d/template", "# description: %HERE%\n");
    write("test.d/direct/kprobe-direct.tc", "#!/bin/sh\n# description: Test kprobes\n");
    write("test.d/direct/ftrace-direct.tc", "#!/bin/sh\n# description: Test direct calls\n");
    write("test.d/00basic/basic2.tc", "# description: Basic test\n# flags: instance\n");
    spec_.name = "ftrace";
    spec_.runner = spec::RunnerKind::ftracetest;
    spec_.case_timeout = std::chrono::seconds(120);
    spec_.at = {"x.yaml", 14, 7};
  }
  void write(const std::string& name, const std::string& content) {
    const auto file = tree_.path() / "tools/testing/selftests/ftrace" / name;
    fs::create_directories(file.parent_path());
    ASSERT_TRUE(support::write_file(file, content));
  }
  std::vector<std::string> names() {
    std::vector<std::string> result;
    const auto suite = make_ftracetest_suite(spec_, tree_.path()).value();
    for (const auto& each : suite->cases()) result.push_back(each.name);
    return result;
  }
  Error error() { return make_ftracetest_suite(spec_, tree_.path()).error(); }

  support::TempFolder tree_ =
      support::TempFolder::create(fs::temp_directory_path(), "ftracetest").value();
  spec::Suite spec_;
};

TEST_F(FtracetestSuiteTest, FindsAllTestFilesInOrder) {
  EXPECT_EQ(names(), (std::vector<std::string>{"00basic/basic2.tc", "direct/ftrace-direct.tc",
                                               "direct/kprobe-direct.tc"}));
}

TEST_F(FtracetestSuiteTest, SelectsByGlob) {
  spec_.select = {"direct/*"};
  EXPECT_EQ(names(),
            (std::vector<std::string>{"direct/ftrace-direct.tc", "direct/kprobe-direct.tc"}));
}

TEST_F(FtracetestSuiteTest, RunsOneTestFileAProcess) {
  spec_.select = {"direct/ftrace-direct.tc"};
  const auto suite = make_ftracetest_suite(spec_, tree_.path()).value();
  const auto& only = suite->cases().at(0);
  EXPECT_EQ(only.argv, (std::vector<std::string>{
                           "/kmatrix/cell/ftrace/ftracetest", "-vv", "--logdir", "/tmp/ftracetest",
                           "/kmatrix/cell/ftrace/test.d/direct/ftrace-direct.tc"}));
  EXPECT_EQ(only.cwd, "/kmatrix/cell/ftrace");
  EXPECT_EQ(only.timeout, std::chrono::seconds(120));
  ASSERT_EQ(suite->needed().size(), 1U);
  EXPECT_EQ(suite->needed()[0].from, tree_.path() / "tools/testing/selftests/ftrace");
  EXPECT_EQ(suite->needed()[0].to, "ftrace");
}

TEST_F(FtracetestSuiteTest, RefusesASelectThatMatchesNothingAndSaysWhatWasMeant) {
  spec_.select = {"direct/*", "direct/ftrace-dirct.tc"};
  const auto refused = error();
  EXPECT_EQ(refused.kind, ErrorKind::input);
  EXPECT_EQ(refused.at, (Location{"x.yaml", 14, 7}));
  EXPECT_EQ(refused.message, "suite 'ftrace': select 'direct/ftrace-dirct.tc' matches no case");
  EXPECT_EQ(refused.hint, "did you mean 'direct/ftrace-direct.tc'?");
}

TEST_F(FtracetestSuiteTest, SaysWhichTreeHasNoFtracetest) {
  fs::remove_all(tree_.path() / "tools");
  EXPECT_EQ(error().message, "suite 'ftrace': the kernel tree has no ftracetest");
}

TEST_F(FtracetestSuiteTest, KnowsFromTheTestFileWhetherThereIsAnInstanceRun) {
  const auto suite = make_ftracetest_suite(spec_, tree_.path()).value();
  const std::string output = "[1] Basic test\t[PASS]\n[2] (instance)  Basic test\t[PASS]\n";
  EXPECT_EQ(suite->judge(suite->cases().at(0), {0, false, output, 0, 0}).size(), 2U);
  EXPECT_EQ(suite->judge(suite->cases().at(1), {0, false, output, 0, 0}).size(), 1U);
}

}  // namespace
}  // namespace kmatrix::suite
