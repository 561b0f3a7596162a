// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/talk_frame.h"

#include <gtest/gtest.h>

namespace kmatrix::agent {
namespace {

TEST(TalkFrame, ArrivesWholeHoweverItWasCut) {
  const std::string data("a\0\xff\n", 4);
  const std::string bytes = encode_frame(FrameKind::output, data) +
                            encode_frame(FrameKind::input, "") +
                            encode_frame(FrameKind::errors, std::string(max_frame, 'x'));
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
    FrameReader reader;
    std::vector<Frame> frames;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      reader.feed(std::string_view(bytes).substr(at, piece));
      while (auto frame = reader.next()) frames.push_back(*frame);
    }
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_EQ(frames[0].kind, FrameKind::output);
    EXPECT_EQ(frames[0].data, data);
    EXPECT_EQ(frames[1].kind, FrameKind::input);
    EXPECT_EQ(frames[1].data, "");
    EXPECT_EQ(frames[2].data.size(), max_frame);
    EXPECT_FALSE(reader.broken());
  }
}

TEST(TalkFrame, ThatIsNoneEndsTheReading) {
  const std::string too_long("\x03\x00\x00\x40\x01", 5);
  const std::string unknown("\x06\x00\x00\x00\x00", 5), zero(5, '\0'), negative(5, '\xff');
  for (const auto& bytes : {too_long, unknown, zero, negative}) {
    FrameReader reader;
    reader.feed(encode_frame(FrameKind::output, "good") + bytes);
    EXPECT_TRUE(reader.next());
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.broken());
    reader.feed(encode_frame(FrameKind::output, "later"));
    EXPECT_FALSE(reader.next());
  }
}

TEST(TalkFrame, AWindowIsTwoNumbers) {
  EXPECT_EQ(parse_window(encode_window({24, 80})), (Window{24, 80}));
  for (const char* text : {"", "24", "24 ", " 24 80", "24 80 ", "0 80", "24 0", "24 10001", "-1 80",
                           "24  80", "24 80\n", "99999999999 80"})
    EXPECT_FALSE(parse_window(text)) << text;
}

}  // namespace
}  // namespace kmatrix::agent
