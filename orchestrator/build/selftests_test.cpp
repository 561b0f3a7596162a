// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/selftests.h"

#include <gtest/gtest.h>

#include "support/file.h"

namespace kmatrix::build {
namespace {

class SelftestsDigest : public testing::Test {
 protected:
  SelftestsDigest() {
    kernel_.arch = "arm64";
    artefact_.vmlinux = "/proc/self/exe";
    artefact_.config = source_ / ".config";
    artefact_.symvers = source_ / "Module.symvers";
    write("include/a.h", "1");
    write("tools/testing/selftests/size/size.c", "1");
    write("tools/testing/selftests/bpf/test_progs.c", "1");
    write("kernel/a.c", "1");
    write(".config", "A=y");
  }
  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(support::write_file(source_ / name, text));
  }
  std::string digest(spec::RunnerKind runner) {
    suite_.runner = runner;
    const SelftestsInputs inputs{{}, kernel_, artefact_, toolchain_, suite_, {}, {}, {}};
    return selftests_digest(inputs, source_, "clang").value().hex;
  }
  /// Does it change with this file?
  bool depends(spec::RunnerKind runner, const std::string& name) {
    const auto before = digest(runner);
    write(name, "2");
    return digest(runner) != before;
  }

  support::TempFolder folder_ = *support::TempFolder::create(testing::TempDir(), "selftests-");
  std::filesystem::path source_ = folder_.path();
  plan::PlannedKernel kernel_;
  ArtefactFiles artefact_;
  spec::Toolchain toolchain_;
  spec::Suite suite_;
};

TEST_F(SelftestsDigest, DependsOnWhatTheBuildReads) {
  constexpr auto kselftest = spec::RunnerKind::kselftest, bpf = spec::RunnerKind::test_progs;
  EXPECT_TRUE(depends(kselftest, "tools/testing/selftests/size/size.c"));
  EXPECT_TRUE(depends(bpf, "tools/testing/selftests/bpf/test_progs.c"));
  EXPECT_TRUE(depends(bpf, "include/a.h"));
  EXPECT_TRUE(depends(bpf, ".config"));
  EXPECT_TRUE(depends(bpf, "Module.symvers"));
  EXPECT_NE(digest(kselftest), digest(bpf));
}

TEST_F(SelftestsDigest, IsTheSameForAKernelThatDiffersInCodeAlone) {
  EXPECT_FALSE(depends(spec::RunnerKind::test_progs, "kernel/a.c"));
}

}  // namespace
}  // namespace kmatrix::build
