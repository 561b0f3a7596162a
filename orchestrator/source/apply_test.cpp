// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/apply.h"

#include "source/copy_tree.h"
#include "source/test_sources.h"

namespace kmatrix::source {
namespace {

namespace fs = std::filesystem;

const std::string change_two_places = R"(Subject: change

diff --git a/kernel/fork.c b/kernel/fork.c
--- a/kernel/fork.c
+++ b/kernel/fork.c
@@ -1,3 +1,3 @@
 one
-two
+TWO
 three
@@ -8,3 +8,3 @@
 eight
-nine
+NINE
 ten
)";

/// Patches a hard-linked copy with the real git; the original must never change.
class ApplyTest : public testing::SourceTest {
 protected:
  ApplyTest() {
    testing::make_kernel_tree(original_);
    fs::create_symlink("fork.c", original_ / "kernel/link");
    EXPECT_TRUE(link_tree(original_, copy_, {}));
    fs::create_directory(scratch_);
  }
  void TearDown() override {
    for (const auto& [name, text] : testing::kernel_files())
      EXPECT_EQ(content(original_ / name), text) << "the original was changed";
    EXPECT_EQ(fs::read_symlink(original_ / "kernel/link"), "fork.c");
    EXPECT_EQ(fs::status(original_ / "kernel/exit.c").permissions() & fs::perms::owner_exec,
              fs::perms::none);
    EXPECT_FALSE(fs::exists(folder_ / "outside"));
  }
  Status apply(const std::string& text) {
    const std::vector<spec::Patch> patches{{"series/1.patch", text}};
    PatchApplier applier(runner_, scratch_, {});
    const Status rehearsed = applier.rehearse(patches, copy_);
    const Status applied = applier.apply(patches, copy_);
    if (!rehearsed) expect_same(rehearsed, applied);
    return applied;
  }
  static void expect_same(const Status& rehearsed, const Status& applied) {
    ASSERT_FALSE(applied) << "a rehearsal must not fail where the patch applies";
    EXPECT_EQ(support::to_string(rehearsed.error()), support::to_string(applied.error()));
  }
  void expect_input_error(const Status& status, int line, const std::string& message) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, ErrorKind::input);
    EXPECT_EQ(status.error().at, (Location{"series/1.patch", line, 0}));
    EXPECT_EQ(status.error().message, message);
  }

  support::BoostProcessRunner runner_;
  fs::path original_ = folder_ / "original", copy_ = folder_ / "copy", scratch_ = folder_ / "tmp";
};

TEST_F(ApplyTest, ChangesTheCopyAlone) {
  ASSERT_TRUE(fs::equivalent(original_ / "kernel/fork.c", copy_ / "kernel/fork.c"));
  ASSERT_TRUE(apply(change_two_places));
  EXPECT_EQ(content(copy_ / "kernel/fork.c"),
            "one\nTWO\nthree\nfour\nfive\nsix\nseven\neight\nNINE\nten\n");
  EXPECT_TRUE(fs::equivalent(original_ / "kernel/exit.c", copy_ / "kernel/exit.c"));
}

TEST_F(ApplyTest, ReplacesAFileWhoseModeAloneChanges) {
  ASSERT_TRUE(
      apply("diff --git a/kernel/exit.c b/kernel/exit.c\nold mode 100644\n"
            "new mode 100755\n"));
  EXPECT_NE(fs::status(copy_ / "kernel/exit.c").permissions() & fs::perms::owner_exec,
            fs::perms::none);
}

TEST_F(ApplyTest, AddsDeletesAndRenamesFiles) {
  ASSERT_TRUE(
      apply("diff --git a/new/file b/new/file\nnew file mode 100644\n--- /dev/null\n"
            "+++ b/new/file\n@@ -0,0 +1 @@\n+new\n"
            "diff --git a/kernel/exit.c b/kernel/gone.c\nsimilarity index 100%\n"
            "rename from kernel/exit.c\nrename to kernel/gone.c\n"
            "diff --git a/Kconfig b/Kconfig\ndeleted file mode 100644\n--- a/Kconfig\n"
            "+++ /dev/null\n@@ -1 +0,0 @@\n-mainmenu \"Linux\"\n"));
  EXPECT_EQ(content(copy_ / "new/file"), "new\n");
  EXPECT_EQ(content(copy_ / "kernel/gone.c"), "int exit;\n");
  EXPECT_FALSE(fs::exists(copy_ / "kernel/exit.c"));
  EXPECT_FALSE(fs::exists(copy_ / "Kconfig"));
}

TEST_F(ApplyTest, NamesTheHunkThatDoesNotApply) {
  std::string wrong = change_two_places;
  wrong.replace(wrong.find("-nine"), 5, "-neun");
  const auto status = apply(wrong);
  expect_input_error(status, 11, "hunk 2 of 2 does not apply to kernel/fork.c");
  EXPECT_EQ(status.error().hint,
            "git apply says: error: patch failed: kernel/fork.c:8; "
            "error: kernel/fork.c: patch does not apply");
  EXPECT_TRUE(fs::equivalent(original_ / "kernel/fork.c", copy_ / "kernel/fork.c"));
}

TEST_F(ApplyTest, SaysThatTheTreeHasThePatchAlready) {
  ASSERT_TRUE(apply(change_two_places));
  expect_input_error(
      apply(change_two_places), 6,
      "hunk 1 of 2 does not apply to kernel/fork.c: the tree has this change already");
}

TEST_F(ApplyTest, NamesAFileThatTheTreeDoesNotHave) {
  expect_input_error(apply("\n--- a/kernel/none.c\n+++ b/kernel/none.c\n@@ -1 +1 @@\n-a\n+b\n"), 2,
                     "cannot change kernel/none.c: the tree has no such file");
}

TEST_F(ApplyTest, SaysThatAFileWithoutADiffIsNoPatch) {
  expect_input_error(apply("Subject: cover letter\n\nThe series does this.\n"), 1,
                     "there is no patch in this file");
}

TEST_F(ApplyTest, SaysWhereAPatchIsDamaged) {
  const auto status = apply("--- a/Kconfig\n+++ b/Kconfig\n@@ -1,2 +1,2 @@\n mainmenu \"Linux\"\n");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "the patch is damaged here");
  EXPECT_GT(status.error().at.line, 3);
}

TEST_F(ApplyTest, RefusesAPathOutsideTheTree) {
  expect_input_error(apply("--- /dev/null\n+++ b/../outside\n@@ -0,0 +1 @@\n+x\n"), 2,
                     "'b/../outside' is outside of the source tree");
}

TEST_F(ApplyTest, RefusesAnAbsolutePath) {
  const std::string name = (folder_ / "outside").string();
  expect_input_error(apply("--- /dev/null\n+++ " + name + "\n@@ -0,0 +1 @@\n+x\n"), 2,
                     "'" + name + "' is outside of the source tree");
}

TEST_F(ApplyTest, RefusesAPathThroughALink) {
  fs::create_directory_symlink("..", copy_ / "up");
  const auto status = apply("--- /dev/null\n+++ b/up/outside\n@@ -0,0 +1 @@\n+x\n");
  expect_input_error(status, 1, "affected file 'up/outside' is beyond a symbolic link");
}

TEST_F(ApplyTest, RefusesANewLinkOutOfTheTree) {
  expect_input_error(apply("diff --git a/etc b/etc\nnew file mode 120000\n--- /dev/null\n"
                           "+++ b/etc\n@@ -0,0 +1 @@\n+/etc\n\\ No newline at end of file\n"),
                     1, "the link etc leads out of the source tree");
}

TEST_F(ApplyTest, ARehearsalFindsAHunkThatDoesNotApply) {
  std::string wrong = change_two_places;
  wrong.replace(wrong.find("-nine"), 5, "-neun");
  const auto status =
      PatchApplier(runner_, scratch_, {}).rehearse({{"series/1.patch", wrong}}, copy_);
  expect_input_error(status, 11, "hunk 2 of 2 does not apply to kernel/fork.c");
}

TEST_F(ApplyTest, ARehearsalKnowsAllFilesOfASeries) {
  const std::vector<spec::Patch> patches{
      {"1", "--- /dev/null\n+++ b/new/file\n@@ -0,0 +1 @@\n+a\n"},
      {"2", change_two_places},
      {"3",
       "diff --git a/new/file b/lib/file\nrename from new/file\nrename to lib/file\n"
       "--- a/new/file\n+++ b/lib/file\n@@ -1 +1 @@\n-a\n+b\n"}};
  PatchApplier applier(runner_, scratch_, {});
  const auto rehearsed = applier.rehearse(patches, copy_);
  EXPECT_TRUE(rehearsed) << support::to_string(rehearsed.error());
  EXPECT_EQ(content(copy_ / "kernel/fork.c"), content(original_ / "kernel/fork.c"));
  EXPECT_TRUE(applier.apply(patches, copy_));
}

TEST_F(ApplyTest, ARehearsalLeavesNamesThatItCannotReadToGit) {
  write("copy/gr\xc3\xbc\xc3\x9f", "a\n");
  ASSERT_TRUE(
      apply("--- \"a/gr\\303\\274\\303\\237\"\n+++ \"b/gr\\303\\274\\303\\237\"\n"
            "@@ -1 +1 @@\n-a\n+b\n"));
  EXPECT_EQ(content(copy_ / "gr\xc3\xbc\xc3\x9f"), "b\n");
}

TEST_F(ApplyTest, DoesNotCareAboutARepositoryAroundTheTree) {
  support::Command init;
  init.argv = {"git", "init", "-q", folder_.string()};
  ASSERT_TRUE(support::run_checked(runner_, init));
  write(".git/config", "[core]\n\trepositoryformatversion = 0\n[apply]\n\twhitespace = error\n");
  std::string trailing = change_two_places;
  trailing.replace(trailing.find("+TWO"), 4, "+TWO ");
  ASSERT_TRUE(apply(trailing));
  EXPECT_EQ(content(copy_ / "kernel/fork.c").substr(0, 9), "one\nTWO \n");
}

}  // namespace
}  // namespace kmatrix::source
