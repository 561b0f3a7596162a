// SPDX-License-Identifier: GPL-2.0-or-later
// With the compiler of this machine, in a folder that looks like one of kbuild's.
#include "build/objects.h"

#include <gtest/gtest.h>

#include "build/artefact.h"
#include "build/blank_debug.h"
#include "build/signature.h"
#include "support/file.h"
#include "support/process.h"

namespace kmatrix::build {
namespace {

namespace fs = std::filesystem;

class ObjectsTest : public testing::Test {
 protected:
  ObjectsTest() : folder_(*support::TempFolder::create(testing::TempDir(), "objects")) {
    EXPECT_TRUE(support::make_folders(files_.folder));
  }

  void write(const fs::path& file, std::string_view content) {
    ASSERT_TRUE(support::make_folders(file.parent_path()));
    ASSERT_TRUE(support::write_file(file, content));
  }
  void says_how(const std::string& path, const std::string& command) {
    const fs::path object = build_ / path;
    write(object.parent_path() / ("." + object.filename().string() + ".cmd"),
          "savedcmd_" + path + " := " + command + "\n\nsource_x := y\n");
  }
  void compile(const std::string& path, const std::string& source,
               const std::string& option = "-g") {
    write(folder_.path() / "source.c", source);
    ASSERT_TRUE(support::make_folders((build_ / path).parent_path()));
    const auto done = support::run_checked(
        runner_,
        {.argv = {"gcc", "-O1", option, "-c", "-o", build_ / path, folder_.path() / "source.c"}});
    ASSERT_TRUE(done) << to_string(done.error());
    says_how(path, "ccache gcc -I /src/include -D__KERNEL__ -O2 -c -o " + path + " /src/x.c");
  }

  support::TempFolder folder_;
  support::BoostProcessRunner runner_;
  fs::path build_ = folder_.path() / "build";
  ArtefactFiles files_ = files_below(folder_.path() / "artefact");
};

constexpr const char* one = "int one(int), two(int);\nint f(int x) { return one(x) + 1; }\n";

TEST_F(ObjectsTest, FindsWhatWasCompiledForTheKernelAlone) {
  compile("kernel/fork.o", one);
  compile("init/main.o", one);
  write(build_ / "scripts/fixdep.o", "x");
  says_how("scripts/fixdep.o", "gcc -Wall -c -o scripts/fixdep.o /src/scripts/fixdep.c");
  write(build_ / "fs/fs.o", "x");
  says_how("fs/fs.o", "ld -r -o fs/fs.o fs/a.o fs/b.o");
  write(build_ / "vmlinux.o", "x");
  write(build_ / "built-in.a", "x");
  EXPECT_EQ(find_objects(build_).value(),
            (std::vector<std::string>{"init/main.o", "kernel/fork.o"}));
}

TEST_F(ObjectsTest, KeepsDigestsOfTheWholeFileAndOfWhatIsLoaded) {
  compile("a.o", one);
  ASSERT_TRUE(keep_objects(build_, files_));
  const auto kept = kept_objects(files_).value().value();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].path, "a.o");
  EXPECT_EQ(kept[0].content, support::digest_file(build_ / "a.o").value());
  EXPECT_EQ(kept[0].loaded, elf_signature(build_ / "a.o").value());
}

TEST_F(ObjectsTest, KeepsObjectsThatLoadTheSameAndHaveNoDebugInformation) {
  compile("a.o", one);
  compile("dir/b.o", "int g(void) { return 2; }\n");
  ASSERT_TRUE(keep_objects(build_, files_));
  const fs::path out = folder_.path() / "out";
  const auto unpacked = unpack_objects(files_, {"dir/b.o", "a.o"}, out);
  ASSERT_TRUE(unpacked) << to_string(unpacked.error());
  EXPECT_EQ(elf_signature(out / "0.o").value(), elf_signature(build_ / "dir/b.o").value());
  EXPECT_EQ(elf_signature(out / "1.o").value(), elf_signature(build_ / "a.o").value());
  EXPECT_NE(support::read_file(build_ / "a.o").value().find("GNU C"), std::string::npos);
  EXPECT_EQ(support::read_file(out / "1.o").value().find("GNU C"), std::string::npos);
}

TEST_F(ObjectsTest, KeepsWhatIsNoElfFileAsItIs) {
  write(build_ / "lto.o", "BC bitcode");
  says_how("lto.o", "clang -D__KERNEL__ -flto -c -o lto.o /src/lto.c");
  ASSERT_TRUE(keep_objects(build_, files_));
  const auto kept = kept_objects(files_).value().value();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(kept[0].loaded.empty());
  EXPECT_EQ(kept[0].content, support::digest_of("BC bitcode"));
  ASSERT_TRUE(unpack_objects(files_, {"lto.o"}, folder_.path() / "out"));
  EXPECT_EQ(support::read_file(folder_.path() / "out/0.o").value(), "BC bitcode");
}

TEST_F(ObjectsTest, SaysWhichObjectIsNotKept) {
  compile("a.o", one);
  ASSERT_TRUE(keep_objects(build_, files_));
  const auto unpacked = unpack_objects(files_, {"a.o", "b.o"}, folder_.path() / "out");
  ASSERT_FALSE(unpacked);
  EXPECT_NE(to_string(unpacked.error()).find("objects.zip has no b.o"), std::string::npos);
}

TEST_F(ObjectsTest, TellsAnEarlierVersionsArtefactFromADamagedList) {
  EXPECT_FALSE(kept_objects(files_).value().has_value());
  compile("a.o", one);
  ASSERT_TRUE(keep_objects(build_, files_));
  const auto whole = support::read_file(files_.objects).value();
  for (const std::string& text :
       {std::string(), std::string("kmatrix objects 2\n"), whole.substr(0, whole.size() - 6),
        whole + whole.substr(whole.find('\n') + 1), whole + "x\n"}) {
    write(files_.objects, text);
    EXPECT_FALSE(kept_objects(files_)) << text;
  }
}

TEST_F(ObjectsTest, BlankingLeavesDamagedFilesAlone) {
  compile("a.o", one);
  const auto whole = support::read_file(build_ / "a.o").value();
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    std::string cut = whole.substr(0, size);
    blank_debug(cut);
    EXPECT_EQ(cut.size(), size);
  }
}

}  // namespace
}  // namespace kmatrix::build
