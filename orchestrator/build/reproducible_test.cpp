// SPDX-License-Identifier: GPL-2.0-or-later
// A small real kernel, built three times: minutes each, so tests/boot/reproducible.sh runs it.
// KMATRIX_TEST_TREE is a folder with a Linux tree, KMATRIX_TEST_CACHE one on the same file system
// for two caches. The kernel asks for what is known to be different from build to build: random
// structure layouts, the .config and the headers inside of the kernel, modules.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <iostream>

#include "build/artefact.h"
#include "build/kernel_builder.h"
#include "cache/cache.h"
#include "support/clock.h"
#include "support/file.h"

namespace kmatrix::build {
namespace {

namespace fs = std::filesystem;

fs::path folder_from(const char* variable) {
  const char* const value = getenv(variable);
  return value == nullptr ? fs::path() : fs::path(value);
}

class Reproducible : public testing::Test {
 protected:
  Reproducible() {
    toolchain_.name = "clang-19";
    toolchain_.version = "19";
    config_.name = "small";
    config_.toolchain = "clang-19";
    for (const auto& [symbol, value] :
         std::vector<std::pair<std::string, std::string>>{{"MODULES", "y"},
                                                          {"SYSFS", "y"},
                                                          {"IKCONFIG", "y"},
                                                          {"IKHEADERS", "m"},
                                                          {"CRC7", "m"},
                                                          {"CRC8", "m"},
                                                          {"RANDSTRUCT_FULL", "y"}})
      kernel_.symbols.push_back({symbol, value, plan::OriginKind::config, "config small", {}});
  }

  /// Builds into `cache` from `source`; what came out must have been compiled now.
  void build(const fs::path& cache, const fs::path& source, int jobs, BuildRecord& record) {
    support::BoostProcessRunner runner;
    KernelBuilder builder({cache, jobs, {}}, runner, {});
    const auto configured = builder.configure(source, kernel_, config_, toolchain_);
    for (const auto& error : configured.errors) ADD_FAILURE() << to_string(error);
    ASSERT_TRUE(configured.errors.empty());
    const auto result = builder.build(key_, [&] { return source; }, kernel_,
                                      configured.kernel.config_text, toolchain_, {});
    ASSERT_TRUE(result) << to_string(result.error());
    ASSERT_TRUE(result->artefact) << result->failure.first_error << " "
                                  << result->failure.log.string();
    ASSERT_FALSE(result->cached);
    record = read_record(result->artefact->info).value();
    std::cout << cache.filename().string() << ": " << record.info.objects << " objects, "
              << support::human_duration(support::Seconds(record.info.seconds)) << std::endl;
  }

  void expect_same(const BuildRecord& one, const BuildRecord& two) {
    EXPECT_EQ(one.digests, two.digests);
    EXPECT_EQ(one.signatures, two.signatures);
    EXPECT_EQ(one.info.signature, two.info.signature);
  }

  spec::Toolchain toolchain_;
  spec::Config config_;
  plan::PlannedKernel kernel_{"small/base/small", "small", "base", "small", "arm64", {}};
  plan::KernelKey key_{support::digest_of("small")};
};

TEST_F(Reproducible, TheSameInputsGiveTheSameBytes) {
  const fs::path tree = folder_from("KMATRIX_TEST_TREE"),
                 parent = folder_from("KMATRIX_TEST_CACHE");
  if (tree.empty() || parent.empty()) GTEST_SKIP() << "set KMATRIX_TEST_TREE, KMATRIX_TEST_CACHE";
  const fs::path one = parent / "one", two = parent / "another place", copy = parent / "copy";
  for (const auto& folder : {one, two, copy}) ASSERT_TRUE(support::remove_tree(folder));
  ASSERT_TRUE(support::make_folders(parent));

  BuildRecord first, second, third;
  build(one, tree, 2, first);
  if (HasFatalFailure()) return;
  EXPECT_GE(first.signatures.size(), 4U) << "vmlinux and three modules";
  EXPECT_EQ(first.info.unreproducible, "");

  // Another cache, which has no objects of ccache; another folder; the jobs in another order;
  // another user's habits.
  fs::copy(tree, copy,
           fs::copy_options::recursive | fs::copy_options::create_hard_links |
               fs::copy_options::copy_symlinks);
  setenv("TZ", "Asia/Tokyo", 1);
  setenv("LC_ALL", "tr_TR.UTF-8", 1);
  setenv("KBUILD_BUILD_HOST", "elsewhere", 1);
  const mode_t mask = umask(0077);
  build(two, copy, 5, second);
  umask(mask);
  if (HasFatalFailure()) return;
  expect_same(first, second);

  // The first cache again, now with ccache's objects.
  ASSERT_TRUE(cache::remove_entry(one, {"kernels", key_.digest.hex}));
  build(one, tree, 3, third);
  if (HasFatalFailure()) return;
  expect_same(first, third);
  for (const auto& folder : {one, two, copy}) EXPECT_TRUE(support::remove_tree(folder));
}

}  // namespace
}  // namespace kmatrix::build
