// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/kernel_tree.h"

#include "source/test_sources.h"

namespace kmatrix::source {
namespace {

namespace fs = std::filesystem;

class KernelTreeTest : public testing::SourceTest {
 protected:
  KernelTreeTest() { testing::make_kernel_tree(folder_); }
  std::string refusal() {
    const auto release = kernel_release(folder_, {"x.yaml", 2, 1});
    EXPECT_TRUE(release || release.error().kind == ErrorKind::input);
    return release ? "" : release.error().message;
  }
};

TEST_F(KernelTreeTest, ReadsTheRelease) {
  EXPECT_EQ(kernel_release(folder_, {}).value(), "6.12.3");
  write("Makefile", "# SPDX\nVERSION = 7\nPATCHLEVEL=3\nEXTRAVERSION = -rc1\n");
  EXPECT_EQ(kernel_release(folder_, {}).value(), "7.3-rc1");
}

TEST_F(KernelTreeTest, RefusesWhatIsNoKernel) {
  write("Makefile", "all:\n\techo VERSION = 1\n");
  EXPECT_EQ(refusal(),
            "this is not a Linux kernel tree: its Makefile sets no VERSION and PATCHLEVEL");
  fs::remove(folder_ / "Kconfig");
  EXPECT_EQ(refusal(), "this is not a Linux kernel tree: it has no Kconfig");
  fs::remove(folder_ / "Makefile");
  EXPECT_EQ(refusal(), "this is not a Linux kernel tree: it has no Makefile");
}

TEST_F(KernelTreeTest, RefusesAFolderThatHasBeenBuiltIn) {
  EXPECT_TRUE(refuse_built_folder(folder_, {}));
  for (const char* trace :
       {".config", "include/config/auto.conf", "arch/arm64/include/generated/x"}) {
    write(trace, "");
    const auto status = refuse_built_folder(folder_, {"x.yaml", 2, 1});
    ASSERT_FALSE(status) << trace;
    EXPECT_EQ(status.error().kind, ErrorKind::input);
    EXPECT_EQ(status.error().hint, "run 'make mrproper' there");
    fs::remove_all(folder_ / fs::path(trace).parent_path() / fs::path(trace).filename());
    fs::remove_all(folder_ / "include/config");
  }
}

TEST_F(KernelTreeTest, FollowsLinksAsTheKernelDoes) {
  const auto leads = [&](const std::string& target) {
    fs::remove(folder_ / "kernel/link");
    fs::create_symlink(target, folder_ / "kernel/link");
    return leads_outside(folder_, "kernel/link");
  };
  EXPECT_FALSE(leads("fork.c"));
  EXPECT_FALSE(leads("../Makefile"));
  EXPECT_FALSE(leads("no/such/file"));
  EXPECT_TRUE(leads("../../x"));
  EXPECT_TRUE(leads("/etc"));
  EXPECT_TRUE(leads(folder_.string()));
  EXPECT_TRUE(leads("link"));
  fs::create_directory_symlink("..", folder_ / "kernel/up");
  EXPECT_FALSE(leads("up/Makefile"));
  EXPECT_TRUE(leads("up/../x"));
}

}  // namespace
}  // namespace kmatrix::source
