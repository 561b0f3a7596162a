// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/nightly_units.h"

#include <gtest/gtest.h>

#include "support/file.h"
#include "support/process.h"

namespace kmatrix::cli {
namespace {

NightlyUnits some_units() {
  NightlyUnits units;
  units.description = "kmatrix nightly: quickstart";
  units.command = {
      "/usr/bin/env", "--db",         "/state/a b.db", "nightly",
      "run",          "/x/100%.yaml", "--hook",        "mail \"$USER\" -s 'it''s night' \\o/"};
  units.path = "/opt/100%/bin:/usr/bin";
  return units;
}

TEST(NightlyUnits, ATimeIsHoursAndMinutes) {
  auto units = some_units();
  ASSERT_TRUE(set_time("23:05", units));
  EXPECT_EQ(units.hour, 23);
  EXPECT_EQ(units.minute, 5);
  for (const auto* text : {"", "2", "2:00", "24:00", "12:60", "12.30", "12:3x", "-1:00", "012:30"})
    EXPECT_FALSE(set_time(text, units)) << text;
  EXPECT_EQ(units.hour, 23);
}

TEST(NightlyUnits, TheServiceRunsTheCommandAsItIs) {
  const auto text = service_text(some_units());
  EXPECT_NE(text.find("\nDescription=kmatrix nightly: quickstart\n"), std::string::npos);
  EXPECT_NE(text.find("\nEnvironment=\"PATH=/opt/100%%/bin:/usr/bin\"\n"), std::string::npos);
  EXPECT_NE(text.find("\nExecStart=\"/usr/bin/env\" \"--db\" \"/state/a b.db\" \"nightly\" \"run\" "
                      "\"/x/100%%.yaml\" \"--hook\" \"mail \\\"$$USER\\\" -s 'it''s night' "
                      "\\\\o/\"\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\nType=oneshot\n"), std::string::npos);
}

TEST(NightlyUnits, ANightThatWasSleptThroughIsCaughtUp) {
  auto units = some_units();
  ASSERT_TRUE(set_time("03:07", units));
  const auto text = timer_text(units);
  EXPECT_NE(text.find("\nOnCalendar=*-*-* 03:07:00\nPersistent=true\n"), std::string::npos);
  EXPECT_NE(text.find("\nWantedBy=timers.target\n"), std::string::npos);
}

TEST(NightlyUnits, ADescriptionStaysOnItsLine) {
  auto units = some_units();
  units.description = "a\nExecStart=/bin/false \\";
  EXPECT_NE(service_text(units).find("Description=a ExecStart=/bin/false  \n"), std::string::npos);
}

TEST(NightlyUnits, TheCrontabHasOneLine) {
  auto units = some_units();
  ASSERT_TRUE(set_time("03:07", units));
  EXPECT_EQ(crontab_line(units),
            "7 3 * * * PATH='/opt/100\\%/bin:/usr/bin' /usr/bin/env --db '/state/a b.db' nightly "
            "run '/x/100\\%.yaml' --hook 'mail \"$USER\" -s '\\''it'\\'''\\''s night'\\'' \\o/'\n");
}

TEST(NightlyUnits, AShellGivesAWordBackAsItWas) {
  support::BoostProcessRunner runner;
  for (const auto* word : {"plain", "", "a b", "it's", "$HOME `id` \"x\" \\", "*", "a\tb"}) {
    const auto exit = runner.run({{"/bin/sh", "-c", std::string("printf %s ") + shell_word(word)}});
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->output, word);
  }
}

TEST(NightlyUnits, SystemdFindsNothingWrongWithThem) {
  if (support::find_program("systemd-analyze").empty()) GTEST_SKIP() << "no systemd-analyze";
  const auto folder = support::TempFolder::create(testing::TempDir(), "units");
  const auto service = folder->path() / "kmatrix-nightly.service";
  const auto timer = folder->path() / "kmatrix-nightly.timer";
  ASSERT_TRUE(support::write_file(service, service_text(some_units())));
  ASSERT_TRUE(support::write_file(timer, timer_text(some_units())));
  support::BoostProcessRunner runner;
  const auto exit = runner.run({{"systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                                 service.string(), timer.string()}});
  ASSERT_TRUE(exit) << to_string(exit.error());
  EXPECT_EQ(exit->code, 0) << exit->output;
  EXPECT_EQ(exit->output, "");
}

}  // namespace
}  // namespace kmatrix::cli
