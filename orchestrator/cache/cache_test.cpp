// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache/cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "cache/wait_lock.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::cache {
namespace {

namespace fs = std::filesystem;

const Entry kernel_entry{"kernels", "0123456789abcdef"};

class CacheTest : public testing::Test {
 protected:
  CacheTest() : folder_(*support::TempFolder::create(testing::TempDir(), "cache")) {
    making_.label = "v6.12/base";
    making_.depth = Depth::read;
    making_.make = [this](const fs::path&, const fs::path& into) -> Status {
      ++made_;
      KMATRIX_TRY(support::write_file(into / "Image", std::string(5000, 'i')));
      return support::write_file(into / "deep/module.ko", "module");
    };
  }
  /// As a new process would.
  Result<Found> get() {
    said_.clear();
    return Cache(cache_, say_, {}).get(kernel_entry, making_);
  }
  fs::path image() { return cache_ / "kernels" / kernel_entry.name / "Image"; }
  void expect_made_again(const std::string& because) {
    const auto found = get();
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_TRUE(found->made);
    EXPECT_EQ(found->damage, because);
    ASSERT_EQ(said_.size(), 1U);
    EXPECT_EQ(said_[0], "kernels/0123456789ab (v6.12/base) in the cache is damaged: " + because +
                            "; it is made again");
    EXPECT_EQ(support::read_file(image())->size(), 5000U);
    EXPECT_FALSE(get()->made) << "once is enough";
    EXPECT_TRUE(fs::is_empty(cache_ / "tmp"));
  }

  support::TempFolder folder_;
  fs::path cache_ = folder_.path() / "cache";
  Making making_;
  int made_ = 0;
  std::vector<std::string> said_;
  Cache::Say say_ = [this](const std::string& line) { said_.push_back(line); };
};

TEST_F(CacheTest, MakesAnEntryOnce) {
  const auto first = get();
  ASSERT_TRUE(first) << to_string(first.error());
  EXPECT_TRUE(first->made);
  EXPECT_EQ(first->path, cache_ / "kernels" / kernel_entry.name);
  EXPECT_FALSE(get()->made);
  EXPECT_EQ(made_, 1);
  EXPECT_TRUE(said_.empty());
  EXPECT_TRUE(fs::is_empty(cache_ / "tmp"));
}

TEST_F(CacheTest, AFailedMakingLeavesNothing) {
  making_.make = [](const fs::path& scratch, const fs::path& into) -> Status {
    (void)support::write_file(scratch / "x", "x");
    (void)support::write_file(into / "half", "x");
    return support::input_error("no");
  };
  EXPECT_EQ(get().error().message, "no");
  EXPECT_TRUE(fs::is_empty(cache_ / "tmp"));
  EXPECT_FALSE(fs::exists(cache_ / "kernels" / kernel_entry.name));
  EXPECT_FALSE(fs::exists(seal_file(cache_, kernel_entry)));
}

TEST_F(CacheTest, MakesATruncatedEntryAgain) {
  ASSERT_TRUE(get());
  fs::resize_file(image(), 17);
  expect_made_again("Image has 17 bytes instead of 5000");
}

TEST_F(CacheTest, MakesAnEntryWithAFlippedBitAgain) {
  ASSERT_TRUE(get());
  struct stat status {};
  ASSERT_EQ(stat(image().c_str(), &status), 0);
  const int fd = open(image().c_str(), O_WRONLY);
  ASSERT_EQ(pwrite(fd, "h", 1, 4000), 1);
  const timespec times[] = {status.st_atim, status.st_mtim};
  ASSERT_EQ(futimens(fd, times), 0);
  close(fd);
  making_.depth = Depth::look;
  EXPECT_FALSE(get()->made) << "which is why disks and kernels are read";
  making_.depth = Depth::read;
  expect_made_again("Image has another content");
}

TEST_F(CacheTest, MakesAHalfDeletedEntryAgain) {
  ASSERT_TRUE(get());
  fs::remove_all(cache_ / "kernels" / kernel_entry.name / "deep");
  expect_made_again("deep/module.ko is missing");
}

TEST_F(CacheTest, MakesAnEntryWithADamagedSealAgain) {
  ASSERT_TRUE(get());
  fs::resize_file(seal_file(cache_, kernel_entry), 40);
  expect_made_again("its seal is damaged");
}

TEST_F(CacheTest, MakesAnUnreadableEntryAgain) {
  ASSERT_TRUE(get());
  // Root reads everything, so for a moment nobody runs this.
  const bool is_root = geteuid() == 0;
  if (is_root) {
    ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
    ASSERT_EQ(chown(cache_.c_str(), 65534, 65534), 0);
    for (const auto& each : fs::recursive_directory_iterator(cache_))
      ASSERT_EQ(lchown(each.path().c_str(), 65534, 65534), 0);
  }
  fs::permissions(image(), fs::perms::none);
  if (is_root) {
    ASSERT_EQ(seteuid(65534), 0);
  }
  expect_made_again("Image cannot be read");
  if (is_root) {
    ASSERT_EQ(seteuid(0), 0);
  }
}

TEST_F(CacheTest, AFullDiskLeavesNothingHalfDone) {
  // Files that may not grow fail like a full disk, in the middle of a write.
  struct sigaction ignore {
  }, before{};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGXFSZ, &ignore, &before);
  rlimit limit{}, small{};
  getrlimit(RLIMIT_FSIZE, &limit);
  for (const rlim_t bytes : {rlim_t(100), rlim_t(4999), rlim_t(5000)}) {
    // 5000: the entry itself has room, and then its seal has none.
    if (bytes == 5000)
      making_.make = [](const fs::path&, const fs::path& into) -> Status {
        for (int i = 0; i < 60; ++i)
          KMATRIX_TRY(support::write_file(into / std::to_string(i), "small"));
        return support::write_file(into / "Image", std::string(5000, 'i'));
      };
    small = limit;
    small.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &small);
    const auto found = get();
    setrlimit(RLIMIT_FSIZE, &limit);
    ASSERT_FALSE(found) << bytes;
    EXPECT_EQ(found.error().kind, ErrorKind::infrastructure);
    EXPECT_TRUE(fs::is_empty(cache_ / "tmp"));
    EXPECT_FALSE(fs::exists(cache_ / "kernels" / kernel_entry.name));
    EXPECT_FALSE(fs::exists(seal_file(cache_, kernel_entry)));
  }
  sigaction(SIGXFSZ, &before, nullptr);
  EXPECT_TRUE(get()->made);
}

TEST_F(CacheTest, AdoptsAnEntryOfAnEarlierVersion) {
  ASSERT_TRUE(get());
  fs::remove(seal_file(cache_, kernel_entry));
  EXPECT_FALSE(get()->made);
  EXPECT_TRUE(fs::exists(seal_file(cache_, kernel_entry)));
  fs::resize_file(image(), 17);
  expect_made_again("Image has 17 bytes instead of 5000");

  fs::remove(seal_file(cache_, kernel_entry));
  making_.adopt = [](const fs::path&) { return false; };
  expect_made_again("it is not whole");
}

TEST_F(CacheTest, MakesAgainWhatLacksSomethingForTheCaller) {
  ASSERT_TRUE(get());
  int asked = 0;
  making_.lacks = [&](const fs::path& path) -> std::string {
    ++asked;
    return fs::exists(path / "more") ? "" : "it has no more";
  };
  making_.make = [make = making_.make](const fs::path& scratch, const fs::path& into) {
    auto made = make(scratch, into);
    return made ? support::write_file(into / "more", "m") : made;
  };
  // If that comes to nothing, what there was is still there.
  const auto make = making_.make;
  making_.make = [](const fs::path&, const fs::path&) -> Status {
    return support::interrupted_error();
  };
  EXPECT_FALSE(get());
  EXPECT_TRUE(fs::exists(image()));
  making_.make = make;
  const auto found = get();
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_TRUE(found->made);
  EXPECT_EQ(found->damage, "it has no more");
  ASSERT_EQ(said_.size(), 1U);
  EXPECT_EQ(said_[0],
            "kernels/0123456789ab (v6.12/base) in the cache is not enough: it has no more; it is "
            "made again");
  EXPECT_FALSE(get()->made);
  EXPECT_GT(asked, 2);
}

TEST_F(CacheTest, TwoProcessesMakeAnEntryOnce) {
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      making_.make = [](const fs::path&, const fs::path& into) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        return support::write_file(into / "Image", std::to_string(getpid()));
      };
      const auto found = Cache(cache_, {}, {}).get(kernel_entry, making_);
      _exit(!found ? 2 : found->made ? 1 : 0);
    }
    children.push_back(child);
  }
  int made = 0;
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_NE(WEXITSTATUS(status), 2);
    made += WEXITSTATUS(status);
  }
  EXPECT_EQ(made, 1);
}

TEST_F(CacheTest, AKilledProcessLeavesNothingThatLasts) {
  const pid_t child = fork();
  if (child == 0) {
    making_.make = [](const fs::path&, const fs::path& into) -> Status {
      (void)support::write_file(into / "Image", "half");
      raise(SIGKILL);
      return {};
    };
    (void)Cache(cache_, {}, {}).get(kernel_entry, making_);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_FALSE(fs::is_empty(cache_ / "tmp"));
  EXPECT_TRUE(get()->made);
  EXPECT_TRUE(fs::is_empty(cache_ / "tmp"));
}

TEST_F(CacheTest, ChecksAnEntryOnceInAProcess) {
  Cache cache(cache_, say_, {});
  ASSERT_TRUE(cache.get(kernel_entry, making_));
  fs::resize_file(image(), 17);
  EXPECT_FALSE(cache.get(kernel_entry, making_)->made);
}

TEST_F(CacheTest, AStopEndsTheWaitForAnotherProcess) {
  const auto held = support::FileLock::take(cache_ / "locks/x");
  std::stop_source stop;
  bool waited = false;
  const auto lock = wait_for_lock(cache_ / "locks/x", stop.get_token(), [&] {
    waited = true;
    stop.request_stop();
  });
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().kind, ErrorKind::interrupted);
  EXPECT_TRUE(waited);
}

TEST_F(CacheTest, InUseTellsOthersFromOneself) {
  InUse one(cache_), two(cache_);
  EXPECT_FALSE(one.by_others("kernels/a").value());
  ASSERT_TRUE(one.share("kernels/a"));
  EXPECT_FALSE(one.by_others("kernels/a").value());
  EXPECT_TRUE(two.by_others("kernels/a").value());
  EXPECT_FALSE(two.by_others("kernels/b").value());
  EXPECT_FALSE(two.own("kernels/a").value());
  ASSERT_TRUE(two.share("kernels/a"));
  EXPECT_FALSE(one.own("kernels/a").value());
  ASSERT_TRUE(two.drop("kernels/a"));
  EXPECT_TRUE(one.own("kernels/a").value());
  ASSERT_TRUE(one.drop("kernels/a"));
  EXPECT_FALSE(two.by_others("kernels/a").value());
}

}  // namespace
}  // namespace kmatrix::cache
