// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/bundle.h"

#include <gtest/gtest.h>

#include "support/file.h"

namespace kmatrix::bundle {
namespace {

namespace fs = std::filesystem;

Bundle some_bundle() {
  Bundle bundle;
  auto& manifest = bundle.manifest;
  manifest.kmatrix_version = "0.1.0";
  manifest.experiment = "quickstart";
  manifest.run = 3;
  manifest.started = "2026-01-31T12:00:00Z";
  manifest.case_name = "b";
  manifest.before = {"a"};
  manifest.to_give = {{"v6.12", "a folder"}};
  manifest.kernel = {"v6.12/base/cfi",
                     "v6.12",
                     "base",
                     "cfi",
                     "arm64",
                     "linux-source-6.12 1",
                     "t1",
                     "",
                     "",
                     "clang 19",
                     "r1",
                     "k1",
                     "s1",
                     "6.12.117",
                     "built",
                     ""};
  manifest.cell.name = "v6.12/base/cfi/tcg/boot";
  manifest.cell.state = "done";
  manifest.cell.slowness = 1.5;
  manifest.cell.inputs = {{"kernel", "k1"}, {"select", "a"}, {"select", "b"}};
  manifest.cases = {{"a", "passed", "PASS", "", 0, 1.5, {"passed", "failed"}, ""},
                    {"b", "failed", "FAIL", "no \"such\" thing", 95, 2, {}, "outputs/b.txt"}};
  manifest.incidents = {{"b", "warning", "WARNING in f", "", "incidents/1.txt"}};
  bundle.files = {{"experiment.yaml", {"kmatrix: 1\n", false}},
                  {"outputs/b.txt", {"said\n", false}},
                  {"files/run.sh", {"#!/bin/sh\n", true}}};
  return bundle;
}

class BundleTest : public testing::Test {
 protected:
  BundleTest() : folder_(*support::TempFolder::create(testing::TempDir(), "bundle")) {}
  fs::path file() const { return folder_.path() / "x.kmatrix"; }

  /// The error of a bundle whose members were changed after it had been made.
  std::string refusal(const std::function<void(Members&)>& change) const {
    EXPECT_TRUE(save(some_bundle(), file()));
    auto members = read_archive(file()).value();
    change(members);
    EXPECT_TRUE(write_archive(file(), members, "manifest.json"));
    const auto loaded = load(file());
    if (loaded) return "";
    EXPECT_EQ(loaded.error().kind, ErrorKind::input);
    EXPECT_EQ(loaded.error().context.back(), "while reading " + file().string());
    return loaded.error().message;
  }
  std::string refusal_of_experiment(const std::string& text) const {
    auto bundle = some_bundle();
    bundle.files["experiment.yaml"].content = text;
    EXPECT_TRUE(save(bundle, file()));
    const auto loaded = load(file());
    return loaded ? "" : loaded.error().message;
  }

  support::TempFolder folder_;
};

TEST_F(BundleTest, ComesBackAsItWas) {
  const auto bundle = some_bundle();
  ASSERT_TRUE(save(bundle, file()));
  auto loaded = load(file());
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  EXPECT_EQ(loaded->bundle.files, bundle.files);
  ASSERT_EQ(loaded->bundle.manifest.files.size(), 3u);
  EXPECT_EQ(loaded->bundle.manifest.files[0].path, "experiment.yaml");
  EXPECT_EQ(loaded->bundle.manifest.files[0].size, 11u);
  loaded->bundle.manifest.files.clear();
  EXPECT_EQ(loaded->bundle.manifest, bundle.manifest);
}

TEST_F(BundleTest, ItsDigestChangesWithAnyFile) {
  ASSERT_TRUE(save(some_bundle(), file()));
  const auto one = load(file())->digest;
  auto bundle = some_bundle();
  bundle.files["outputs/b.txt"].content += "more";
  ASSERT_TRUE(save(bundle, file()));
  EXPECT_NE(one, load(file())->digest);
}

TEST_F(BundleTest, RefusesWhatTheManifestDoesNotSay) {
  EXPECT_EQ(refusal([](Members& members) { members.erase("manifest.json"); }),
            "manifest.json lacks");
  EXPECT_EQ(refusal([](Members& members) { members.erase("outputs/b.txt"); }),
            "outputs/b.txt lacks");
  EXPECT_EQ(refusal([](Members& members) { members["outputs/b.txt"].content = "sayd\n"; }),
            "outputs/b.txt is not what the manifest says it is");
  EXPECT_EQ(refusal([](Members& members) { members["more"].content = "x"; }),
            "the manifest does not have more");
}

TEST_F(BundleTest, RefusesAManifestThatIsNone) {
  const auto with = [this](const std::string& text) {
    return refusal([&](Members& members) { members["manifest.json"].content = text; });
  };
  EXPECT_EQ(with(R"({"kmatrix_bundle": 2})"),
            "manifest.json: it has format 2, and this kmatrix knows up to 1");
  EXPECT_NE(with("{").find("parse error"), std::string::npos);
  EXPECT_NE(with("[]").find("manifest.json: "), std::string::npos);
  EXPECT_NE(with(R"({"kmatrix_bundle": "1"})").find("type must be number"), std::string::npos);
  EXPECT_NE(with(R"({"kmatrix_bundle": 1})").find("key 'kmatrix_version' not found"),
            std::string::npos);
  EXPECT_NE(with(std::string(100'000, '[')).find("manifest.json: "), std::string::npos);
}

TEST_F(BundleTest, RefusesAnExperimentThatNamesWhatIsNotInTheBundle) {
  EXPECT_EQ(refusal_of_experiment("suites: {a: {files: [files/a], fragments: tree:x/config}}\n"),
            "");
  EXPECT_EQ(refusal_of_experiment("trees: {a: {git: 'https://example.org/linux', revision: v1}}\n"),
            "");
  const std::string end = ", which is not in the bundle";
  EXPECT_EQ(refusal_of_experiment("suites: {a: {files: [files/a, /etc/shadow]}}\n"),
            "experiment.yaml names '/etc/shadow'" + end);
  EXPECT_EQ(refusal_of_experiment("series: {a: {patches: {v1: ../../x}}}\n"),
            "experiment.yaml names '../../x'" + end);
  EXPECT_EQ(refusal_of_experiment("configs: {a: {fragments: kmatrix:fragments/bpf.config}}\n"),
            "experiment.yaml names 'kmatrix:fragments/bpf.config'" + end);
  EXPECT_EQ(refusal_of_experiment("trees: {a: {folder: /home/me/linux}}\n"),
            "experiment.yaml names '/home/me/linux'" + end);
  EXPECT_EQ(refusal_of_experiment("trees: {a: {git: /home/me/linux, revision: v1}}\n"),
            "experiment.yaml names '/home/me/linux'" + end);
  EXPECT_EQ(refusal_of_experiment("trees: {a: {git: 'ext::sh -c x', revision: v1}}\n"),
            "experiment.yaml names 'ext::sh -c x'" + end);
  EXPECT_NE(refusal_of_experiment("a: [\n"), "");
}

TEST_F(BundleTest, UnpacksTwiceIntoOneFolderAndKeepsWhatElseIsThere) {
  ASSERT_TRUE(save(some_bundle(), file()));
  const auto loaded = load(file());
  const auto folder = folder_.path() / "unpacked";
  ASSERT_TRUE(unpack(*loaded, folder));
  ASSERT_TRUE(support::make_folders(folder / "trees/v6.12"));
  ASSERT_TRUE(support::write_file(folder / "outputs/b.txt", "changed"));
  ASSERT_TRUE(unpack(*loaded, folder));
  EXPECT_EQ(*support::read_file(folder / "outputs/b.txt"), "said\n");
  EXPECT_TRUE(fs::exists(folder / "trees/v6.12"));
  EXPECT_FALSE(fs::exists(folder / "manifest.json"));
  const auto mode = fs::status(folder / "files/run.sh").permissions();
  EXPECT_NE(mode & fs::perms::owner_exec, fs::perms::none);
}

TEST_F(BundleTest, DoesNotWriteThroughALinkThatSomebodyPutThere) {
  ASSERT_TRUE(save(some_bundle(), file()));
  const auto folder = folder_.path() / "unpacked";
  const auto victim = folder_.path() / "victim";
  ASSERT_TRUE(support::make_folders(folder));
  ASSERT_TRUE(support::write_file(victim, "mine"));
  fs::create_symlink(victim, folder / "experiment.yaml");
  ASSERT_TRUE(unpack(*load(file()), folder));
  EXPECT_EQ(*support::read_file(victim), "mine");
}

}  // namespace
}  // namespace kmatrix::bundle
