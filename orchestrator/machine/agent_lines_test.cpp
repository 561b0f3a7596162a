// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/agent_lines.h"

#include <gtest/gtest.h>

namespace kmatrix::machine {
namespace {

TEST(AgentLinesTest, JoinsAMessageThatComesInPieces) {
  AgentLines lines;
  const std::string text = agent::encode(agent::Started{3}) + agent::encode(agent::Bye{});
  std::vector<agent::FromGuest> all;
  for (const char each : text)
    for (auto& message : lines.feed(std::string_view(&each, 1))) all.push_back(std::move(message));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(std::get<agent::Started>(all[0]).seq, 3U);
  EXPECT_TRUE(std::holds_alternative<agent::Bye>(all[1]));
  EXPECT_EQ(lines.fault(), "");
}

TEST(AgentLinesTest, KeepsTheMessagesBeforeAFaultAndNoneAfterIt) {
  AgentLines lines;
  const std::string good = agent::encode(agent::Bye{});
  EXPECT_EQ(lines.feed(good + "nonsense\n" + good).size(), 1U);
  EXPECT_EQ(lines.fault(), "the agent sent something that is no message: \"nonsense\"");
  EXPECT_EQ(lines.feed(good).size(), 0U);
}

TEST(AgentLinesTest, ShowsOnlyTheBeginningOfNonsense) {
  AgentLines lines;
  lines.feed(std::string(1000, 'x') + "\n");
  EXPECT_LT(lines.fault().size(), 200U);
}

TEST(AgentLinesTest, GivesUpOnALineAsSoonAsItIsTooLong) {
  AgentLines lines;
  lines.feed(std::string(agent::max_line, 'x'));
  EXPECT_EQ(lines.fault(), "");
  lines.feed("x");
  EXPECT_NE(lines.fault().find("more than 65536 bytes"), std::string::npos);
}

}  // namespace
}  // namespace kmatrix::machine
