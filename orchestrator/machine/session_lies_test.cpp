// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/session.h"

#include <gtest/gtest.h>

#include "machine/guest_mail.h"
#include "machine/session_fixture.h"

namespace kmatrix::machine {
namespace {

struct Lie {
  const char* name;
  void (*tell)(ScriptedGuest&, const agent::Run&);
};

class SessionLieTest : public SessionTest, public testing::WithParamInterface<Lie> {};

TEST_P(SessionLieTest, EndsAtOnceAsABadAgent) {
  on_run([](ScriptedGuest& guest, const agent::Run& run) { GetParam().tell(guest, run); });
  const CaseReport report = downed();
  EXPECT_EQ(report.end, GuestEnd::bad_agent);
  EXPECT_FALSE(report.reason.empty());
  EXPECT_LE(report.reason.size(), 500U);
  EXPECT_EQ(hypervisor_.destroyed, 1);
  EXPECT_EQ(report.took, Seconds(0));
}

INSTANTIATE_TEST_SUITE_P(
    Lies, SessionLieTest,
    testing::Values(
        Lie{"StartOfAnotherCase",
            [](ScriptedGuest& guest, const agent::Run& run) {
              guest.say(agent::Started{run.seq + 1});
            }},
        Lie{"EndWithoutAStart",
            [](ScriptedGuest& guest, const agent::Run& run) { end(guest, run, 0); }},
        Lie{"TwoStarts",
            [](ScriptedGuest& guest, const agent::Run& run) {
              begin(guest, run);
              begin(guest, run);
            }},
        Lie{"OutputOfAnotherCase",
            [](ScriptedGuest& guest, const agent::Run& run) {
              begin(guest, run);
              guest.say(agent::Output{run.seq - 1, "late"});
            }},
        Lie{"EndOfAnotherCase",
            [](ScriptedGuest& guest, const agent::Run& run) {
              begin(guest, run);
              guest.say(agent::Ended{run.seq + 1, 0, false, 1ms, 0, 0, false});
            }},
        Lie{"SecondHello",
            [](ScriptedGuest& guest, const agent::Run&) {
              guest.say(agent::Hello{agent::protocol_version, "6.12.0", "#1", 2, 1ms, 0, 1us});
            }},
        Lie{"GoodbyeUnasked",
            [](ScriptedGuest& guest, const agent::Run&) { guest.say(agent::Bye{}); }},
        Lie{"Garbage", [](ScriptedGuest& guest,
                          const agent::Run&) { guest.send_raw("\x1b[2Jrm -rf /\n{}\n"); }},
        Lie{"EmptyLine", [](ScriptedGuest& guest, const agent::Run&) { guest.send_raw("\n"); }},
        Lie{"GiantLine",
            [](ScriptedGuest& guest, const agent::Run&) {
              guest.send_raw(std::string(agent::max_line + 1, 'x') + "\n");
            }},
        Lie{"TenMegabytesWithoutANewline",
            [](ScriptedGuest& guest, const agent::Run&) {
              for (int i = 0; i < 160; ++i) guest.send_raw(std::string(64 * 1024, '{'));
            }},
        Lie{"MoreThanCanBeRead",
            [](ScriptedGuest& guest, const agent::Run& run) {
              begin(guest, run);
              const std::string piece =
                  agent::encode(agent::Output{run.seq, std::string(4096, 'x')});
              for (std::size_t sent = 0; sent <= GuestMail::most_channel; sent += piece.size())
                guest.send_raw(piece);
            }},
        Lie{"MoreOutputThanAskedFor",
            [](ScriptedGuest& guest, const agent::Run& run) {
              begin(guest, run);
              for (int i = 0; i < 100; ++i)
                guest.say(agent::Output{run.seq, std::string(16 * 1024, 'x')});
            }}),
    [](const auto& lie) { return lie.param.name; });

}  // namespace
}  // namespace kmatrix::machine
