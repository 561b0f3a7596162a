// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/nightly_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/fixture.h"

namespace kmatrix::cli {
namespace {

Night some_night(int code) {
  report::RunBuilder builder;
  builder.kernel("base", "built");
  builder.cell("base", "boot").kernel = 1;
  builder.result("boot", "passed");
  Night night;
  night.file = "matrices/quickstart.yaml";
  night.code = code;
  night.run = builder.whole();
  return night;
}

void compare_with(Night& night, std::int64_t run, bool good) {
  night.before = Baseline{night.run->run, good};
  night.before->run.id.value = run;
  night.diff = compare::RunDiff();
  night.diff->cells = 1;
}

void add(Night& night, compare::Change change) {
  night.diff->cases.push_back({change, "v6.12/base/cfi/tcg/boot", "boot", "passed", "failed", ""});
}

TEST(NightlyReport, TheSubjectSaysWhatOneWantsToKnow) {
  auto night = some_night(0);
  EXPECT_EQ(subject_of(night), "quickstart: good, the first run (run 3)");
  compare_with(night, 2, true);
  EXPECT_EQ(subject_of(night), "quickstart: good, as before (run 3)");
  night.code = 1;
  EXPECT_EQ(subject_of(night), "quickstart: not good, as before (run 3)");
  add(night, compare::Change::regression);
  add(night, compare::Change::regression);
  add(night, compare::Change::fix);
  EXPECT_EQ(subject_of(night), "quickstart: 2 regressions, 1 fix (run 3)");
  night.diff->incidents.push_back({compare::Change::regression, "c", "oops", "in f", ""});
  EXPECT_EQ(subject_of(night), "quickstart: 3 regressions, 1 fix (run 3)");
  night.code = 69;
  EXPECT_EQ(subject_of(night), "quickstart: kmatrix could not do all of its job (run 3)");
  night.code = 130;
  EXPECT_EQ(subject_of(night), "quickstart: was cut short (run 3)");
  night.run.reset();
  night.code = 2;
  EXPECT_EQ(subject_of(night), "quickstart: the experiment has errors");
}

TEST(NightlyReport, ARegressionIsOneEvenWhereTheRunIsGood) {
  auto night = some_night(0);
  compare_with(night, 2, true);
  EXPECT_EQ(code_of(night), 0);
  add(night, compare::Change::regression);
  EXPECT_EQ(code_of(night), 1);
  EXPECT_EQ(code_of({some_night(0), night, some_night(69)}), 69);
  EXPECT_EQ(code_of(std::vector<Night>()), 0);
}

TEST(NightlyReport, TheMailHasHeadersTheChangesAndTheRun) {
  auto night = some_night(1);
  compare_with(night, 2, false);
  add(night, compare::Change::regression);
  night.continued = true;
  const auto mail = mail_of(night, "me@example.org\nBcc: others");
  EXPECT_TRUE(
      mail.starts_with("Subject: [kmatrix] quickstart: 1 regression (run 3)\n"
                       "To: me@example.org ...\n"
                       "MIME-Version: 1.0\n"
                       "Content-Type: text/plain; charset=utf-8\n\n"
                       "Run 3 had been cut short, and went on.\n"
                       "No earlier run was good; it is compared with run 2, the last one.\n"
                       "before  run 2"))
      << mail;
  EXPECT_NE(mail.find("\nregressions\n"), std::string::npos);
  EXPECT_NE(mail.find("To repeat it"), std::string::npos);
  EXPECT_EQ(mail_of(night, "").find("To:"), std::string::npos);
}

TEST(NightlyReport, AnExperimentThatDidNotRunIsToldOf) {
  Night night;
  night.file = "matrices/x.yaml";
  night.code = 2;
  const auto mail = mail_of(night, "");
  EXPECT_NE(mail.find("The experiment matrices/x.yaml has errors (exit code 2)."),
            std::string::npos);
}

TEST(NightlyReport, TheHookGetsAllOfIt) {
  auto night = some_night(1);
  compare_with(night, 2, true);
  add(night, compare::Change::regression);
  Night broken;
  broken.file = "x.yaml";
  broken.code = 2;
  const auto json = nightly_json({night, broken}, {"/m/1.txt", "/m/2.txt"}, 17);
  EXPECT_EQ(json["exit_code"], 2);
  EXPECT_EQ(json["freed_bytes"], 17);
  const auto& first = json["experiments"][0];
  EXPECT_EQ(first["run"]["id"], 3);
  EXPECT_EQ(first["compared_with"], 2);
  EXPECT_EQ(first["regressions"], 1);
  EXPECT_EQ(first["diff"]["cases"].size(), 1u);
  EXPECT_EQ(first["mail"], "/m/1.txt");
  EXPECT_TRUE(json["experiments"][1]["run"].is_null());
  EXPECT_TRUE(json["experiments"][1]["compared_with"].is_null());
}

}  // namespace
}  // namespace kmatrix::cli
