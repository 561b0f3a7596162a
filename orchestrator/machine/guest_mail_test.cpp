// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/guest_mail.h"

#include <gtest/gtest.h>

#include <thread>

namespace kmatrix::machine {
namespace {

using namespace std::chrono_literals;

TEST(GuestMailTest, KeepsWhatHasComeUntilItIsTaken) {
  GuestMail mail;
  const GuestEvents events = mail.events();
  events.console("a");
  events.channel("b");
  events.console("c");
  events.stopped("why");
  const Mail taken = mail.take();
  EXPECT_EQ(taken.console, "ac");
  EXPECT_EQ(taken.channel, "b");
  EXPECT_EQ(taken.stopped, "why");
  EXPECT_TRUE(mail.take().empty());
}

TEST(GuestMailTest, WakesWhoeverWaits) {
  GuestMail mail;
  std::jthread sender([events = mail.events()] { events.console("x"); });
  EXPECT_TRUE(mail.wait(60s, {}));
}

TEST(GuestMailTest, StopsWaitingOnAStopAndWhenTimeIsUp) {
  GuestMail mail;
  EXPECT_FALSE(mail.wait(1ms, {}));
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_FALSE(mail.wait(60s, stop.get_token()));
}

TEST(GuestMailTest, CountsWhatAFloodMadeItDrop) {
  GuestMail mail;
  const GuestEvents events = mail.events();
  const std::string piece(1 << 20, 'x');
  for (std::size_t sent = 0; sent < GuestMail::most_console + 5 * piece.size();
       sent += piece.size()) {
    events.console(piece);
    events.channel(piece);
  }
  const Mail taken = mail.take();
  EXPECT_EQ(taken.console.size(), GuestMail::most_console);
  EXPECT_EQ(taken.console_lost, 5 * piece.size());
  EXPECT_EQ(taken.channel.size(), GuestMail::most_channel);
  EXPECT_TRUE(taken.channel_overrun);
}

}  // namespace
}  // namespace kmatrix::machine
