// SPDX-License-Identifier: GPL-2.0-or-later
// Two small builds with the compilers of this machine, compared as those of kernels are.
#include <gtest/gtest.h>

#include "build/artefact.h"
#include "build/object_comparison.h"
#include "support/file.h"
#include "support/process.h"

namespace kmatrix::build {
namespace {

namespace fs = std::filesystem;

class CompareObjectsTest : public testing::Test {
 protected:
  CompareObjectsTest() : folder_(*support::TempFolder::create(testing::TempDir(), "compare")) {
    gcc_.name = "gcc";
    gcc_.kind = spec::CompilerKind::gcc;
    for (const auto* side : {&a_, &b_}) EXPECT_TRUE(support::make_folders(side->folder));
  }

  void compile(const std::string& build, const std::string& path, const std::string& source,
               const std::vector<std::string>& compiler = {"gcc"}) {
    const fs::path object = folder_.path() / build / path, file = folder_.path() / "source.c";
    ASSERT_TRUE(support::make_folders(object.parent_path()));
    ASSERT_TRUE(support::write_file(file, source));
    auto argv = compiler;
    argv.insert(argv.end(), {"-O1", "-g", "-c", "-o", object, file});
    const auto done = support::run_checked(runner_, {.argv = argv});
    ASSERT_TRUE(done) << to_string(done.error());
    says_how(object);
  }
  static void says_how(const fs::path& object) {
    ASSERT_TRUE(
        support::write_file(object.parent_path() / ("." + object.filename().string() + ".cmd"),
                            "savedcmd_x := gcc -D__KERNEL__ -c -o x x.c\n"));
  }
  ObjectComparison compare(const ObjectsWanted& wanted = {}) {
    EXPECT_TRUE(keep_objects(folder_.path() / "a", a_));
    EXPECT_TRUE(keep_objects(folder_.path() / "b", b_));
    KernelBuilder builder({folder_.path() / "cache"}, runner_, {});
    auto comparison = builder.compare_objects(a_, b_, gcc_, wanted);
    EXPECT_TRUE(comparison) << to_string(comparison.error());
    return *comparison;
  }

  support::TempFolder folder_;
  support::BoostProcessRunner runner_;
  spec::Toolchain gcc_;
  ArtefactFiles a_ = files_below(folder_.path() / "of_a"),
                b_ = files_below(folder_.path() / "of_b");
};

const std::string calls = "int g(int);\nint f(int x) { return g(x) + 1; }\n";

TEST_F(CompareObjectsTest, FindsIdenticalObjectsAndThoseThatOneSideAloneHas) {
  for (const char* const side : {"a", "b"}) compile(side, "kernel/same.o", calls);
  compile("a", "kernel/gone.o", calls);
  compile("b", "kernel/new.o", calls);
  const auto comparison = compare();
  EXPECT_EQ(comparison.objects, 1U);
  EXPECT_EQ(comparison.identical, 1U);
  EXPECT_TRUE(comparison.differing.empty());
  EXPECT_EQ(comparison.only_a, std::vector<std::string>{"kernel/gone.o"});
  EXPECT_EQ(comparison.only_b, std::vector<std::string>{"kernel/new.o"});
}

TEST_F(CompareObjectsTest, LinesThatMoveChangeDebugInformationAlone) {
  compile("a", "x.o", calls);
  compile("b", "x.o", "\n\n" + calls);
  const auto comparison = compare();
  ASSERT_EQ(comparison.differing.size(), 1U);
  EXPECT_EQ(comparison.differing[0].likeness, Likeness::same_loaded);
}

TEST_F(CompareObjectsTest, DataThatDiffersLeavesTheCodeTheSame) {
  compile("a", "x.o", "int line = __LINE__;\n" + calls);
  compile("b", "x.o", "\nint line = __LINE__;\n" + calls);
  const auto comparison = compare({{}, true});
  ASSERT_EQ(comparison.differing.size(), 1U);
  EXPECT_EQ(comparison.differing[0], (ObjectDifference{"x.o", Likeness::same_code, {}}));
}

TEST_F(CompareObjectsTest, CodeThatOnlyMovedIsInNoDiff) {
  compile("a", "x.o", "int h(int x) { return x * 3; }\n" + calls);
  compile("b", "x.o", "int h(int x) { return x * 3 + (x >> 7) * x; }\n" + calls);
  const auto comparison = compare({{}, true});
  ASSERT_EQ(comparison.differing.size(), 1U);
  EXPECT_EQ(comparison.differing[0].likeness, Likeness::different);
  const auto& diff = comparison.differing[0].diff;
  EXPECT_NE(diff.find("\n <f>:"), std::string::npos) << diff;
  EXPECT_EQ(diff.find("\n-", diff.find("\n <f>:")), std::string::npos) << diff;
}

TEST_F(CompareObjectsTest, TheOrderOfFunctionsCounts) {
  const std::string other = "int h(int x) { return x * 3; }\n";
  compile("a", "x.o", other + calls);
  compile("b", "x.o", calls + other);
  EXPECT_EQ(compare().count(Likeness::different), 1U);
}

TEST_F(CompareObjectsTest, CodeOfAnotherSizeNeedsNoDisassembler) {
  const std::vector<std::string> arm64{"clang-19", "--target=aarch64-linux-gnu"};
  compile("a", "x.o", "int h(int x) { return x * 3; }\n", arm64);
  compile("b", "x.o", "int h(int x) { return x * 3 + (x >> 7) * x; }\n", arm64);
  gcc_.cross_prefix = "no-such-";
  EXPECT_EQ(compare().count(Likeness::different), 1U);
}

TEST_F(CompareObjectsTest, ANameOfDataThatNobodyLoadsCountsButIsNoCode) {
  compile("a", "x.o", calls + "int one;\n");
  compile("b", "x.o", calls + "int two;\n");
  EXPECT_EQ(compare().count(Likeness::same_code), 1U);
}

TEST_F(CompareObjectsTest, ShowsTheDiffOfCodeThatDiffers) {
  compile("a", "kernel/x.o", "int one(int), two(int);\nint f(int x) { return one(x) + 1; }\n");
  compile("b", "kernel/x.o", "int one(int), two(int);\nint f(int x) { return two(x) + 1; }\n");
  const auto without = compare();
  ASSERT_EQ(without.differing.size(), 1U);
  EXPECT_EQ(without.differing[0], (ObjectDifference{"kernel/x.o", Likeness::different, {}}));
  const auto diff = compare({{}, true}).differing[0].diff;
  EXPECT_TRUE(diff.starts_with("--- a/kernel/x.o\n+++ b/kernel/x.o\n@@ ")) << diff;
  EXPECT_NE(diff.find("\tone-0x4\n"), std::string::npos) << diff;
  EXPECT_NE(diff.find("\ttwo-0x4\n"), std::string::npos) << diff;
}

TEST_F(CompareObjectsTest, LooksAtTheObjectsThatWereAskedForAlone) {
  for (const char* const side : {"a", "b"}) {
    compile(side, "kernel/x.o", calls + "int only_" + side + ";\n");
    compile(side, "mm/x.o", calls);
  }
  EXPECT_EQ(compare().objects, 2U);
  const auto some = compare({"kernel/*", false});
  EXPECT_EQ(some.objects, 1U);
  EXPECT_EQ(some.identical, 0U);
}

TEST_F(CompareObjectsTest, WhatIsNoElfFileIsDifferentWithoutADisassembly) {
  for (const char* const side : {"a", "b"}) {
    compile(side, "x.o", calls + "int only_" + side + ";\n");
    ASSERT_TRUE(support::write_file(folder_.path() / side / "lto.o", side));
    says_how(folder_.path() / side / "lto.o");
  }
  const auto comparison = compare({{}, true});
  ASSERT_EQ(comparison.differing.size(), 2U);
  EXPECT_EQ(comparison.differing[0], (ObjectDifference{"lto.o", Likeness::different, {}}));
  EXPECT_EQ(comparison.differing[1].likeness, Likeness::same_code);
}

TEST_F(CompareObjectsTest, SaysHowToBuildAKernelOfAnEarlierVersionAgain) {
  KernelBuilder builder({folder_.path() / "cache"}, runner_, {});
  const auto comparison = builder.compare_objects(a_, b_, gcc_, {});
  ASSERT_FALSE(comparison);
  EXPECT_EQ(to_string(comparison.error()),
            "the objects of kernel of_a were not kept: an earlier version built it (kmatrix run "
            "EXPERIMENT --objects builds it again)");
}

TEST_F(CompareObjectsTest, NoticesADamagedArchive) {
  for (const char* const side : {"a", "b"}) compile(side, "x.o", calls + "int " + side + ";\n");
  (void)compare();
  auto archive = *support::read_file(b_.object_archive);
  archive[archive.size() / 2] = static_cast<char>(archive[archive.size() / 2] ^ 1);
  ASSERT_TRUE(support::write_file(b_.object_archive, archive));
  KernelBuilder builder({folder_.path() / "cache"}, runner_, {});
  EXPECT_FALSE(builder.compare_objects(a_, b_, gcc_, {}));
}

}  // namespace
}  // namespace kmatrix::build
