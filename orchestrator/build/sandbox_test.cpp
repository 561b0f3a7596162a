// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/sandbox.h"

#include <gtest/gtest.h>

#include "build/toolchain.h"
#include "support/file.h"

namespace kmatrix::build {
namespace {

namespace fs = std::filesystem;

TEST(SystemRoot, FollowsLinksInsideOfIt) {
  const auto folder = support::TempFolder::create(testing::TempDir(), "system");
  const fs::path root = folder->path();
  ASSERT_TRUE(support::write_file(root / "usr/lib/tool/bin/tool", "x"));
  ASSERT_TRUE(support::write_file(root / "opt/other", "x"));
  ASSERT_TRUE(support::make_folders(root / "usr/bin"));
  ASSERT_TRUE(support::make_folders(root / "etc/alternatives"));
  fs::create_symlink("/etc/alternatives/tool", root / "usr/bin/tool");
  fs::create_symlink("/usr/bin/tool-1", root / "etc/alternatives/tool");
  fs::create_symlink("../lib/tool/bin/tool", root / "usr/bin/tool-1");
  fs::create_symlink("/opt/other", root / "usr/bin/other");
  fs::create_symlink("round", root / "usr/bin/round");
  const SystemRoot system(root, "");
  EXPECT_EQ(system.find("tool"), "/usr/bin/tool");
  EXPECT_EQ(system.find("other"), "") << "the sandbox has no /opt";
  EXPECT_EQ(system.find("round"), "");
  EXPECT_EQ(system.find("none"), "");
  EXPECT_FALSE(SystemRoot().find("sh").empty());
}

TEST(MakeCommand, NamesTheCompilersAsArgumentsOfTheirOwn) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(make_command("arm64", {"c", spec::CompilerKind::llvm, "19", "", {}}),
            (Words{"make", "-C", "/src", "O=/build", "ARCH=arm64", "LOCALVERSION=", "LLVM=-19",
                   "HOSTCC=ccache clang-19", "CC=ccache clang-19"}));
  EXPECT_EQ(make_command("arm64", {"g", spec::CompilerKind::gcc, "12", "aarch64-linux-gnu-", {}}),
            (Words{"make", "-C", "/src", "O=/build", "ARCH=arm64",
                   "LOCALVERSION=", "CROSS_COMPILE=aarch64-linux-gnu-", "HOSTCC=ccache gcc",
                   "CC=ccache aarch64-linux-gnu-gcc-12"}));
  EXPECT_EQ(make_command("x86_64", {"c", spec::CompilerKind::llvm, "", "", {}}).at(6), "LLVM=1");
}

/// Says what it was told to say.
class FakeRunner : public support::ProcessRunner {
 public:
  Result<support::Exit> run(const support::Command& command) override {
    command.on_output(output);
    return support::Exit{code, false, ""};
  }
  std::string output;
  int code = 1;
};

TEST(Sandbox, TellsItsOwnFailureFromTheProgramsFailure) {
  FakeRunner runner;
  const auto folder = support::TempFolder::create(testing::TempDir(), "sandbox");
  const Sandbox sandbox({}, {"/s", folder->path(), folder->path()}, "gcc 12", runner, {});
  runner.output = "bwrap: No permissions to create new namespace\n";
  const auto broken = sandbox.run({"make"}, {}, [](std::string_view) {});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().kind, ErrorKind::infrastructure);
  EXPECT_EQ(broken.error().message,
            "the build sandbox does not start: bwrap: No permissions to create new namespace");
  runner.output = "make: *** no\nbwrap: said by a makefile\n";
  const auto failed = sandbox.run({"make"}, {}, [](std::string_view) {});
  ASSERT_TRUE(failed);
  EXPECT_EQ(*failed, 1);
}

}  // namespace
}  // namespace kmatrix::build
