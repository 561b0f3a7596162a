// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/test_progs_suite.h"

#include <gtest/gtest.h>

#include "support/file.h"

namespace kmatrix::suite {
namespace {

using Words = std::vector<std::string>;

class TestProgsSuiteTest : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = support::TempFolder::create(testing::TempDir(), "test-progs-");
    ASSERT_TRUE(folder);
    folder_ = std::make_unique<support::TempFolder>(std::move(*folder));
    ASSERT_TRUE(support::write_file(folder_->path() / "tests", "fentry_test\nlsm\nverifier_lsm\n"));
    ASSERT_TRUE(support::write_file(folder_->path() / "blocked.json",
                                    R"({"mptcp": "progs/mptcp.c:1:1: error: no mptcp"})"));
    spec_.name = "bpf";
    spec_.runner = spec::RunnerKind::test_progs;
  }
  Result<std::unique_ptr<Suite>> make() {
    return make_test_progs_suite(spec_, {"/src", "/data", folder_->path()});
  }
  static Words names(const Suite& suite) {
    Words all;
    for (const auto& each : suite.cases()) all.push_back(each.name);
    return all;
  }

  std::unique_ptr<support::TempFolder> folder_;
  spec::Suite spec_;
};

TEST_F(TestProgsSuiteTest, RunsOneTestAProcessByItsExactName) {
  const auto suite = make();
  ASSERT_TRUE(suite);
  EXPECT_EQ(names(**suite), (Words{"fentry_test", "lsm", "verifier_lsm"}));
  EXPECT_EQ((*suite)->cases()[1].argv, (Words{"/kmatrix/cell/bin/bpf-test", "-a", "lsm"}));
  ASSERT_EQ((*suite)->unbuilt().size(), 1U);
  EXPECT_EQ((*suite)->unbuilt()[0].name, "mptcp");
  EXPECT_EQ((*suite)->unbuilt()[0].reason,
            "it could not be built: progs/mptcp.c:1:1: error: no mptcp");
}

TEST_F(TestProgsSuiteTest, SelectsTestsAndSubtests) {
  spec_.select = {"lsm", "fentry_test/fentry*"};
  spec_.deny = {"lsm/null_check"};
  const auto suite = make();
  ASSERT_TRUE(suite);
  EXPECT_EQ(names(**suite), (Words{"fentry_test", "lsm"}));
  EXPECT_EQ((*suite)->cases()[0].argv,
            (Words{"/kmatrix/cell/bin/bpf-test", "-a", "fentry_test/fentry*"}));
  EXPECT_EQ((*suite)->cases()[1].argv,
            (Words{"/kmatrix/cell/bin/bpf-test", "-a", "lsm", "-d", "lsm/null_check"}));
  EXPECT_TRUE((*suite)->unbuilt().empty());
}

TEST_F(TestProgsSuiteTest, DeniesByExpression) {
  spec_.deny = {"/^verifier_/", "mptcp"};
  const auto suite = make();
  ASSERT_TRUE(suite);
  EXPECT_EQ(names(**suite), (Words{"fentry_test", "lsm"}));
  EXPECT_TRUE((*suite)->unbuilt().empty());
}

TEST_F(TestProgsSuiteTest, SaysWhatMatchesNothing) {
  spec_.select = {"fentry_tset"};
  const auto suite = make();
  ASSERT_FALSE(suite);
  EXPECT_EQ(suite.error().kind, ErrorKind::input);
  EXPECT_NE(to_string(suite.error()).find("fentry_test"), std::string::npos);
}

TEST_F(TestProgsSuiteTest, DoesNotBelieveADamagedBuild) {
  ASSERT_TRUE(support::write_file(folder_->path() / "blocked.json", "{\"a\": 1}"));
  EXPECT_FALSE(make());
  ASSERT_TRUE(support::write_file(folder_->path() / "blocked.json", "{}"));
  ASSERT_TRUE(support::write_file(folder_->path() / "tests", "a\n\nb\n"));
  EXPECT_FALSE(make());
}

}  // namespace
}  // namespace kmatrix::suite
