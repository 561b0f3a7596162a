// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/patch_file.h"

#include <gtest/gtest.h>

namespace kmatrix::source {
namespace {

const std::string two_files = R"(From: somebody
Subject: --- a/not a header

--- begins the notes
 x | 1 +

diff --git a/arch/x.c b/arch/x.c
index 1..2 100644
--- a/arch/x.c
+++ b/arch/x.c
@@ -1,2 +1,3 @@ int main
 one
--- two
+++ three
+four
@@ -10 +11 @@
-ten
+TEN
diff --git a/old.c b/new.c
similarity index 90%
rename from old.c
rename to new.c
--- a/old.c
+++ b/new.c
@@ -5,1 +5,1 @@
-a
+b
)";

TEST(PatchOutline, FindsFilesAndHunksWithTheirLines) {
  const auto outline = outline_patch(two_files);
  // "--- begins the notes" may look like a file, but has no hunk and no matching name.
  const auto& files = outline.files;
  ASSERT_GE(files.size(), 2U);
  const auto& first = files[files.size() - 2];
  EXPECT_EQ(first.old_name, "arch/x.c");
  EXPECT_EQ(first.line, 7);
  ASSERT_EQ(first.hunks.size(), 2U);
  EXPECT_EQ(first.hunks[0].line, 11);
  EXPECT_EQ(first.hunks[1].line, 16);
  EXPECT_EQ(first.hunks[1].old_start, 10);
  const auto& second = files.back();
  EXPECT_EQ(second.old_name, "old.c");
  EXPECT_EQ(second.new_name, "new.c");
  ASSERT_EQ(second.hunks.size(), 1U);
  EXPECT_TRUE(outline.unsafe.empty());
}

TEST(PatchOutline, ReadsATraditionalDiffWithSeveralFiles) {
  const auto outline = outline_patch(
      "--- a/x\t2026-01-01\n+++ b/x\t2026-01-02\n@@ -1 +1 @@\n-a\n+b\n"
      "--- /dev/null\n+++ b/y\n@@ -0,0 +1 @@\n+y\n");
  ASSERT_EQ(outline.files.size(), 2U);
  EXPECT_EQ(outline.files[0].old_name, "x");
  EXPECT_EQ(outline.files[1].old_name, "");
  EXPECT_EQ(outline.files[1].new_name, "y");
  EXPECT_EQ(outline.files[1].line, 6);
}

TEST(PatchOutline, ReportsNamesOutsideOfTheTree) {
  EXPECT_EQ(outline_patch("--- a/x\n+++ b/../x\n").unsafe.at(0).line, 2);
  EXPECT_EQ(outline_patch("--- /dev/null\n+++ /etc/passwd\n").unsafe.at(0).name, "/etc/passwd");
  EXPECT_EQ(outline_patch("diff --git a/q b/q\nrename from q\nrename to ../q\n").unsafe.size(), 1U);
  EXPECT_EQ(outline_patch("diff --git a/.git/config b/.git/config\n").unsafe.size(), 2U);
  EXPECT_EQ(outline_patch("--- \"a/../x\"\n+++ b/x\n").unsafe.at(0).name, "a/../x");
  EXPECT_TRUE(outline_patch("--- a/x..y\n+++ b/.gitignore\n").unsafe.empty());
}

TEST(PatchOutline, SurvivesNonsense) {
  EXPECT_TRUE(outline_patch("").files.empty());
  EXPECT_TRUE(outline_patch("@@ -1 +1 @@\n+++ x\nrename to y\n").files.empty());
  EXPECT_EQ(outline_patch("diff --git \ndiff --git a\n--- a/x\n@@ -1,99999999999999999999 +1 @@\n")
                .files.back()
                .hunks.size(),
            0U);
}

TEST(ExplainFailure, NamesTheHunkAndItsLine) {
  const auto failure = explain_failure(outline_patch(two_files),
                                       "error: patch failed: arch/x.c:10\n"
                                       "error: arch/x.c: patch does not apply\n");
  EXPECT_EQ(failure.message, "hunk 2 of 2 does not apply to arch/x.c");
  EXPECT_EQ(failure.line, 16);
}

TEST(ExplainFailure, NamesTheOldNameOfARenamedFile) {
  const auto failure = explain_failure(outline_patch(two_files), "error: patch failed: old.c:5\n");
  EXPECT_EQ(failure.message, "hunk 1 of 1 does not apply to old.c");
}

TEST(ExplainFailure, SaysWhatElseCanBeWrong) {
  const auto outline = outline_patch(two_files);
  EXPECT_EQ(explain_failure(outline, "error: arch/x.c: No such file or directory\n").message,
            "cannot change arch/x.c: the tree has no such file");
  EXPECT_EQ(explain_failure(outline, "error: new.c: already exists in working directory\n").message,
            "cannot add new.c: the tree has it already");
  EXPECT_EQ(explain_failure(outline, "error: corrupt patch at line 17\n").line, 17);
  EXPECT_EQ(explain_failure(outline, "error: No valid patches in input (allow with ...)\n").message,
            "there is no patch in this file");
  EXPECT_EQ(explain_failure(outline, "Segmentation fault\n").message, "git cannot apply it");
}

}  // namespace
}  // namespace kmatrix::source
