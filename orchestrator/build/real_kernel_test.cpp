// SPDX-License-Identifier: GPL-2.0-or-later
// Real kernels, minutes each. KMATRIX_TEST_TREE is a folder with a pristine Linux tree (without the
// direct-calls series), KMATRIX_TEST_PATCHED one with it; KMATRIX_TEST_CACHE is kept in between.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <iostream>

#include "build/dot_config.h"
#include "build/kernel_builder.h"
#include "build/kernel_cache.h"
#include "spec/load.h"
#include "support/file.h"

namespace kmatrix::build {
namespace {

namespace fs = std::filesystem;

const fs::path repository = KMATRIX_SOURCE_DIR;

fs::path folder_from(const char* variable) {
  const char* const value = getenv(variable);
  return value == nullptr ? fs::path() : fs::path(value);
}

void add(plan::PlannedKernel& kernel, const fs::path& fragment, plan::OriginKind kind,
         const std::string& asked_by) {
  const auto text = support::read_file(fragment);
  ASSERT_TRUE(text) << to_string(text.error());
  const auto requests = spec::parse_fragment(*text, fragment.string());
  ASSERT_TRUE(requests) << to_string(requests.error());
  for (const auto& each : *requests) {
    bool is_new = true;
    for (auto& known : kernel.symbols) {
      if (known.symbol != each.symbol) continue;
      is_new = false;
      if (known.kind == kind) known.asked_by += ", " + asked_by;
    }
    if (is_new) kernel.symbols.push_back({each.symbol, each.value, kind, asked_by, each.at});
  }
}

class RealKernel : public testing::Test {
 protected:
  void SetUp() override {
    if (folder_from("KMATRIX_TEST_TREE").empty() || folder_from("KMATRIX_TEST_CACHE").empty())
      GTEST_SKIP() << "set KMATRIX_TEST_TREE, KMATRIX_TEST_PATCHED and KMATRIX_TEST_CACHE";
    toolchain_.name = "clang-19";
    toolchain_.version = "19";
    config_.name = "clang-cfi";
    config_.toolchain = "clang-19";
    config_.requests = {{"CFI_CLANG", "y", {"x.yaml", 3, 4}}};
    config_.expect = {{"CFI_CLANG", "y", {"x.yaml", 5, 6}},
                      {"DYNAMIC_FTRACE_WITH_CALL_OPS", "n", {"x.yaml", 5, 20}}};
    gcc_.name = "gcc-12";
    gcc_.kind = spec::CompilerKind::gcc;
    gcc_.version = "12";
    gcc_.cross_prefix = "aarch64-linux-gnu-";
  }

  plan::PlannedKernel planned(const std::string& series) {
    plan::PlannedKernel kernel{
        "test/" + series + "/clang-cfi", "test", series, "clang-cfi", "arm64", {}};
    const fs::path platform = repository / "images/config/arm64";
    const fs::path fragments = repository / "matrices/fragments";
    using enum plan::OriginKind;
    add(kernel, platform / "machine.config", machine, "machine arm64");
    add(kernel, platform / "image.config", image, "image guest-arm64");
    add(kernel, fragments / "ftrace-direct.config", suite, "suite ftrace-direct");
    add(kernel, fragments / "ftrace-samples.config", suite, "suite ftrace-samples");
    kernel.symbols.push_back({"CFI_CLANG", "y", config, "config clang-cfi", {"x.yaml", 3, 4}});
    return kernel;
  }

  /// Configures and builds; a second call finds the artefact.
  void build(const fs::path& source, const plan::PlannedKernel& kernel,
             const spec::Toolchain& toolchain, std::optional<ArtefactFiles>& files) {
    const auto begin = std::chrono::steady_clock::now();
    const auto seconds = [&] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    auto configured = builder_.configure(source, kernel, config_, toolchain);
    for (const auto& error : configured.errors) ADD_FAILURE() << to_string(error);
    for (const auto& each : configured.kernel.unmet)
      std::cout << each.suite << " unavailable: " << each.reason << '\n'
                << each.explanation << '\n';
    std::cout << kernel.name << fmt::format(" configured after {:.1f} s\n", seconds());
    if (!configured.errors.empty()) return;
    const plan::KernelKey key{support::digest_of(source.string() + configured.kernel.config_text)};
    BuildProgress last;
    auto result = builder_.build(
        key, [&] { return source; }, kernel, configured.kernel.config_text, toolchain,
        [&](BuildProgress progress) { last = progress; });
    ASSERT_TRUE(result) << to_string(result.error());
    ASSERT_TRUE(result->artefact) << result->failure.first_error;
    files = result->artefact;
    const auto info = KernelCache::info(*files);
    ASSERT_TRUE(info);
    std::cout << fmt::format("built after {:.1f} s: {} {} objects {} (expected {}), {:.1f} s\n",
                             seconds(), info->release, info->compiler, info->objects, last.expected,
                             info->seconds)
              << files->folder.string() << '\n';
  }

  support::BoostProcessRunner runner_;
  std::stop_source stop_;
  KernelBuilder builder_{{folder_from("KMATRIX_TEST_CACHE"), 0}, runner_, stop_.get_token()};
  spec::Toolchain toolchain_, gcc_;
  spec::Config config_;
};

TEST_F(RealKernel, SaysThatTheSuitesAreUnavailableWithoutTheSeries) {
  const auto configured =
      builder_.configure(folder_from("KMATRIX_TEST_TREE"), planned("base"), config_, toolchain_);
  for (const auto& error : configured.errors) ADD_FAILURE() << to_string(error);
  ASSERT_EQ(configured.kernel.unmet.size(), 2U);
  for (const auto& each : configured.kernel.unmet) {
    EXPECT_EQ(each.reason, "DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set");
    EXPECT_NE(each.explanation.find("!CFI_CLANG [=y]"), std::string::npos) << each.explanation;
  }
}

TEST_F(RealKernel, ReportsEveryRequestThatDidNotComeOut) {
  auto kernel = planned("base");
  const auto ask = [&](const std::string& symbol, int line) {
    kernel.symbols.push_back(
        {symbol, "y", plan::OriginKind::config, "config clang-cfi", {"x.yaml", line, 7}});
  };
  ask("CFI_CLANGG", 11);
  ask("DEBUG_INFO_BTF", 12);
  ask("ARM64_64K_PAGES", 13);
  config_.expect.push_back({"DYNAMIC_FTRACE_WITH_CALL_OPS", "y", {"x.yaml", 14, 7}});
  const auto configured =
      builder_.configure(folder_from("KMATRIX_TEST_TREE"), kernel, config_, gcc_);
  for (const auto& error : configured.errors) std::cout << to_string(error) << '\n';
  ASSERT_GE(configured.errors.size(), 3U);
  EXPECT_EQ(configured.errors[0].message.substr(0, 57),
            "CFI_CLANG=y (asked by config clang-cfi) came out as n\n   ");
}

TEST_F(RealKernel, BuildsWithClang) {
  std::optional<ArtefactFiles> files;
  build(folder_from("KMATRIX_TEST_PATCHED"), planned("direct-calls"), toolchain_, files);
  ASSERT_TRUE(files);
  const auto release = KernelCache::info(*files)->release;
  const fs::path modules = files->modules / "lib/modules" / release;
  EXPECT_TRUE(fs::exists(modules / "modules.dep"));
  EXPECT_TRUE(fs::exists(modules / "kernel/samples/ftrace/ftrace-direct-multi-modify.ko"));
  EXPECT_FALSE(fs::is_symlink(modules / "build"));
}

TEST_F(RealKernel, BuildsTheBaseWithTheHelpOfCcache) {
  std::optional<ArtefactFiles> files;
  build(folder_from("KMATRIX_TEST_TREE"), planned("base"), toolchain_, files);
  ASSERT_TRUE(files);
}

}  // namespace
}  // namespace kmatrix::build
