// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/guest_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

namespace kmatrix::machine {
namespace {

/// What a wire holds and takes, and what is watched for (nullopt: nothing).
struct WireState {
  std::deque<std::string> arrived;  ///< "": the end
  std::string sent;
  std::size_t room = 0;  ///< for bytes to be sent
  std::optional<int> events;
  Wire::Ready ready;
};

class ScriptedWire : public Wire {
 public:
  explicit ScriptedWire(WireState& state) : state_(state) {}
  ~ScriptedWire() override { unwatch(); }
  int receive(std::span<char> into) override {
    if (state_.arrived.empty()) return would_block;
    const auto bytes = state_.arrived.front();
    state_.arrived.pop_front();
    std::copy(bytes.begin(), bytes.end(), into.begin());
    return static_cast<int>(bytes.size());
  }
  int send(std::string_view bytes) override {
    if (state_.room == 0) return would_block;
    const auto taken = std::min(bytes.size(), state_.room);
    state_.room -= taken;
    state_.sent += bytes.substr(0, taken);
    return static_cast<int>(taken);
  }
  bool watch(int events, Ready ready) override {
    state_.events = events;
    state_.ready = std::move(ready);
    return true;
  }
  void watch(int events) override { state_.events = events; }
  void unwatch() override { state_.events.reset(); }

 private:
  WireState& state_;
};

constexpr int readable = VIR_STREAM_EVENT_READABLE, writable = VIR_STREAM_EVENT_WRITABLE;

class GuestStreamTest : public testing::Test {
 protected:
  GuestStreamTest() { EXPECT_TRUE(stream_.start()); }
  void happens(int events) { wire_.ready(events); }

  WireState wire_;
  std::string seen_;
  GuestStream stream_{std::make_unique<ScriptedWire>(wire_),
                      [this](std::string_view bytes) { seen_ += bytes; }};
};

TEST_F(GuestStreamTest, DeliversUntilTheEndAndThenWatchesNoMore) {
  wire_.arrived = {"one ", "two"};
  happens(readable);
  happens(readable);
  EXPECT_EQ(seen_, "one two");
  EXPECT_EQ(wire_.events, readable);
  wire_.arrived = {""};
  happens(readable);
  EXPECT_EQ(wire_.events, std::nullopt) << "it would wake the loop for ever";
}

TEST_F(GuestStreamTest, ReadsWhatIsLeftOfOneThatHungUp) {
  wire_.arrived = {"last words"};
  happens(readable | VIR_STREAM_EVENT_HANGUP);
  EXPECT_EQ(seen_, "last words");
  EXPECT_EQ(wire_.events, readable);
  happens(VIR_STREAM_EVENT_HANGUP);
  EXPECT_EQ(wire_.events, std::nullopt);
}

TEST_F(GuestStreamTest, KeepsWhatHasNoRoomYet) {
  wire_.room = 3;
  stream_.send("abcdef");
  EXPECT_EQ(wire_.sent, "abc");
  EXPECT_EQ(stream_.unsent(), 3U);
  EXPECT_EQ(wire_.events, readable | writable);
  wire_.room = 100;
  happens(writable);
  EXPECT_EQ(wire_.sent, "abcdef");
  EXPECT_EQ(stream_.unsent(), 0U);
  EXPECT_EQ(wire_.events, readable);
}

TEST_F(GuestStreamTest, DeliversNothingWhileItIsPaused) {
  stream_.pause();
  EXPECT_EQ(wire_.events, 0);
  wire_.arrived = {"later"};
  happens(readable);
  EXPECT_EQ(seen_, "");
  stream_.resume();
  EXPECT_EQ(wire_.events, readable);
  happens(readable);
  EXPECT_EQ(seen_, "later");
}

TEST_F(GuestStreamTest, DrainsAllThatIsLeft) {
  wire_.arrived = {"a", "b", "c", "", "never"};
  stream_.drain();
  EXPECT_EQ(seen_, "abc");
  stream_.close();
  EXPECT_EQ(wire_.events, std::nullopt);
  stream_.drain();
  EXPECT_EQ(seen_, "abc") << "nothing comes after the close";
}

}  // namespace
}  // namespace kmatrix::machine
