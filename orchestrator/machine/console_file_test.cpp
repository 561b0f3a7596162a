// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/console_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "machine/event_loop.h"
#include "support/file.h"

namespace kmatrix::machine {
namespace {

using namespace std::chrono_literals;

class ConsoleFileTest : public testing::Test {
 protected:
  void SetUp() override {
    loop_->run([&] {
      source_ = std::move(*ConsoleFile::follow(file_, [this](std::string_view bytes) {
        const std::scoped_lock lock(mutex_);
        seen_ += bytes;
        arrived_.notify_all();
      }));
    });
  }
  void TearDown() override {
    loop_->run([&] { source_.reset(); });
  }
  void write(const std::string& text) { (writer_ << text).flush(); }
  bool wait_for(std::size_t size) {
    std::unique_lock lock(mutex_);
    return arrived_.wait_for(lock, 60s, [&] { return seen_.size() >= size; });
  }

  support::TempFolder folder_ = *support::TempFolder::create(testing::TempDir(), "console");
  std::filesystem::path file_ = folder_.path() / "console.log";
  std::ofstream writer_{file_, std::ios::app};
  std::shared_ptr<EventLoop> loop_ = EventLoop::shared();
  std::unique_ptr<ConsoleFile> source_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::string seen_;
};

TEST_F(ConsoleFileTest, DeliversWhatIsWrittenAsItComes) {
  std::string written;
  for (int i = 0; i < 50; ++i) {
    const std::string piece = "line " + std::to_string(i) + "\n";
    written += piece;
    write(piece);
    if (i % 10 == 0) {
      ASSERT_TRUE(wait_for(written.size()));
    }
  }
  ASSERT_TRUE(wait_for(written.size()));
  EXPECT_EQ(seen_, written);
}

TEST_F(ConsoleFileTest, DrainsTheRestAtTheEnd) {
  std::string rest(300'000, 'x');
  loop_->run([&] {
    write(rest);
    source_->drain();
  });
  EXPECT_EQ(seen_.size(), rest.size());
}

TEST_F(ConsoleFileTest, GivesBackTheSpaceOfWhatWasRead) {
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 32; ++i) write(piece);
  ASSERT_TRUE(wait_for(32 * piece.size()));
  struct stat status {};
  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_size, static_cast<off_t>(32 * piece.size()));
  EXPECT_LT(status.st_blocks * 512, static_cast<off_t>(4 * piece.size()));
}

TEST_F(ConsoleFileTest, IsSilentOnceClosed) {
  loop_->run([&] { source_->close(); });
  write("x");
  loop_->run([&] { source_->drain(); });
  EXPECT_EQ(seen_, "");
}

}  // namespace
}  // namespace kmatrix::machine
