// SPDX-License-Identifier: GPL-2.0-or-later
#include "image/image_store.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "image/test_tar.h"
#include "support/file.h"

namespace kmatrix::image {
namespace {

namespace fs = std::filesystem;
using support::TempFolder;

/// apt and mmdebstrap without a network; everything else is real.
class OfflineRunner : public support::ProcessRunner {
 public:
  Result<support::Exit> run(const support::Command& command) override {
    const auto& argv = command.argv;
    ran.push_back(argv.front());
    if (argv.front() == "apt-get")
      return support::Exit{
          .output = "Packages|Debian|Debian|bookworm|oldstable|http://mirror.example/debian/\n"};
    if (argv.front() == "apt-config") return support::Exit{};
    if (argv.front() != "mmdebstrap") return real_.run(command);
    bootstrap = argv;
    if (!mmdebstrap_says.empty()) return support::Exit{.code = 25, .output = mmdebstrap_says};
    write_tar(argv[argv.size() - 2], {{"bin", AE_IFDIR, 0755, ""},
                                      {"bin/dash", AE_IFREG, 0755, "the shell"},
                                      {"usr", AE_IFDIR, 0755, ""},
                                      {"usr/doc", AE_IFREG, 0644, "long"}});
    return support::Exit{};
  }

  std::vector<std::string> ran, bootstrap;
  std::string mmdebstrap_says;

 private:
  support::BoostProcessRunner real_;
};

class ImageStoreTest : public testing::Test {
 protected:
  ImageStoreTest() : folder_(TempFolder::create(testing::TempDir(), "store").value()) {
    recipe_.name = "guest";
    recipe_.arch = "arm64";
    recipe_.suite = "bookworm";
    recipe_.packages = {"dash", "sed"};
    recipe_.remove = {"usr/doc"};
    recipe_.links = {{"bin/sh", "dash"}};
    recipe_.digest = support::digest_of("recipe");
    write("agent", "agent 1");
  }

  void write(const std::string& path, const std::string& content) {
    ASSERT_TRUE(support::write_file(folder_.path() / path, content).has_value());
  }
  ImageStore store(const std::string& cache = "cache") {
    return ImageStore(
        folder_.path() / cache, runner_, [this](const std::string& line) { said_ += line + '\n'; },
        stop_.get_token());
  }
  fs::path root_disk(const std::string& cache = "cache") {
    const auto disk = store(cache).root_disk(recipe_, folder_.path() / "agent");
    EXPECT_TRUE(disk.has_value()) << to_string(disk.error());
    return disk.value_or(fs::path());
  }
  fs::path cell_disk(const std::vector<DiskItem>& items, const std::string& cache = "cache") {
    const auto disk = store(cache).cell_disk(items, "a cell");
    EXPECT_TRUE(disk.has_value()) << to_string(disk.error());
    return disk.value_or(fs::path());
  }
  /// Unpacks a disk into a new folder.
  fs::path content(const fs::path& disk) {
    const fs::path folder = folder_.path() / ("content" + std::to_string(++contents_));
    const auto done = support::run_checked(
        real_, {.argv = {"fsck.erofs", "--extract=" + folder.string(), disk.string()}});
    EXPECT_TRUE(done.has_value()) << to_string(done.error());
    return folder;
  }
  static std::string text(const fs::path& file) {
    return support::read_file(file).value_or("cannot read " + file.string());
  }
  std::size_t times_ran(const std::string& program) const {
    return static_cast<std::size_t>(std::count(runner_.ran.begin(), runner_.ran.end(), program));
  }

  TempFolder folder_;
  OfflineRunner runner_;
  support::BoostProcessRunner real_;
  std::stop_source stop_;
  Recipe recipe_;
  std::string said_;
  int contents_ = 0;
};

TEST_F(ImageStoreTest, MakesARootDiskOfPackagesRecipeAndAgent) {
  const fs::path folder = content(root_disk());
  EXPECT_EQ(text(folder / "bin/dash"), "the shell");
  EXPECT_EQ(fs::read_symlink(folder / "bin/sh"), "dash");
  EXPECT_EQ(text(folder / "sbin/kmatrix-agent"), "agent 1");
  EXPECT_FALSE(fs::exists(folder / "usr/doc"));
}

TEST_F(ImageStoreTest, AsksTheMachinesMirrorForTheRecipesPackages) {
  root_disk();
  const auto& argv = runner_.bootstrap;
  const auto has = [&argv](const std::string& argument) {
    return std::find(argv.begin(), argv.end(), argument) != argv.end();
  };
  EXPECT_TRUE(has("--arch=arm64"));
  EXPECT_TRUE(has("--variant=extract"));
  EXPECT_TRUE(has("--include=dash,sed"));
  EXPECT_TRUE(has("bookworm"));
  EXPECT_EQ(argv.back(), "http://mirror.example/debian/");
}

TEST_F(ImageStoreTest, UnpacksAToolchainOnce) {
  recipe_.foreign = {"armhf"};
  auto images = store();
  EXPECT_FALSE(images.has_packages(recipe_));
  const auto made = images.toolchain(recipe_);
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(text(made->folder / "bin/dash"), "the shell");
  EXPECT_EQ(made->content.hex.size(), 64U);
  const auto& argv = runner_.bootstrap;
  EXPECT_EQ(std::count(argv.begin(), argv.end(), "--arch=arm64,armhf"), 1);
  EXPECT_TRUE(images.has_packages(recipe_));
  EXPECT_EQ(images.toolchain(recipe_)->content, made->content);
  EXPECT_EQ(times_ran("mmdebstrap"), 1U);
}

TEST_F(ImageStoreTest, DoesNothingTheSecondTime) {
  const fs::path disk = root_disk();
  runner_.ran.clear();
  said_.clear();
  EXPECT_EQ(root_disk(), disk);
  EXPECT_TRUE(runner_.ran.empty());
  EXPECT_EQ(said_, "");
}

TEST_F(ImageStoreTest, FetchesNothingForANewAgent) {
  const fs::path before = root_disk();
  write("agent", "agent 2");
  const fs::path after = root_disk();
  EXPECT_NE(before, after);
  EXPECT_EQ(times_ran("mmdebstrap"), 1U);
  EXPECT_EQ(text(content(before) / "sbin/kmatrix-agent"), "agent 1");
  EXPECT_EQ(text(content(after) / "sbin/kmatrix-agent"), "agent 2");
}

TEST_F(ImageStoreTest, FetchesAgainForAnotherRecipe) {
  const fs::path before = root_disk();
  recipe_.digest = support::digest_of("another recipe");
  recipe_.links = {{"bin/ash", "dash"}};
  EXPECT_NE(root_disk(), before);
  EXPECT_EQ(times_ran("mmdebstrap"), 2U);
}

TEST_F(ImageStoreTest, GivesTheSameBytesInEveryCache) {
  const fs::path one = root_disk("one"), two = root_disk("two");
  EXPECT_NE(one, two);
  EXPECT_EQ(one.filename(), two.filename());
  EXPECT_EQ(support::digest_file(one).value(), support::digest_file(two).value());
}

TEST_F(ImageStoreTest, ShowsWhatMmdebstrapSaidLast) {
  runner_.mmdebstrap_says = "a long story\nE: Could not resolve 'mirror.example'\n";
  const auto disk = store().root_disk(recipe_, folder_.path() / "agent");
  ASSERT_FALSE(disk.has_value());
  EXPECT_EQ(disk.error().kind, ErrorKind::infrastructure);
  EXPECT_NE(disk.error().message.find("Could not resolve"), std::string::npos);
  EXPECT_NE(disk.error().hint.find("apt-get update"), std::string::npos);
  EXPECT_TRUE(fs::is_empty(folder_.path() / "cache/tmp"));
  runner_.mmdebstrap_says.clear();
  root_disk();
}

TEST_F(ImageStoreTest, PutsFilesAndFoldersOnACellDisk) {
  write("modules/lib/modules/6.12/a.ko", "module");
  write("script", "#!/bin/sh\n");
  const fs::path folder = content(cell_disk(
      {{folder_.path() / "modules", "modules"}, {folder_.path() / "script", "bin/deep/script"}}));
  EXPECT_EQ(text(folder / "modules/lib/modules/6.12/a.ko"), "module");
  EXPECT_EQ(text(folder / "bin/deep/script"), "#!/bin/sh\n");
}

TEST_F(ImageStoreTest, KnowsAnUnchangedCellWithoutReadingIt) {
  write("modules/a.ko", "module");
  const std::vector<DiskItem> items = {{folder_.path() / "modules", "modules"}};
  const fs::path disk = cell_disk(items);
  runner_.ran.clear();
  EXPECT_EQ(cell_disk(items), disk);
  EXPECT_TRUE(runner_.ran.empty());
}

TEST_F(ImageStoreTest, MakesAnotherDiskWhenAFileChanges) {
  write("modules/a.ko", "module");
  const std::vector<DiskItem> items = {{folder_.path() / "modules", "modules"}};
  const fs::path before = cell_disk(items);
  write("modules/a.ko", "MODULE");
  const fs::path after = cell_disk(items);
  EXPECT_NE(before, after);
  EXPECT_EQ(text(content(after) / "modules/a.ko"), "MODULE");
  fs::remove(after);
  EXPECT_TRUE(fs::exists(cell_disk(items))) << "a disk that was removed is made again";
}

TEST_F(ImageStoreTest, GivesTheSameDiskToTheSameContentElsewhere) {
  write("here/a", "x");
  write("here/b/c", "y");
  write("there/b/c", "y");
  write("there/a", "x");
  fs::permissions(folder_.path() / "there/a", fs::perms(0600));
  fs::last_write_time(folder_.path() / "there/a", fs::file_time_type(std::chrono::hours(1)));
  const fs::path one = cell_disk({{folder_.path() / "here", "d"}}, "one");
  const fs::path two = cell_disk({{folder_.path() / "there", "d"}}, "two");
  EXPECT_EQ(one.filename(), two.filename());
  EXPECT_EQ(support::digest_file(one).value(), support::digest_file(two).value());
}

TEST_F(ImageStoreTest, RefusesItemsThatItCannotPlace) {
  write("file", "x");
  for (const char* to : {"", "/a", "../a", "a/../../b"})
    EXPECT_FALSE(store().cell_disk({{folder_.path() / "file", to}}, "a cell").has_value()) << to;
  const auto missing = store().cell_disk({{folder_.path() / "none", "a"}}, "a cell");
  ASSERT_FALSE(missing.has_value());
  EXPECT_NE(missing.error().message.find("none"), std::string::npos);
  EXPECT_FALSE(
      store()
          .cell_disk({{folder_.path() / "file", "a"}, {folder_.path() / "file", "a"}}, "a cell")
          .has_value());
}

TEST_F(ImageStoreTest, StopsWhenItIsAskedTo) {
  stop_.request_stop();
  write("file", "x");
  const auto disk = store().cell_disk({{folder_.path() / "file", "a"}}, "a cell");
  ASSERT_FALSE(disk.has_value());
  EXPECT_EQ(disk.error().kind, ErrorKind::interrupted);
  EXPECT_TRUE(fs::is_empty(folder_.path() / "cache/tmp"));
}

}  // namespace
}  // namespace kmatrix::image
