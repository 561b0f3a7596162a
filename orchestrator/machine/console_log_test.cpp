// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/console_log.h"

#include <gtest/gtest.h>

#include "support/file.h"

namespace kmatrix::machine {
namespace {

class ConsoleLogTest : public testing::Test {
 protected:
  support::TempFolder folder_ = *support::TempFolder::create(testing::TempDir(), "log");
  std::filesystem::path file_ = folder_.path() / "a" / "console.log";
  std::string content() const { return *support::read_file(file_); }
};

TEST_F(ConsoleLogTest, CanBeReadWhileItIsWritten) {
  auto log = ConsoleLog::create(file_);
  ASSERT_TRUE(log);
  EXPECT_TRUE(log->write("one"));
  EXPECT_EQ(content(), "one");
  EXPECT_TRUE(log->write(" two"));
  EXPECT_EQ(content(), "one two");
}

TEST_F(ConsoleLogTest, SaysOnceThatItIsFull) {
  auto log = ConsoleLog::create(file_, 4);
  ASSERT_TRUE(log);
  EXPECT_TRUE(log->write("123"));
  EXPECT_TRUE(log->write("456"));
  EXPECT_TRUE(log->write("7"));
  EXPECT_EQ(content(),
            "1234\n[kmatrix: the console said more than this file may hold; the rest is left "
            "out]\n");
}

TEST_F(ConsoleLogTest, SaysWhichFileItCannotWrite) {
  const auto log = ConsoleLog::create("/proc/no-such-file");
  ASSERT_FALSE(log);
  EXPECT_NE(log.error().message.find("/proc/no-such-file"), std::string::npos);
}

TEST_F(ConsoleLogTest, ReportsAFullDisk) {
  auto log = ConsoleLog::create("/dev/full");
  ASSERT_TRUE(log);
  EXPECT_FALSE(log->write("x"));
}

}  // namespace
}  // namespace kmatrix::machine
