// SPDX-License-Identifier: GPL-2.0-or-later
// The real sandbox, make and file system, with a Makefile of a few lines in the kernel's place.
#include "build/kernel_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <future>

#include "build/artefact.h"
#include "build/dot_config.h"
#include "build/kernel_cache.h"
#include "build/objects.h"
#include "build/sandbox.h"
#include "build/toolchain.h"
#include "support/file.h"

namespace kmatrix::build {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view makefile = R"(
allnoconfig:
	@cat $(KCONFIG_ALLCONFIG) /src/forced > /build/.config
defconfig olddefconfig:
	@echo CONFIG_FROM_$@=y >> /build/.config
kmatrixconfig:
	@test "$$MAKEFILES" = /build/kmatrix.mk && cp /src/relations /build/kmatrix.relations
Image:
	@mkdir -p /build/arch/arm64/boot /build/include/config
	@echo 6.12.0-mini > /build/include/config/kernel.release
	@echo '  CC      kernel/one.o'; echo '  AS      kernel/two.o'; echo '  HOSTCC  x.o'
	@echo image > /build/arch/arm64/boot/Image; cp /bin/true /build/vmlinux
	@mkdir -p /build/kernel; echo code > /build/kernel/one.o
	@echo 'savedcmd_kernel/one.o := cc -D__KERNEL__ -c' > /build/kernel/.one.o.cmd
	@echo map > /build/System.map; env > /build/seen; cat /proc/net/dev >> /build/seen
	@(touch /src/x || echo SOURCE-IS-READ-ONLY) 2> /dev/null; cat /build/seen
	@echo built >> /ccache/count
)"
                                      "include /src/more.mk\n"
                                      R"(
modules_install:
	@mkdir -p $(INSTALL_MOD_PATH)/lib/modules/6.12.0-mini
	@echo dep > $(INSTALL_MOD_PATH)/lib/modules/6.12.0-mini/modules.dep
	@ln -s /build $(INSTALL_MOD_PATH)/lib/modules/6.12.0-mini/build
)";

class KernelBuilderTest : public testing::Test {
 protected:
  KernelBuilderTest()
      : folder_(std::move(*support::TempFolder::create(testing::TempDir(), "builder"))) {
    gcc_.name = "host-gcc";
    gcc_.kind = spec::CompilerKind::gcc;
    config_.name = "mini";
    write("Makefile", makefile);
    write("forced", "");
    write("relations", "Symbol: A [=n]\n  Prompt: x\n  Depends on: B [=n]\n\nSymbol: B [=n]\n");
    modules_do("@echo '  CC [M]  samples/three.o'");
  }

  void write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(support::write_file(source_ / name, text));
  }
  void modules_do(const std::string& command) { write("more.mk", "modules:\n\t" + command + "\n"); }

  Result<BuildResult> build(KernelBuilder& builder,
                            const std::function<void(BuildProgress)>& on_progress = {}) {
    return builder.build(
        key_, [this] { return source_; }, kernel_, config_text_, gcc_, on_progress);
  }
  Result<BuildResult> build() { return build(builder_); }

  std::size_t left_in_tmp() {
    std::error_code missing;
    const fs::directory_iterator walk(cache_ / "tmp", missing);
    return missing ? 0 : static_cast<std::size_t>(std::distance(walk, {}));
  }
  std::string builds_made() {
    const auto count = support::read_file(cache_ / "ccache" / "count");
    return count ? *count : "";
  }

  support::TempFolder folder_;
  fs::path source_ = folder_.path() / "source", cache_ = folder_.path() / "cache";
  support::BoostProcessRunner runner_;
  std::stop_source stop_;
  KernelBuilder builder_{{cache_, 2}, runner_, stop_.get_token()};
  spec::Toolchain gcc_;
  spec::Config config_;
  plan::PlannedKernel kernel_{"mini/base/mini", "mini", "base", "mini", "arm64", {}};
  plan::KernelKey key_{support::digest_of("mini")};
  std::string config_text_ = "CONFIG_MODULES=y\nCONFIG_CC_VERSION_TEXT=\"gcc 12\"\n";
};

TEST_F(KernelBuilderTest, BuildsAnArtefactAndFindsItAgain) {
  std::vector<int> done;
  const auto result =
      build(builder_, [&](BuildProgress progress) { done.push_back(progress.done); });
  ASSERT_TRUE(result) << to_string(result.error());
  ASSERT_TRUE(result->artefact) << result->failure.first_error;
  const auto& files = *result->artefact;
  EXPECT_EQ(files.folder, cache_ / "kernels" / key_.digest.hex);
  EXPECT_EQ(*support::read_file(files.image), "image\n");
  EXPECT_EQ(*support::read_file(files.config), config_text_);
  EXPECT_TRUE(fs::exists(files.modules / "lib/modules/6.12.0-mini/modules.dep"));
  EXPECT_FALSE(fs::is_symlink(files.modules / "lib/modules/6.12.0-mini/build"));
  const auto info = KernelCache::info(files);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->release, "6.12.0-mini");
  EXPECT_EQ(info->compiler, "gcc 12");
  EXPECT_EQ(info->objects, 3);
  EXPECT_EQ(info->signature.size(), 64U);
  const auto record = read_record(files.info);
  EXPECT_EQ(record->digests.at("Image"), support::digest_of("image\n").hex);
  EXPECT_EQ(record->digests.count("modules/lib/modules/6.12.0-mini/modules.dep"), 1U);
  EXPECT_EQ(record->signatures.count("vmlinux"), 1U);
  EXPECT_EQ(done.back(), 3);
  EXPECT_EQ(left_in_tmp(), 0U);

  ASSERT_TRUE(build());
  EXPECT_EQ(builds_made(), "built\n") << "a second build does nothing";
}

TEST_F(KernelBuilderTest, ShowsTheBuildNothingOfTheMachine) {
  setenv("KMATRIX_SECRET", "leaked", 1);
  const auto result = build();
  unsetenv("KMATRIX_SECRET");
  ASSERT_TRUE(result && result->artefact);
  const auto log = *support::read_file(result->artefact->log);
  EXPECT_EQ(log.find("leaked"), std::string::npos);
  EXPECT_NE(log.find("SOURCE-IS-READ-ONLY"), std::string::npos);
  EXPECT_NE(log.find("KBUILD_BUILD_HOST=kmatrix\n"), std::string::npos);
  EXPECT_NE(log.find("    lo:"), std::string::npos);
  EXPECT_EQ(log.find("eth"), std::string::npos) << "there is a network in the sandbox";
}

TEST_F(KernelBuilderTest, BuildsAKernelWithoutModules) {
  config_text_ = "CONFIG_FTRACE=y\n";
  modules_do("@false");
  const auto result = build();
  ASSERT_TRUE(result && result->artefact);
  EXPECT_TRUE(fs::is_directory(result->artefact->modules));
}

TEST_F(KernelBuilderTest, KeepsTheLogOfAFailedBuild) {
  modules_do("@echo '/src/samples/a.c:3:1: error: no'; false");
  const auto result = build();
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_FALSE(result->artefact);
  EXPECT_EQ(result->failure.first_error, "samples/a.c:3:1: error: no");
  EXPECT_NE(support::read_file(result->failure.log)->find("error: no"), std::string::npos);
  EXPECT_EQ(left_in_tmp(), 0U);

  modules_do("@true");
  const auto mended = build();
  ASSERT_TRUE(mended && mended->artefact);
  EXPECT_FALSE(fs::exists(result->failure.log)) << "the log of a failure that is no more";
}

TEST_F(KernelBuilderTest, TakesAFullDiskForTroubleOfItsOwn) {
  modules_do("@echo 'x.c:1: fatal error: /build/x.o: No space left on device'; false");
  const auto result = build();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::infrastructure);
  EXPECT_EQ(result.error().context, std::vector<std::string>{"while building mini/base/mini"});
}

TEST_F(KernelBuilderTest, RefusesAKernelWhoseConfigChangedWhileItWasBuilt) {
  modules_do("@echo CONFIG_LATE=y >> /build/.config");
  const auto result = build();
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("at 'CONFIG_LATE=y'"), std::string::npos);
  EXPECT_FALSE(KernelCache(cache_).artefact(key_));
}

TEST_F(KernelBuilderTest, BuildsADamagedEntryAgain) {
  const auto first = build();
  ASSERT_TRUE(first && first->artefact);
  EXPECT_FALSE(first->cached);
  const auto later = [&] {
    KernelBuilder next({cache_, 1, {}}, runner_, {});
    return build(next);
  };
  EXPECT_TRUE(later()->cached);
  EXPECT_EQ(builds_made(), "built\n");
  // Not a word of another size, and with the time of before.
  const auto time = fs::last_write_time(first->artefact->image);
  fs::permissions(first->artefact->image, fs::perms::owner_write, fs::perm_options::add);
  std::ofstream(first->artefact->image) << "imagE\n";
  fs::last_write_time(first->artefact->image, time);
  const auto second = later();
  ASSERT_TRUE(second && second->artefact);
  EXPECT_FALSE(second->cached);
  EXPECT_EQ(second->damage, "Image has another content");
  EXPECT_EQ(*support::read_file(second->artefact->image), "image\n");
  EXPECT_EQ(builds_made(), "built\nbuilt\n");
}

TEST_F(KernelBuilderTest, TakesAnArtefactOfAnEarlierVersionAndCompletesIt) {
  const auto first = build();
  ASSERT_TRUE(first && first->artefact);
  const auto signature = KernelCache::info(*first->artefact)->signature;
  auto record = read_record(first->artefact->info).value();
  record.info.signature.clear();
  record.digests.clear();
  ASSERT_TRUE(support::write_file(first->artefact->info, to_json(record)));
  fs::remove_all(cache_ / "seals");
  KernelBuilder next({cache_, 1, {}}, runner_, {});
  ASSERT_TRUE(build(next)->cached);
  EXPECT_EQ(KernelCache::info(*first->artefact)->signature, signature);
  EXPECT_FALSE(read_record(first->artefact->info)->digests.empty());
}

TEST_F(KernelBuilderTest, KeepsTheObjects) {
  const auto result = build();
  ASSERT_TRUE(result && result->artefact);
  const auto objects = kept_objects(*result->artefact).value().value();
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_EQ(objects[0].path, "kernel/one.o");
  EXPECT_EQ(objects[0].content, support::digest_of("code\n"));
  const auto list = *support::read_file(result->artefact->objects);
  EXPECT_EQ(read_record(result->artefact->info)->digests.at("objects.tsv"),
            support::digest_of(list).hex);
  std::string other = list;
  std::replace(other.begin(), other.end(), 'a', 'b');
  ASSERT_TRUE(support::write_file(result->artefact->objects, other));
  EXPECT_FALSE(kept_objects(*result->artefact)) << "a flipped bit";
}

TEST_F(KernelBuilderTest, BuildsAnArtefactWithoutObjectsAgainOnlyIfTheyAreWanted) {
  ASSERT_TRUE(build());
  const fs::path folder = cache_ / "kernels" / key_.digest.hex;
  ASSERT_TRUE(fs::remove(folder / "objects.tsv") && fs::remove(folder / "objects.zip"));
  fs::remove_all(cache_ / "seals");
  KernelBuilder later({cache_, 2}, runner_, {});
  EXPECT_TRUE(build(later)->cached);
  EXPECT_TRUE(KernelCache(cache_).artefact(key_));
  EXPECT_FALSE(KernelCache(cache_, true).artefact(key_));
  KernelBuilder wanting({cache_, 2, {}, {}, true}, runner_, {});
  const auto again = build(wanting);
  ASSERT_TRUE(again && again->artefact);
  EXPECT_FALSE(again->cached);
  EXPECT_EQ(again->damage, "its objects were not kept");
  EXPECT_TRUE(KernelCache(cache_, true).artefact(key_));
  EXPECT_EQ(builds_made(), "built\nbuilt\n");
  EXPECT_TRUE(build(wanting)->cached);
}

TEST_F(KernelBuilderTest, BuildsAKeyOnceForAllWhoWantIt) {
  KernelBuilder other({cache_, 1}, runner_, {});
  auto elsewhere = std::async(std::launch::async, [&] { return build(other); });
  const auto here = build();
  const auto there = elsewhere.get();
  ASSERT_TRUE(here && there);
  EXPECT_TRUE(here->artefact && there->artefact);
  EXPECT_EQ(builds_made(), "built\n");
}

/// Is there a process with this word in its command line?
bool is_running(const std::string& word) {
  std::error_code failure;
  for (const auto& each : fs::directory_iterator("/proc", failure)) {
    const auto line = support::read_file(each.path() / "cmdline");
    if (line && line->find(word) != std::string::npos) return true;
  }
  return false;
}

TEST_F(KernelBuilderTest, LeavesNothingBehindWhenItIsStopped) {
  modules_do("@echo '  CC [M]  three.o'; sleep 98765.25 & sleep 98765.75");
  bool was_running = false;
  const auto result = build(builder_, [&](BuildProgress progress) {
    if (progress.done < 3) return;
    was_running = is_running("sleep 98765.75");
    stop_.request_stop();
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::interrupted);
  EXPECT_TRUE(was_running);
  EXPECT_FALSE(is_running("98765.25"));
  EXPECT_FALSE(is_running(folder_.path().string()));
  EXPECT_EQ(left_in_tmp(), 0U);
  EXPECT_EQ(support::read_file("/proc/self/mounts")->find(folder_.path().string()),
            std::string::npos);
  EXPECT_FALSE(KernelCache(cache_).artefact(key_));
  EXPECT_FALSE(fs::exists(cache_ / "failures"));
}

TEST_F(KernelBuilderTest, StopsWaitingForAnotherBuilderWhenItIsStopped) {
  const auto lock =
      support::FileLock::take(cache_ / "locks" / ("kernels-" + key_.digest.hex + ".lock"));
  ASSERT_TRUE(lock);
  auto waiting = std::async(std::launch::async, [&] { return build(); });
  stop_.request_stop();
  const auto result = waiting.get();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::interrupted);
}

TEST_F(KernelBuilderTest, ConfiguresWhatWasAskedFor) {
  kernel_.symbols = {{"A", "y", plan::OriginKind::config, "config mini", {}},
                     {"B", "n", plan::OriginKind::config, "config mini", {}}};
  const auto configured = builder_.configure(source_, kernel_, config_, gcc_);
  for (const auto& error : configured.errors) ADD_FAILURE() << to_string(error);
  EXPECT_EQ(configured.kernel.config_text, "CONFIG_A=y\n# CONFIG_B is not set\n");
  EXPECT_EQ(left_in_tmp(), 0U);
}

TEST_F(KernelBuilderTest, TakesFragmentsOfTheTreeForWishes) {
  write("bpf/config", "CONFIG_A=m\nCONFIG_NET=y\nCONFIG_UNKNOWN=y\n");
  kernel_.symbols = {{"A", "y", plan::OriginKind::config, "config mini", {}}};
  kernel_.tree_fragments = {{"bpf/config", plan::OriginKind::config, "config mini", {}}};
  const auto configured = builder_.configure(source_, kernel_, config_, gcc_);
  for (const auto& error : configured.errors) ADD_FAILURE() << to_string(error);
  EXPECT_EQ(configured.kernel.config_text, "CONFIG_NET=y\nCONFIG_UNKNOWN=y\nCONFIG_A=y\n")
      << "what must come out has the last word";
  ASSERT_EQ(configured.kernel.tree_symbols.size(), 2U);
  EXPECT_EQ(configured.kernel.tree_symbols[0].symbol, "NET");
  EXPECT_EQ(configured.kernel.tree_symbols[0].at, (Location{"tree:bpf/config", 2, 1}));
}

TEST_F(KernelBuilderTest, SaysWhichFragmentTheTreeDoesNotHave) {
  write("bpf/config", "");
  kernel_.tree_fragments = {{"bpf/confg", plan::OriginKind::suite, "suite bpf", {"m.yaml", 9, 4}}};
  const auto configured = builder_.configure(source_, kernel_, config_, gcc_);
  ASSERT_EQ(configured.errors.size(), 1U);
  EXPECT_EQ(to_string(configured.errors[0]),
            "m.yaml:9:4: suite bpf: the tree mini has no file bpf/confg (did you mean "
            "'bpf/config'?)\n  while configuring mini/base/mini");
}

TEST_F(KernelBuilderTest, MergesRequestsIntoADefconfig) {
  config_.base = "defconfig";
  kernel_.symbols = {{"A", "y", plan::OriginKind::config, "config mini", {}}};
  const auto configured = builder_.configure(source_, kernel_, config_, gcc_);
  EXPECT_EQ(configured.kernel.config_text,
            "CONFIG_FROM_defconfig=y\nCONFIG_A=y\nCONFIG_FROM_olddefconfig=y\n");
}

TEST_F(KernelBuilderTest, ExplainsARequestThatDidNotComeOut) {
  write("forced", "# CONFIG_A is not set\n");
  kernel_.symbols = {{"A", "y", plan::OriginKind::config, "config mini", {"m.yaml", 3, 4}}};
  const auto configured = builder_.configure(source_, kernel_, config_, gcc_);
  ASSERT_EQ(configured.errors.size(), 1U);
  EXPECT_EQ(to_string(configured.errors[0]),
            "m.yaml:3:4: A=y (asked by config mini) came out as n\n    A [=n]\n"
            "      depends on B [=n]\n    B [=n]\n      has no prompt, and nothing selects it\n"
            "  while configuring mini/base/mini");
}

TEST_F(KernelBuilderTest, RefusesABaseThatIsNoConfigTarget) {
  for (const auto* base : {"clean", "-fconfig", "x/../config", "a config", "CC=xconfig", ""}) {
    config_.base = base;
    config_.at = {"m.yaml", 8, 1};
    const auto configured = builder_.configure(source_, kernel_, config_, gcc_);
    ASSERT_EQ(configured.errors.size(), 1U) << base;
    EXPECT_EQ(configured.errors[0].kind, ErrorKind::input) << base;
    EXPECT_EQ(configured.errors[0].at.line, 8) << base;
  }
}

TEST_F(KernelBuilderTest, NamesThePlaceInAKconfigThatCannotBeRead) {
  write("Makefile", "allnoconfig:\n\t@echo 'arch/arm64/Kconfig:250: syntax error'; false\n");
  const auto configured = builder_.configure(source_, kernel_, config_, gcc_);
  ASSERT_EQ(configured.errors.size(), 1U);
  EXPECT_EQ(configured.errors[0].message,
            "make allnoconfig failed: arch/arm64/Kconfig:250: syntax error");
}

TEST_F(KernelBuilderTest, IdentifiesAToolchainByItsPrograms) {
  const auto identity = builder_.identify(gcc_);
  ASSERT_TRUE(identity) << to_string(identity.error());
  EXPECT_EQ(identity->find("gcc "), 0U) << *identity;
  EXPECT_NE(identity->find("; GNU assembler"), std::string::npos) << *identity;
  EXPECT_NE(identity->find("; GNU ld"), std::string::npos) << *identity;
}

TEST_F(KernelBuilderTest, NamesThePackageOfAMissingCompiler) {
  spec::Toolchain clang{"future", spec::CompilerKind::llvm, "99", "", {"m.yaml", 5, 3}};
  const auto llvm = builder_.identify(clang);
  ASSERT_FALSE(llvm);
  EXPECT_EQ(
      to_string(llvm.error()),
      "m.yaml:5:3: toolchain future: this machine has no clang-99 (apt-get install clang-99)");
  spec::Toolchain gcc{"old", spec::CompilerKind::gcc, "3", "aarch64-linux-gnu-", {}};
  EXPECT_EQ(builder_.identify(gcc).error().hint, "apt-get install gcc-3-aarch64-linux-gnu");
}

TEST_F(KernelBuilderTest, BuildsWithTheProgramsOfAnImage) {
  // A system of its own folders, with the host's programs in them.
  const fs::path root = folder_.path() / "root";
  ASSERT_TRUE(support::make_folders(root / "etc"));
  for (const std::string folder : {"bin", "sbin", "lib", "lib64"})
    fs::create_directory_symlink("usr/" + folder, root / folder);
  fs::create_directory_symlink("/usr", root / "usr");
  int asked = 0;
  const auto systems = [&](const spec::Toolchain& toolchain,
                           bool make) -> Result<std::optional<SystemRoot>> {
    ++asked;
    EXPECT_EQ(toolchain.image, "tools");
    if (!make) return std::optional<SystemRoot>();
    return std::optional(SystemRoot(root, "image tools 0123"));
  };
  KernelBuilder builder({cache_, 2, {}, systems}, runner_, stop_.get_token());
  gcc_.image = "tools";
  const auto cheap = builder.identify_cheaply(gcc_);
  ASSERT_TRUE(cheap);
  EXPECT_FALSE(*cheap);
  const auto identity = builder.identify(gcc_);
  ASSERT_TRUE(identity) << to_string(identity.error());
  EXPECT_TRUE(identity->ends_with("; image tools 0123")) << *identity;
  EXPECT_EQ(**builder.identify_cheaply(gcc_), *identity);
  const auto result = build(builder);
  ASSERT_TRUE(result && result->artefact);
  EXPECT_EQ(asked, 2);
}

TEST_F(KernelBuilderTest, NamesWhatAnImageLacks) {
  const fs::path root = folder_.path() / "root";
  ASSERT_TRUE(support::make_folders(root / "usr/bin"));
  const auto systems = [&](const auto&, bool) -> Result<std::optional<SystemRoot>> {
    return std::optional(SystemRoot(root, "image tools 0123"));
  };
  KernelBuilder builder({cache_, 2, {}, systems}, runner_, stop_.get_token());
  gcc_.image = "tools";
  gcc_.at = {"x.yaml", 3, 4};
  EXPECT_EQ(to_string(builder.identify(gcc_).error()),
            "x.yaml:3:4: toolchain host-gcc: the image tools has no gcc (add the package gcc to "
            "its recipe)");
}

}  // namespace
}  // namespace kmatrix::build
