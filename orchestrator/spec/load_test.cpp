// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/load.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "spec/test_folder.h"

namespace kmatrix::spec {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

Words symbols(const std::vector<SymbolRequest>& requests) {
  Words words;
  for (const auto& each : requests) words.push_back(each.symbol + "=" + each.value);
  return words;
}

/// Everything that the format has, at least once.
class LoadedExample : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("fragments/cfi.config", "CONFIG_CFI_CLANG=y\nCONFIG_NET=y\n");
    folder_.write("fragments/ftrace.config", "CONFIG_FTRACE=y\n");
    folder_.write("series/a/0002-b.patch", "second");
    folder_.write("series/a/0001-a.patch", "first");
    folder_.write("series/a/README", "no patch");
    folder_.write("series/b/x.patch", "other");
    folder_.write("linux.tar.xz", "archive");
    folder_.write("linux/Makefile", "");
    const auto loaded = load(folder_.write("x.yaml", yaml()));
    for (const auto& error : loaded.errors) ADD_FAILURE() << support::to_string(error);
    experiment_ = loaded.experiment;
  }

  static std::string yaml() {
    return "kmatrix: 1\nname: all\ndescription: every key\n"
           "trees:\n"
           "  v6.12: {debian: linux-source-6.12, suite: bookworm, version: 6.12.1-1~deb12u1}\n"
           "  mine: {folder: linux}\n"
           "  tar: {tarball: linux.tar.xz, sha256: " +
           std::string(32, 'A') + std::string(32, '0') +
           "}\n"
           "series:\n"
           "  one: {patches: series/a}\n"
           "  two: {patches: {v6.12: series/a, mine: series/b}}\n"
           "toolchains:\n"
           "  clang: {llvm: true}\n  clang-19: {llvm: 19}\n"
           "  gcc-12: {gcc: 12, cross: aarch64-linux-gnu-, image: my-tools}\n"
           "configs:\n"
           "  cfi:\n    toolchain: clang-19\n    base: defconfig\n"
           "    fragments: [fragments/cfi.config, fragments/ftrace.config]\n"
           "    set: {CONFIG_NET: n, NR_CPUS: 8}\n    expect: {CALL_OPS: n}\n"
           "  plain: {toolchain: gcc-12}\n"
           "machines:\n"
           "  tcg: {arch: arm64, accel: tcg, cpu: cortex-a57, cpus: 4, memory_mib: 2048,\n"
           "        boot_timeout_s: 60, silence_timeout_s: 90, image: my-image, kernel_args: "
           "\"nokaslr quiet\"}\n"
           "  pc: {arch: x86_64, accel: kvm}\n"
           "  any: {accel: auto}\n"
           "suites:\n"
           "  boot: {runner: boot}\n"
           "  ftrace: {runner: ftracetest, select: 'direct/*', fragments: "
           "fragments/ftrace.config,\n"
           "           case_timeout_s: 33}\n"
           "  samples: {runner: samples}\n"
           "axes:\n"
           "  tree: [v6.12]\n  series: [two, base]\n"
           "  include: [{tree: mine, series: base, config: [cfi, plain]}]\n"
           "  exclude: [{machine: pc, suite: [ftrace, samples]}]\n"
           "expect:\n"
           "  - {where: {series: base, suite: ftrace}, result: unavailable}\n"
           "ignore:\n"
           "  - {kind: warning, title: 'WARNING in f*', reason: known, where: {tree: mine}}\n"
           "  - {title: \"BUG: x\", reason: also known}\n";
  }

  TestFolder folder_;
  Experiment experiment_;
};

TEST_F(LoadedExample, HasItsNameTextAndDigest) {
  EXPECT_EQ(experiment_.name, "all");
  EXPECT_EQ(experiment_.description, "every key");
  EXPECT_EQ(experiment_.text, yaml());
  EXPECT_EQ(experiment_.digest, support::digest_of(yaml()));
  EXPECT_EQ(experiment_.file, folder_.path("x.yaml"));
}

TEST_F(LoadedExample, HasEveryKindOfTree) {
  ASSERT_EQ(experiment_.trees.size(), 3U);
  const auto& debian = std::get<DebianOrigin>(experiment_.trees[0].origin);
  EXPECT_EQ(debian.package, "linux-source-6.12");
  EXPECT_EQ(debian.suite, "bookworm");
  EXPECT_EQ(debian.version, "6.12.1-1~deb12u1");
  EXPECT_EQ(std::get<FolderOrigin>(experiment_.trees[1].origin).path, folder_.path("linux"));
  const auto& tar = std::get<TarballOrigin>(experiment_.trees[2].origin);
  EXPECT_EQ(tar.path, folder_.path("linux.tar.xz"));
  EXPECT_EQ(tar.sha256.hex, std::string(32, 'a') + std::string(32, '0'));
  EXPECT_EQ(experiment_.trees[1].at, (Location{folder_.path("x.yaml").string(), 6, 3}));
}

TEST_F(LoadedExample, HasPatchesInByteOrderAndByTree) {
  ASSERT_EQ(experiment_.series.size(), 3U);
  EXPECT_EQ(experiment_.series[0].name, "base");
  const auto* patches = experiment_.series[1].patches_for("tar");
  ASSERT_NE(patches, nullptr);
  ASSERT_EQ(patches->size(), 2U);
  EXPECT_EQ((*patches)[0].content, "first");
  EXPECT_EQ((*patches)[0].path, folder_.path("series/a/0001-a.patch"));
  EXPECT_EQ((*patches)[1].content, "second");
  const auto& two = experiment_.series[2];
  EXPECT_EQ(two.patches_for("mine")->at(0).content, "other");
  EXPECT_EQ(two.patches_for("v6.12")->size(), 2U);
  EXPECT_EQ(two.patches_for("tar"), nullptr);
}

TEST_F(LoadedExample, GivesBaseNoPatchesOnAnyTree) {
  const auto* patches = experiment_.series[0].patches_for("anything");
  ASSERT_NE(patches, nullptr);
  EXPECT_TRUE(patches->empty());
}

TEST_F(LoadedExample, HasToolchains) {
  ASSERT_EQ(experiment_.toolchains.size(), 3U);
  EXPECT_EQ(experiment_.toolchains[0].version, "");
  EXPECT_EQ(experiment_.toolchains[1].version, "19");
  EXPECT_EQ(experiment_.toolchains[1].kind, CompilerKind::llvm);
  EXPECT_EQ(experiment_.toolchains[2].kind, CompilerKind::gcc);
  EXPECT_EQ(experiment_.toolchains[2].version, "12");
  EXPECT_EQ(experiment_.toolchains[2].cross_prefix, "aarch64-linux-gnu-");
  EXPECT_EQ(experiment_.toolchains[1].image, "");
  EXPECT_EQ(experiment_.toolchains[2].image, "my-tools");
}

TEST_F(LoadedExample, LetsSetReplaceWhatFragmentsSay) {
  const auto& cfi = experiment_.configs[0];
  EXPECT_EQ(cfi.toolchain, "clang-19");
  EXPECT_EQ(cfi.base, "defconfig");
  EXPECT_EQ(symbols(cfi.requests), (Words{"CFI_CLANG=y", "FTRACE=y", "NET=n", "NR_CPUS=8"}));
  EXPECT_EQ(symbols(cfi.expect), (Words{"CALL_OPS=n"}));
  EXPECT_EQ(cfi.requests[0].at, (Location{folder_.path("fragments/cfi.config").string(), 1, 1}));
  EXPECT_EQ(cfi.requests[2].at.line, 20);
  EXPECT_EQ(experiment_.configs[1].base, "allnoconfig");
}

TEST_F(LoadedExample, HasMachinesWithDefaults) {
  const auto& tcg = experiment_.machines[0];
  EXPECT_EQ(tcg.cpu, "cortex-a57");
  EXPECT_EQ(tcg.cpus, 4);
  EXPECT_EQ(tcg.memory_mib, 2048);
  EXPECT_EQ(tcg.boot_timeout, 60s);
  EXPECT_EQ(tcg.silence_timeout, 90s);
  EXPECT_EQ(tcg.kernel_args, "nokaslr quiet");
  EXPECT_EQ(tcg.image, "my-image");
  const auto& pc = experiment_.machines[1];
  EXPECT_EQ(pc.arch, "x86_64");
  EXPECT_EQ(pc.accel, Accelerator::kvm);
  EXPECT_EQ(experiment_.machines[2].accel, Accelerator::automatic);
  EXPECT_EQ(pc.cpu, "");
  EXPECT_EQ(pc.cpus, 2);
  EXPECT_EQ(pc.memory_mib, 1024);
  EXPECT_EQ(pc.boot_timeout, 120s);
  EXPECT_EQ(pc.silence_timeout, 300s);
  EXPECT_EQ(pc.image, "guest-arm64");
}

TEST_F(LoadedExample, HasSuites) {
  ASSERT_EQ(experiment_.suites.size(), 3U);
  EXPECT_EQ(experiment_.suites[0].runner, RunnerKind::boot);
  EXPECT_EQ(experiment_.suites[1].runner, RunnerKind::ftracetest);
  EXPECT_EQ(experiment_.suites[1].select, (Words{"direct/*"}));
  EXPECT_EQ(symbols(experiment_.suites[1].needs), (Words{"FTRACE=y"}));
  EXPECT_EQ(experiment_.suites[1].case_timeout, 33s);
  EXPECT_EQ(experiment_.suites[2].runner, RunnerKind::samples);
  EXPECT_EQ(experiment_.suites[2].case_timeout, 120s);
}

TEST_F(LoadedExample, HasAxesFilledInWhereTheyAreMissing) {
  EXPECT_EQ(experiment_.axes.trees, (Words{"v6.12"}));
  EXPECT_EQ(experiment_.axes.series, (Words{"two", "base"}));
  EXPECT_EQ(experiment_.axes.configs, (Words{"cfi", "plain"}));
  EXPECT_EQ(experiment_.axes.machines, (Words{"tcg", "pc", "any"}));
  EXPECT_EQ(experiment_.axes.suites, (Words{"boot", "ftrace", "samples"}));
  ASSERT_EQ(experiment_.include.size(), 1U);
  EXPECT_EQ(experiment_.include[0].trees, (Words{"mine"}));
  EXPECT_EQ(experiment_.include[0].configs, (Words{"cfi", "plain"}));
  EXPECT_TRUE(experiment_.include[0].machines.empty());
  ASSERT_EQ(experiment_.exclude.size(), 1U);
  EXPECT_EQ(experiment_.exclude[0].suites, (Words{"ftrace", "samples"}));
  ASSERT_EQ(experiment_.expect.size(), 1U);
  EXPECT_EQ(experiment_.expect[0].where.series, (Words{"base"}));
}

TEST_F(LoadedExample, HasWhatIsIgnored) {
  ASSERT_EQ(experiment_.ignore.size(), 2U);
  EXPECT_EQ(experiment_.ignore[0].kind, "warning");
  EXPECT_EQ(experiment_.ignore[0].title, "WARNING in f*");
  EXPECT_EQ(experiment_.ignore[0].reason, "known");
  EXPECT_EQ(experiment_.ignore[0].where.trees, (Words{"mine"}));
  EXPECT_EQ(experiment_.ignore[1].kind, "");
  EXPECT_EQ(experiment_.ignore[1].title, "BUG: x");
  EXPECT_TRUE(experiment_.ignore[1].where.trees.empty());
}

TEST(Load, FillsAllAxesOfASmallExperimentWithBaseFirst) {
  const TestFolder folder;
  folder.write("p/1.patch", "x");
  const auto loaded =
      load(folder.write("x.yaml", small_experiment + "series: {fix: {patches: p}}\n"));
  EXPECT_TRUE(loaded.good());
  EXPECT_EQ(loaded.experiment.axes.series, (Words{"base", "fix"}));
  EXPECT_EQ(loaded.experiment.axes.trees, (Words{"v6.12"}));
}

TEST(Load, ResolvesPathsFromTheFolderOfTheFile) {
  const TestFolder folder;
  folder.write("linux/Makefile", "");
  auto yaml = small_experiment;
  yaml.replace(yaml.find("debian: linux-source-6.12"), 25, "folder: ../../linux");
  const auto loaded = load(folder.write("a/b/x.yaml", yaml));
  ASSERT_TRUE(loaded.good());
  EXPECT_EQ(std::get<FolderOrigin>(loaded.experiment.trees[0].origin).path, folder.path("linux"));
}

/// The only error of loading this path.
std::string error_of(const TestFolder& folder, const std::filesystem::path& file) {
  const auto loaded = load(file);
  EXPECT_EQ(loaded.errors.size(), 1U);
  if (loaded.errors.empty()) return "";
  EXPECT_EQ(loaded.errors[0].kind, ErrorKind::input);
  return folder.without_folder(support::to_string(loaded.errors[0]));
}

TEST(Load, SaysThatAFileIsMissingAndWhichOneMayBeMeant) {
  const TestFolder folder;
  folder.write("quickstart.yaml", small_experiment);
  EXPECT_EQ(error_of(folder, folder.path("quikstart.yaml")),
            "quikstart.yaml: experiment 'quikstart.yaml' does not exist (did you mean "
            "'quickstart.yaml'?)");
}

TEST(Load, RefusesWhatIsNoFile) {
  const TestFolder folder;
  folder.write("d/x", "");
  EXPECT_EQ(error_of(folder, folder.path("d")),
            "d: experiment 'd' is a folder (a file is expected)");
  ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(error_of(folder, folder.path("pipe")),
            "pipe: experiment 'pipe' is not a file (a file is expected)");
}

TEST(Load, RefusesALinkThatLeadsInACircle) {
  const TestFolder folder;
  std::filesystem::create_symlink("loop", folder.path("loop"));
  EXPECT_NE(error_of(folder, folder.path("loop")).find("cannot be read"), std::string::npos);
}

TEST(Load, RefusesAFileThatIsTooLarge) {
  const TestFolder folder;
  const auto error =
      error_of(folder, folder.write("x.yaml", small_experiment + std::string(1 << 20, '#')));
  EXPECT_NE(error.find("is too large"), std::string::npos) << error;
}

TEST(Load, RefusesAnEmptyFileAndOneWithoutAMapping) {
  const TestFolder folder;
  EXPECT_EQ(folder.errors_of(""), (Words{"x.yaml:1:1: the experiment: expected a mapping that "
                                         "begins with 'kmatrix: 1', found nothing"}));
  EXPECT_EQ(folder.errors_of("- a\n"), (Words{"x.yaml:1:1: the experiment: expected a mapping that "
                                              "begins with 'kmatrix: 1', found a list"}));
}

TEST(Load, SaysNothingMoreAboutAnotherFormat) {
  const TestFolder folder;
  EXPECT_EQ(folder.errors_of("kmatrix: 2\nwhatever: 1\n"),
            (Words{"x.yaml:1:10: kmatrix: expected the format number 1, found '2' (this kmatrix "
                   "knows no other format)"}));
}

TEST(Load, GivesErrorsInTheOrderOfTheirPlaces) {
  const TestFolder folder;
  auto yaml = small_experiment;
  yaml += "zebra: 1\n";
  yaml.replace(yaml.find("llvm: 19"), 8, "llvm: x9");
  yaml.replace(yaml.find("name: small"), 11, "name: no name");
  const auto errors = folder.errors_of(yaml);
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_EQ(errors[0].find("x.yaml:2:7:"), 0U);
  EXPECT_EQ(errors[1].find("x.yaml:4:31:"), 0U);
  EXPECT_EQ(errors[2].find("x.yaml:8:1:"), 0U);
}

TEST(Load, ReportsAWrongFragmentOnceHoweverManyUseIt) {
  const TestFolder folder;
  folder.write("f.config", "wrong\n");
  auto yaml = small_experiment;
  yaml.replace(yaml.find("{runner: boot}"), 14,
               "{runner: boot, fragments: [f.config]}, b: {runner: boot, fragments: f.config}");
  const auto errors = folder.errors_of(yaml);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].find("f.config:1:1: not a line"), 0U) << errors[0];
}

TEST(Load, CountsWhatItDoesNotList) {
  const TestFolder folder;
  auto yaml = small_experiment;
  for (int i = 0; i < 1'500; ++i) yaml += "unknown" + std::to_string(i) + ": 1\n";
  const auto errors = folder.errors_of(yaml);
  ASSERT_EQ(errors.size(), 1'001U);
  EXPECT_EQ(errors.back(), "x.yaml: ... and 500 more errors");
}

TEST(Load, RefusesMoreNamesThanAnybodyNeeds) {
  const TestFolder folder;
  auto yaml = small_experiment + "series:\n";
  for (int i = 0; i < 1'001; ++i) yaml += "  s" + std::to_string(i) + ": {patches: p}\n";
  EXPECT_EQ(folder.errors_of(yaml), (Words{"x.yaml:9:3: more than 1000 series"}));
}

TEST(Load, RefusesAPatchThatIsNoFile) {
  const TestFolder folder;
  folder.write("p/1.patch/x", "");
  const auto errors = folder.errors_of(small_experiment + "series: {fix: {patches: p}}\n");
  EXPECT_EQ(errors, (Words{"x.yaml:8:25: patch 'p/1.patch' is a folder (a file is expected)"}));
}

TEST(Load, ExplainsThatATildeStaysATilde) {
  const TestFolder folder;
  auto yaml = small_experiment;
  yaml.replace(yaml.find("debian: linux-source-6.12"), 25, "folder: ~/linux");
  EXPECT_EQ(folder.errors_of(yaml), (Words{"x.yaml:3:25: folder '~/linux' does not exist ('~' is "
                                           "not expanded: write the path out)"}));
}

TEST(Load, SurvivesDamagedExperiments) {
  const TestFolder folder;
  const auto good = load(folder.write("good.yaml", small_experiment));
  EXPECT_TRUE(good.good());
  for (std::size_t at = 0; at < small_experiment.size(); at += 2)
    for (const auto* change : {"", "]", "{", "\n", ": ", "'", "- ", "\t"}) {
      auto yaml = small_experiment;
      yaml.replace(at, 1, change);
      const auto loaded = load(folder.write("x.yaml", yaml));
      const auto& axes = loaded.experiment.axes;
      EXPECT_TRUE(!loaded.good() || (!axes.trees.empty() && !axes.suites.empty())) << yaml;
    }
}

}  // namespace
}  // namespace kmatrix::spec
