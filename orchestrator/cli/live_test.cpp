// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/live.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/file.h"

namespace kmatrix::cli {
namespace {

using report::Tone;
using support::Seconds;

class FakeClock : public support::Clock {
 public:
  std::chrono::steady_clock::time_point now() const override {
    return std::chrono::steady_clock::time_point(passed);
  }
  std::chrono::system_clock::time_point wall() const override {
    return std::chrono::system_clock::time_point(std::chrono::hours(500000) + passed);
  }
  std::chrono::milliseconds passed{0};
};

class Live : public testing::Test {
 protected:
  void SetUp() override {
    auto made = support::TempFolder::create(testing::TempDir(), "live");
    ASSERT_TRUE(made);
    folder_ = std::make_unique<support::TempFolder>(std::move(*made));
  }
  std::filesystem::path folder() const { return folder_->path() / "7"; }
  bool has(const char* name) const { return std::filesystem::exists(folder() / name); }

  std::unique_ptr<support::TempFolder> folder_;
  FakeClock clock_;
};

BoardState live_state() {
  BoardState state;
  state.done = 3;
  state.failed = 1;
  state.total = 8;
  state.elapsed = Seconds(250.5);
  state.left = Seconds(30);
  state.builds.push_back({"v6.12/base/clang-cfi", 412, 677, Seconds(125)});
  state.boots.push_back({"cell", "a\xFF", 1, 2, Seconds(31)});
  return state;
}

TEST_F(Live, ABoardIsReadWithItsTimesAsTheyAreNow) {
  LiveWriter writer(folder(), clock_);
  const LiveReader reader(folder());
  EXPECT_FALSE(reader.board(clock_.wall()));
  writer.board(live_state);
  const auto read = reader.board(clock_.wall() + std::chrono::seconds(4));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->done, 3U);
  EXPECT_EQ(read->failed, 1U);
  EXPECT_EQ(read->total, 8U);
  EXPECT_DOUBLE_EQ(read->elapsed.count(), 254.5);
  EXPECT_DOUBLE_EQ(read->left->count(), 26);
  ASSERT_EQ(read->builds.size(), 1U);
  EXPECT_EQ(read->builds[0].kernel, "v6.12/base/clang-cfi");
  EXPECT_EQ(read->builds[0].objects, 412);
  EXPECT_EQ(read->builds[0].expected, 677);
  EXPECT_DOUBLE_EQ(read->builds[0].since.count(), 129);
  ASSERT_EQ(read->boots.size(), 1U);
  EXPECT_EQ(read->boots[0].case_name, "a\xEF\xBF\xBD");
  EXPECT_EQ(read->boots[0].total, 2U);
  // A clock that goes otherwise takes no time away.
  EXPECT_DOUBLE_EQ(reader.board(clock_.wall() - std::chrono::hours(9))->elapsed.count(), 250.5);
}

TEST_F(Live, ABoardIsWrittenAtMostOnceASecondAndGoneAtTheEnd) {
  {
    LiveWriter writer(folder(), clock_);
    int asked = 0;
    const auto state = [&] {
      ++asked;
      return live_state();
    };
    for (int i = 0; i < 10; ++i) {
      writer.board(state);
      clock_.passed += std::chrono::milliseconds(250);
    }
    EXPECT_EQ(asked, 3);
    EXPECT_TRUE(has("live.json"));
  }
  EXPECT_FALSE(has("live.json"));
  EXPECT_TRUE(has("progress.jsonl"));
}

TEST_F(Live, WhatAKilledProcessLeftIsGoneWithTheNext) {
  ASSERT_TRUE(support::write_file(folder() / "live.json", "{}"));
  const LiveWriter writer(folder(), clock_);
  EXPECT_FALSE(has("live.json"));
}

TEST_F(Live, LinesComeOnceWithTheirTones) {
  LiveWriter writer(folder(), clock_);
  LiveReader reader(folder());
  EXPECT_TRUE(reader.new_lines().empty());
  writer.line({"==> note"});
  writer.line({"[1/8] ", "failed     ", " cell", Tone::bad});
  const auto lines = reader.new_lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(to_text(lines[0], true), "==> note");
  EXPECT_EQ(to_text(lines[1], true), "[1/8] \x1b[31mfailed     \x1b[0m cell");
  EXPECT_EQ(to_text(lines[1], false), "[1/8] failed      cell");
  EXPECT_TRUE(reader.new_lines().empty());
  writer.line({"more"});
  EXPECT_EQ(reader.new_lines().size(), 1U);
}

TEST_F(Live, AnEndIsThatOfTheLastProcess) {
  LiveReader reader(folder());
  LiveWriter(folder(), clock_).end(130, "interrupted");
  reader.new_lines();
  ASSERT_TRUE(reader.end());
  EXPECT_EQ(reader.end()->exit_code, 130);
  EXPECT_EQ(reader.end()->error, "interrupted");
  LiveWriter again(folder(), clock_);
  again.line({"==> goes on"});
  reader.new_lines();
  EXPECT_FALSE(reader.end());
  again.end(0, "");
  reader.new_lines();
  ASSERT_TRUE(reader.end());
  EXPECT_EQ(reader.end()->exit_code, 0);
}

TEST_F(Live, DamagedFilesAreAsIfTheyWereNotThere) {
  LiveReader reader(folder());
  for (const auto* text : {"", "{", "[]", "{}", R"({"at":"x"})", R"({"at":1,"done":-1})"}) {
    ASSERT_TRUE(support::write_file(folder() / "live.json", text));
    EXPECT_FALSE(reader.board(clock_.wall())) << text;
  }
  ASSERT_TRUE(support::write_file(folder() / "progress.jsonl",
                                  "{\n[1]\n{\"text\":5}\n{\"exit_code\":\"x\"}\n\xFF\n"
                                  "{\"text\":\"a\\u001b[2J\"}\n{\"text\":\"not whole"));
  const auto lines = reader.new_lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(to_text(lines[0], false), "a\\x1b[2J");
  EXPECT_FALSE(reader.end());
}

TEST_F(Live, AFolderThatCannotBeWrittenIsNoMatter) {
  LiveWriter writer("/proc/no-such-folder", clock_);
  writer.line({"a"});
  writer.board(live_state);
  writer.end(0, "");
}

}  // namespace
}  // namespace kmatrix::cli
