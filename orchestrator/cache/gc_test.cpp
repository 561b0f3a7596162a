// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache/gc.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "cache/memo_file.h"
#include "cache/verify.h"
#include "cache/work_folder.h"
#include "support/file.h"

namespace kmatrix::cache {
namespace {

namespace fs = std::filesystem;

ListedEntry listed(const std::string& kind, const std::string& name, std::uint64_t bytes,
                   std::int64_t used_s, bool in_use = false) {
  ListedEntry entry;
  entry.entry = {kind, name};
  entry.bytes = bytes;
  entry.used_s = used_s;
  entry.in_use = in_use;
  return entry;
}

std::vector<std::string> names(const std::vector<ListedEntry>& entries) {
  std::vector<std::string> all;
  for (const auto& each : entries) all.push_back(each.entry.name);
  return all;
}

TEST(ChooseGarbage, TakesTheLongestUnusedFirstAndStopsWhenThereIsRoom) {
  Inventory inventory;
  inventory.entries = {listed("kernels", "new", 10, 30), listed("disks", "old", 10, 10),
                       listed("kernels", "middle", 10, 20)};
  inventory.others = {{"ccache", 5}};
  inventory.bytes = 35;
  using Names = std::vector<std::string>;
  EXPECT_EQ(names(choose_garbage(inventory, 35)), Names{});
  EXPECT_EQ(names(choose_garbage(inventory, 34)), (Names{"old"}));
  EXPECT_EQ(names(choose_garbage(inventory, 20)), (Names{"old", "middle"}));
  EXPECT_EQ(names(choose_garbage(inventory, 0)), (Names{"old", "middle", "new"}));
}

TEST(ChooseGarbage, LeavesWhatIsInUse) {
  Inventory inventory;
  inventory.entries = {listed("kernels", "used", 10, 1, true), listed("kernels", "free", 10, 2)};
  inventory.bytes = 20;
  EXPECT_EQ(names(choose_garbage(inventory, 0)), (std::vector<std::string>{"free"}));
}

TEST(ChooseGarbage, TakesAPatchedCopyBeforeItsTree) {
  Inventory inventory;
  inventory.entries = {listed("trees", "a", 10, 5), listed("sources", "z", 10, 5)};
  inventory.bytes = 20;
  EXPECT_EQ(names(choose_garbage(inventory, 0)), (std::vector<std::string>{"z", "a"}));
}

class CollectTest : public testing::Test {
 protected:
  CollectTest() : folder_(*support::TempFolder::create(testing::TempDir(), "gc")) {}

  void add(const std::string& name, std::time_t used) {
    Making making;
    making.label = name;
    making.make = [](const fs::path&, const fs::path& into) {
      return support::write_file(into / "file", std::string(100'000, 'x'));
    };
    // An object of its own, which lets go of the entry.
    ASSERT_TRUE(Cache(cache_, {}, {}).get({"kernels", name}, making));
    const timespec times[] = {{used, 0}, {used, 0}};
    utimensat(AT_FDCWD, seal_file(cache_, {"kernels", name}).c_str(), times, 0);
  }
  bool has(const std::string& name) { return fs::exists(cache_ / "kernels" / name); }
  Collected collect(std::uint64_t keep, bool dry_run = false) {
    return collect_garbage(cache_, keep, dry_run, {}).value();
  }

  support::TempFolder folder_;
  fs::path cache_ = folder_.path() / "cache";
};

TEST_F(CollectTest, RemovesEntriesWithTheirSeals) {
  add("old", 1000);
  add("new", 2000);
  const auto all = take_inventory(cache_, {}).value();
  ASSERT_EQ(all.entries.size(), 2U);
  EXPECT_EQ(all.entries[0].label, "old");
  EXPECT_EQ(all.entries[0].used_s, 1000);
  const auto would = collect(all.bytes - 1, true);
  EXPECT_EQ(names(would.removed), (std::vector<std::string>{"old"}));
  EXPECT_TRUE(has("old"));
  const auto done = collect(all.bytes - 1);
  EXPECT_EQ(names(done.removed), (std::vector<std::string>{"old"}));
  EXPECT_EQ(done.freed, would.freed);
  EXPECT_GE(done.freed, 100'000U);
  EXPECT_FALSE(has("old"));
  EXPECT_FALSE(fs::exists(seal_file(cache_, {"kernels", "old"})));
  EXPECT_TRUE(has("new"));
  EXPECT_LE(take_inventory(cache_, {}).value().bytes, all.bytes - 100'000);
}

TEST_F(CollectTest, LeavesWhatAnotherUsesAndTakesItLater) {
  add("used", 1000);
  {
    Cache user(cache_, {}, {});
    ASSERT_TRUE(user.keep({"kernels", "used"}).value());
    const auto all = collect(0);
    EXPECT_TRUE(all.removed.empty());
    EXPECT_GE(all.in_use, 100'000U);
    EXPECT_TRUE(has("used"));
  }
  EXPECT_EQ(collect(0).removed.size(), 1U);
  EXPECT_FALSE(has("used"));
}

TEST_F(CollectTest, AUseMakesAnEntryYoung) {
  add("a", 1000);
  add("b", 2000);
  ASSERT_TRUE(Cache(cache_, {}, {}).keep({"kernels", "a"}).value());
  const auto all = take_inventory(cache_, {}).value();
  EXPECT_EQ(all.entries[0].entry.name, "b");
  EXPECT_GT(all.entries[1].used_s, 1'000'000'000);
}

TEST_F(CollectTest, RemovesMirrorsOfGitRepositories) {
  ASSERT_TRUE(support::write_file(cache_ / "git/0123456789abcdef.git/HEAD", "ref: x\n"));
  {
    InUse user(cache_);
    ASSERT_TRUE(user.share("git/0123456789abcdef.git"));
    EXPECT_TRUE(collect(0).removed.empty());
  }
  EXPECT_EQ(verify(cache_, [](const Entry&) {}, {}).value().unsealed, 0);
  EXPECT_EQ(names(collect(0).removed), (std::vector<std::string>{"0123456789abcdef.git"}));
  EXPECT_FALSE(fs::exists(cache_ / "git/0123456789abcdef.git"));
}

TEST_F(CollectTest, RemovesWhatDeadProcessesLeftAndNothingOfLivingOnes) {
  ASSERT_TRUE(support::write_file(cache_ / "tmp/kernels-dead/build/a.o", "x"));
  ASSERT_TRUE(support::write_file(cache_ / "tmp/kernels-dead/.kmatrix.lock", ""));
  ASSERT_TRUE(support::make_folders(cache_ / "tmp/young-without-lock"));
  ASSERT_TRUE(support::make_folders(cache_ / "tmp/old-without-lock"));
  const timespec old[] = {{1000, 0}, {1000, 0}};
  utimensat(AT_FDCWD, (cache_ / "tmp/old-without-lock").c_str(), old, 0);
  const auto living_lock = support::FileLock::take(cache_ / "tmp/kernels-alive/.kmatrix.lock");
  ASSERT_TRUE(living_lock);
  EXPECT_EQ(collect(1 << 30, true).leftovers.size(), 2U);
  EXPECT_TRUE(fs::exists(cache_ / "tmp/kernels-dead"));
  EXPECT_EQ(collect(1 << 30).leftovers.size(), 2U);
  EXPECT_FALSE(fs::exists(cache_ / "tmp/kernels-dead"));
  EXPECT_FALSE(fs::exists(cache_ / "tmp/old-without-lock"));
  EXPECT_TRUE(fs::exists(cache_ / "tmp/young-without-lock"));
  EXPECT_TRUE(fs::exists(cache_ / "tmp/kernels-alive"));
}

TEST_F(CollectTest, AWorkFolderIsGoneWithItsObject) {
  fs::path path;
  {
    const auto work = WorkFolder::create(cache_, "x-");
    ASSERT_TRUE(work);
    path = work->path();
    const auto other = WorkFolder::create(cache_, "x-");
    EXPECT_TRUE(fs::exists(path)) << "the next one removed it";
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(CollectTest, AMissingCacheIsEmpty) {
  EXPECT_EQ(collect(0).before, 0U);
  EXPECT_FALSE(fs::exists(cache_));
  EXPECT_EQ(verify(cache_, [](const Entry&) {}, {}).value().entries, 0U);
}

TEST_F(CollectTest, VerifyFindsFlippedBitsAndRemovesTheEntry) {
  add("good", 1000);
  add("bad", 1000);
  ASSERT_TRUE(write_memo(cache_ / "recipes/r.json", "{}"));
  ASSERT_TRUE(support::write_file(cache_ / "recipes/old.json", "{}"));
  const auto nothing = [](const Entry&) {};
  auto verified = verify(cache_, nothing, {}).value();
  EXPECT_EQ(verified.entries, 2U);
  EXPECT_EQ(verified.memos, 1U);
  EXPECT_TRUE(verified.damaged.empty());

  const fs::path file = cache_ / "kernels/bad/file";
  struct stat status {};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  const int fd = open(file.c_str(), O_RDWR);
  ASSERT_EQ(pwrite(fd, "y", 1, 5000), 1);
  const timespec times[] = {status.st_atim, status.st_mtim};
  futimens(fd, times);
  close(fd);
  auto memo = *support::read_file(cache_ / "recipes/r.json");
  memo[0] = '[';
  ASSERT_TRUE(support::write_file(cache_ / "recipes/r.json", memo));
  {
    Cache user(cache_, {}, {});
    ASSERT_TRUE(user.keep({"kernels", "bad"}).value());
    verified = verify(cache_, nothing, {}).value();
    ASSERT_EQ(verified.damaged.size(), 2U);
    EXPECT_EQ(verified.damaged[0].damage, "file has another content");
    EXPECT_FALSE(verified.damaged[0].removed) << "it is in use";
    EXPECT_TRUE(verified.damaged[1].removed);
  }
  EXPECT_TRUE(verify(cache_, nothing, {}).value().damaged.at(0).removed);
  EXPECT_FALSE(has("bad"));
  EXPECT_TRUE(has("good"));
  EXPECT_TRUE(verify(cache_, nothing, {}).value().damaged.empty());
}

}  // namespace
}  // namespace kmatrix::cache
