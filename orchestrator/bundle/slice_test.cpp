// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/slice.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "bundle/fragment_text.h"
#include "plan/keys.h"
#include "spec/test_folder.h"

namespace kmatrix::bundle {
namespace {

const std::vector<plan::PlatformSymbols>& platforms() {
  static const std::vector<plan::PlatformSymbols> all = {
      {"arm64", {{"PL011", "y", {"arm64.config", 1, 1}}}, {{"EROFS_FS", "y"}}}};
  return all;
}

/// Everything that an experiment can say, with paths that lead all over the place.
const std::string large_experiment = R"(kmatrix: 1
name: large
description: "it's a \"large\" one: with a colon"
trees:
  v6.12: {debian: linux-source-6.12, suite: bookworm}
  v7.2: {debian: linux-source-7.2}
  mine: {folder: linux}
  public: {git: 'https://example.org/linux.git', revision: master}
series:
  fix: {patches: patches.mbx}
  other: {patches: {mine: patches.mbx}}
toolchains:
  clang-19: {llvm: 19, image: toolchain-trixie}
  gcc: {gcc: true, cross: aarch64-linux-gnu-}
configs:
  cfi:
    toolchain: clang-19
    base: tinyconfig
    fragments: [a.config, "tree:kernel/configs/hardening.config"]
    set: {CFI: {v7.2: y}, CFI_CLANG: {v6.12: y}, LSM: "bpf,\"x\"", NR_CPUS: 8, FTRACE: n}
    expect: {CFI_CLANG: {v6.12: y}, LSM: "bpf,\"x\"", NR_CPUS: 8, KUNIT: n}
  os: {toolchain: gcc}
machines:
  tcg: {cpu: cortex-a57, cpus: 1, memory_mib: 512, kernel_args: "a=b \"c d\"", silence_timeout_s: 20}
  any: {accel: auto}
suites:
  boot: {runner: boot}
  bpf:
    runner: test_progs
    select: ["a*", "/^b[cd]: \"x\"/"]
    deny: '!x'
    deny_files: [deny.txt, "tree:tools/testing/selftests/bpf/DENYLIST"]
    fragments: ["tree:tools/testing/selftests/bpf/config", b.config]
    shards: 3
  ours:
    runner: script
    files: [run.sh, data]
    protocol: ktap
    cases: {one: "./run.sh \"$PWD\"", two: "true"}
    fragments: ["tree:other/config", c.config]
    case_timeout_s: 7
  crossed: {runner: ftracetest, fragments: [c.config], tests: [own, v6.12, v6.12/fix, mine/other]}
axes: {series: [base, fix]}
expect:
  - {where: {suite: bpf, series: base}, result: unavailable}
ignore:
  - {title: "WARNING in [x] *", reason: known, where: {machine: tcg}}
  - {title: BUG, kind: bug, reason: "of others", where: {machine: any}}
claims:
  - {claim: It works., outcome: passed}
reruns: {per_case: 5}
)";

class SliceTest : public testing::Test {
 protected:
  SliceTest() {
    from_.write("a.config", "CONFIG_A=y\n# kmatrix: optional\nCONFIG_MAYBE=y\nCONFIG_FTRACE=y\n");
    from_.write("b.config", "CONFIG_BPF=y\nCONFIG_MAYBE=y\n");
    from_.write("c.config", "# CONFIG_D is not set\n# kmatrix: optional\nCONFIG_E=m\n");
    from_.write("deny.txt", "# none of these\nslow*\n");
    from_.write("linux/Makefile", "VERSION = 6\n");
    from_.write("data/in/put", "17");
    std::filesystem::permissions(from_.write("run.sh", "#!/bin/sh\n"),
                                 std::filesystem::perms(0755));
    from_.write("patches.mbx",
                "From: A\nSubject: [PATCH 1/2] kernel: do: it, now\n\n"
                "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n-- \n2.39\n"
                "\nFrom mboxrd@z Thu Jan  1 00:00:00 1970\n"
                "From: A\nSubject: [PATCH 2/2] again\n\n"
                "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-b\n+c\n-- \n2.39\n\n");
    whole_ = read(from_.write("x.yaml", large_experiment));
  }

  struct Read {
    spec::Experiment experiment;
    plan::Matrix matrix;
  };
  static Read read(const std::filesystem::path& file) {
    auto loaded = spec::load(file);
    for (const auto& error : loaded.errors) ADD_FAILURE() << to_string(error);
    auto expanded = plan::expand(loaded.experiment, platforms());
    for (const auto& error : expanded.errors) ADD_FAILURE() << to_string(error);
    return {std::move(loaded.experiment), std::move(expanded.matrix)};
  }

  const plan::PlannedCell& cell(const std::string& name) const {
    for (const auto& each : whole_.matrix.cells)
      if (each.name == name) return each;
    ADD_FAILURE() << "no cell " << name;
    return whole_.matrix.cells.front();
  }

  /// Cuts a cell out and reads the slice in a folder of its own.
  Read cut_out(const std::string& name, const SliceFacts& facts = {}) {
    const auto& wanted = cell(name);
    const auto slice = cut(whole_.experiment, whole_.matrix.kernels[wanted.kernel], wanted, facts);
    EXPECT_TRUE(slice) << to_string(slice.error());
    slice_ = *slice;
    for (const auto& [path, member] : slice->files) into_.write(path, member.content);
    for (const auto& tree : slice->to_give)
      std::filesystem::create_directories(into_.path(tree_place(tree.name)));
    return read(into_.path("experiment.yaml"));
  }

  static support::Digest recipe(const Read& of, const plan::PlannedKernel& kernel) {
    const auto& config = *spec::find(of.experiment.configs, kernel.config);
    const auto* patches = spec::find(of.experiment.series, kernel.series)->patches_for(kernel.tree);
    plan::RecipeInputs inputs;
    inputs.series = patches != nullptr ? plan::series_digest(*patches) : support::Digest();
    inputs.arch = kernel.arch;
    inputs.base_config = config.base;
    inputs.symbols = kernel.symbols;
    inputs.expect = requests_for(config.expect, kernel.tree);
    for (auto& each : inputs.expect) each.tree.clear();
    for (const auto& each : kernel.tree_fragments) inputs.tree_fragments.push_back(each.path);
    return plan::recipe_key(inputs).digest;
  }
  static plan::CellParts parts(const Read& of, const plan::PlannedCell& cell) {
    return plan::cell_parts({{},
                             *spec::find(of.experiment.machines, cell.machine),
                             *spec::find(of.experiment.suites, cell.suite),
                             {},
                             {},
                             {},
                             ""});
  }

  spec::TestFolder from_, into_;
  Read whole_;
  Slice slice_;
};

TEST_F(SliceTest, EachCellKeepsItsNameItsKernelAndAllThatItsResultsDependOn) {
  ASSERT_EQ(whole_.matrix.cells.size(), 4u * 2 * 2 * 2 * 7);
  for (const auto& cell : whole_.matrix.cells) {
    if (cell.machine == "any" && cell.suite == "boot") continue;
    SCOPED_TRACE(cell.name);
    const auto& kernel = whole_.matrix.kernels[cell.kernel];
    const auto again = cut_out(cell.name);
    ASSERT_EQ(again.matrix.cells.size(), 1u);
    EXPECT_EQ(again.matrix.cells.front().name, cell.name);
    EXPECT_EQ(again.matrix.cells.front().expect_unavailable, cell.expect_unavailable);
    EXPECT_EQ(recipe(again, again.matrix.kernels.front()), recipe(whole_, kernel));
    EXPECT_EQ(parts(again, again.matrix.cells.front()), parts(whole_, cell));
    EXPECT_EQ(plan::ignore_key(again.experiment, again.matrix.cells.front()),
              plan::ignore_key(whole_.experiment, cell));
    const auto& suite = *spec::find(again.experiment.suites, cell.suite);
    EXPECT_EQ(suite.case_timeout, spec::find(whole_.experiment.suites, cell.suite)->case_timeout);
    EXPECT_EQ(suite.shards, spec::find(whole_.experiment.suites, cell.suite)->shards);
    EXPECT_TRUE(again.experiment.claims.empty());
    EXPECT_EQ(again.experiment.description, whole_.experiment.description);
    if (testing::Test::HasFailure()) break;
  }
}

TEST_F(SliceTest, PatchesTravelUnderTheirTitles) {
  cut_out("v6.12/fix/cfi/tcg/boot");
  EXPECT_EQ(slice_.files.count("patches/0001-kernel-do-it-now.patch"), 1u);
  EXPECT_EQ(slice_.files.count("patches/0002-again.patch"), 1u);
  EXPECT_EQ(slice_.files.at("patches/0002-again.patch").content,
            whole_.experiment.series[1].patches_for("v6.12")->at(1).content);
}

TEST_F(SliceTest, TheTreeOfTheTestsTravelsToo) {
  const auto& experiment =
      cut_out("v7.2/fix/cfi/tcg/crossed@v6.12+fix",
              {"linux-source-7.2 7.2.11-1", "", "", "linux-source-6.12 6.12.117-1"})
          .experiment;
  ASSERT_EQ(experiment.trees.size(), 2u);
  EXPECT_EQ(std::get<spec::DebianOrigin>(experiment.trees[1].origin).version, "6.12.117-1");
  const auto& fix = *spec::find(experiment.series, "fix");
  ASSERT_NE(fix.patches_for("v6.12"), nullptr);
  EXPECT_EQ(fix.patches_for("v6.12")->size(), 2u);
  EXPECT_EQ(fix.patches_for("v7.2")->size(), 2u);
  cut_out("v7.2/fix/cfi/tcg/crossed@mine+other");
  ASSERT_EQ(slice_.to_give.size(), 1u);
  EXPECT_EQ(slice_.to_give.front().name, "mine");
  EXPECT_EQ(slice_.files.count("tests-patches/0002-again.patch"), 1u);
}

TEST_F(SliceTest, FilesOfAScriptTravelWithTheRightToRunThem) {
  cut_out("v6.12/fix/cfi/tcg/ours");
  EXPECT_TRUE(slice_.files.at("files/run.sh").executable);
  EXPECT_FALSE(slice_.files.at("files/data/in/put").executable);
  EXPECT_EQ(slice_.files.at("files/data/in/put").content, "17");
}

TEST_F(SliceTest, LinksAmongTheFilesOfAScriptAreRefused) {
  std::filesystem::create_symlink("/etc/passwd", from_.path("data/link"));
  const auto& wanted = cell("v6.12/fix/cfi/tcg/ours");
  const auto slice = cut(whole_.experiment, whole_.matrix.kernels[wanted.kernel], wanted, {});
  ASSERT_FALSE(slice);
  EXPECT_EQ(slice.error().message, "only regular files with plain names travel");
}

TEST_F(SliceTest, TreesThatEverybodyCanGetAreNamedWithTheVersionThatRan) {
  const auto origin = [&](const std::string& name, const std::string& description) {
    return cut_out(name, {description, "kvm", "A cell"}).experiment.trees.front().origin;
  };
  const auto debian = std::get<spec::DebianOrigin>(
      origin("v6.12/base/cfi/tcg/boot", "linux-source-6.12 6.12.117-1~deb12u1"));
  EXPECT_EQ(debian.version, "6.12.117-1~deb12u1");
  EXPECT_EQ(debian.suite, "bookworm");
  const auto git = std::get<spec::GitOrigin>(origin(
      "public/base/os/any/boot", "git https://example.org/linux.git master commit 0123456789ab"));
  EXPECT_EQ(git.repository, "https://example.org/linux.git");
  EXPECT_EQ(git.revision, "0123456789ab");
  EXPECT_TRUE(slice_.to_give.empty());
  EXPECT_TRUE(slice_.files.at("experiment.yaml").content.starts_with("# A cell\n"));
}

TEST_F(SliceTest, AnAcceleratorThatWasChosenIsSaid) {
  const auto again = cut_out("v6.12/base/os/any/boot", {"", "tcg", ""});
  EXPECT_EQ(again.experiment.machines.front().accel, spec::Accelerator::tcg);
}

TEST_F(SliceTest, AFolderDoesNotTravel) {
  const auto again = cut_out("mine/base/cfi/tcg/boot");
  ASSERT_EQ(slice_.to_give.size(), 1u);
  EXPECT_EQ(slice_.to_give.front().name, "mine");
  EXPECT_NE(slice_.files.at("experiment.yaml").content.find("mine: {folder: trees/mine}"),
            std::string::npos);
  for (const auto& [name, member] : slice_.files)
    EXPECT_EQ(member.content.find(from_.path().string()), std::string::npos) << name;
}

}  // namespace
}  // namespace kmatrix::bundle
