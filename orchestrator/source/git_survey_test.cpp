// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/git_survey.h"

#include <gtest/gtest.h>

#include "source/test_git.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

class GitSurveyTest : public testing::GitTest {
 protected:
  Result<GitSurvey> look(const std::string& range = "", const fs::path& folder = "") {
    return survey(folder.empty() ? repository_.folder() : folder, range, {"--git", 0, 0},
                  {runner_, {}});
  }
};

TEST_F(GitSurveyTest, BeginsAtTheLastTag) {
  repository_.git({"checkout", "--quiet", "-b", "topic"});
  repository_.change("kernel/exit.c", "one");
  repository_.change("kernel/fork.c", "two");
  const auto found = look("", repository_.folder() / "kernel");
  ASSERT_TRUE(found) << support::to_string(found.error());
  EXPECT_EQ(found->top, repository_.folder());
  EXPECT_EQ(found->base, "v6.12");
  EXPECT_EQ(found->base_name, "v6.12");
  EXPECT_EQ(found->tip, "topic");
  EXPECT_EQ(found->titles, (Words{"change kernel/exit.c", "change kernel/fork.c"}));
}

TEST_F(GitSurveyTest, BeginsWhereTheBranchLeftItsUpstream) {
  const auto fork = repository_.change("kernel/exit.c", "one");
  repository_.git({"checkout", "--quiet", "-b", "topic", "--track", "main"});
  repository_.change("kernel/fork.c", "two");
  repository_.git({"checkout", "--quiet", "main"});
  repository_.change("main-went-on", "");
  repository_.git({"checkout", "--quiet", "topic"});
  const auto found = look();
  ASSERT_TRUE(found) << support::to_string(found.error());
  EXPECT_EQ(found->base, fork);
  EXPECT_EQ(found->base_name, "v6.12-1-g" + fork.substr(0, 12));
  EXPECT_EQ(found->titles, Words{"change kernel/fork.c"});
}

TEST_F(GitSurveyTest, TakesTheRangeThatItIsTold) {
  repository_.change("kernel/exit.c", "one");
  const auto tip = repository_.change("kernel/fork.c", "two");
  repository_.git({"checkout", "--quiet", "--detach"});
  const auto found = look("v6.12..main");
  EXPECT_EQ(found->tip, "main");
  EXPECT_EQ(look("main~1..HEAD")->tip, tip);
  EXPECT_EQ(look("v6.12").error().message, "'v6.12' is not a range of commits");
  EXPECT_EQ(look("v6.21..main").error().hint, "did you mean 'v6.12'?");
}

TEST_F(GitSurveyTest, SaysThatItCannotTellWhereTheSeriesBegins) {
  const auto found = look();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().hint, "say it: --range FROM..TO");
  ASSERT_TRUE(support::make_folders(folder_ / "plain"));
  EXPECT_NE(look("", folder_ / "plain").error().message.find("is not a git repository"),
            std::string::npos);
}

TEST_F(GitSurveyTest, ReadsABareRepository) {
  repository_.change("kernel/exit.c", "one");
  repository_.git({"clone", "--quiet", "--bare", ".", (folder_ / "bare.git").string()});
  EXPECT_EQ(look("v6.12..main", folder_ / "bare.git")->top, folder_ / "bare.git");
}

}  // namespace
}  // namespace kmatrix::source
