// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/blame.h"

#include <gtest/gtest.h>

namespace kmatrix::run {
namespace {

using machine::GuestEnd;
using machine::Incident;
using machine::IncidentKind;
using plan::Outcome;

suite::Judged passed() { return {"case", Outcome::passed, "PASS", ""}; }

machine::CaseReport report(GuestEnd end, std::size_t incidents) {
  machine::CaseReport report;
  report.end = end;
  report.reason = "the reason";
  report.started = true;
  report.start_on_console = true;
  report.seq = 7;
  report.end_incident = incidents;
  return report;
}

std::vector<Incident> one(IncidentKind kind) {
  Incident incident;
  incident.kind = kind;
  incident.title = "title";
  incident.seq = 7;
  return {incident};
}

TEST(WithKernelState, LeavesAQuietCaseAlone) {
  const auto judged = with_kernel_state(passed(), report(GuestEnd::alive, 0), {}, {}, true);
  EXPECT_EQ(judged.outcome, Outcome::passed);
  EXPECT_EQ(judged.message, "");
}

TEST(WithKernelState, CallsACaseCrashedThatBroughtTheKernelDown) {
  const auto judged = with_kernel_state(passed(), report(GuestEnd::panicked, 1),
                                        one(IncidentKind::panic), {}, false);
  EXPECT_EQ(judged.outcome, Outcome::crashed);
  EXPECT_EQ(judged.message, "panic: title");
  EXPECT_EQ(judged.raw, "PASS");
}

TEST(WithKernelState, CallsACaseCrashedThatOnlyOopsed) {
  for (const auto kind : {IncidentKind::cfi, IncidentKind::oops, IncidentKind::kasan}) {
    const auto judged =
        with_kernel_state(passed(), report(GuestEnd::alive, 1), one(kind), {}, false);
    EXPECT_EQ(judged.outcome, Outcome::crashed) << to_string(kind);
  }
}

TEST(WithKernelState, TellsAHangFromACrash) {
  const auto judged = with_kernel_state(passed(), report(GuestEnd::hung, 0), {}, {}, false);
  EXPECT_EQ(judged.outcome, Outcome::timed_out);
  EXPECT_EQ(judged.message, "the reason");
}

TEST(WithKernelState, BlamesACaseThatBrokeTheAgent) {
  for (const auto end : {GuestEnd::bad_agent, GuestEnd::agent_failed, GuestEnd::rebooted})
    EXPECT_EQ(with_kernel_state(passed(), report(end, 0), {}, {}, false).outcome, Outcome::crashed);
}

TEST(WithKernelState, LeavesACaseAloneThatHadEndedBefore) {
  auto late = report(GuestEnd::panicked, 1);
  late.ended = agent::Ended{};
  auto incidents = one(IncidentKind::panic);
  incidents[0].seq.reset();
  EXPECT_EQ(with_kernel_state(passed(), late, incidents, {}, true).outcome, Outcome::passed);
}

TEST(WithKernelState, FailsAWarningOnlyWhereACleanLogIsWanted) {
  const auto warning = one(IncidentKind::warning);
  EXPECT_EQ(with_kernel_state(passed(), report(GuestEnd::alive, 1), warning, {}, false).outcome,
            Outcome::passed);
  EXPECT_EQ(with_kernel_state(passed(), report(GuestEnd::alive, 1), warning, {}, true).outcome,
            Outcome::failed);
}

TEST(WithKernelState, DoesNotBelieveAPassWhileProcessesWereKilledForMemory) {
  auto killing = one(IncidentKind::other);
  killing[0].title = "out of memory, killed ftracetest";
  for (const bool clean : {false, true}) {
    const auto judged = with_kernel_state(passed(), report(GuestEnd::alive, 1), killing, {}, clean);
    EXPECT_EQ(judged.outcome, Outcome::unresolved);
    EXPECT_EQ(judged.message.find("other: out of memory, killed ftracetest: "), 0U);
    EXPECT_EQ(judged.raw, "PASS");
  }
  auto failed = passed();
  failed.outcome = Outcome::failed;
  EXPECT_EQ(with_kernel_state(failed, report(GuestEnd::alive, 1), killing, {}, false).outcome,
            Outcome::failed);
}

TEST(WithKernelState, OnlyLooksAtIncidentsOfTheCase) {
  auto before = report(GuestEnd::alive, 1);
  before.first_incident = 1;
  EXPECT_EQ(with_kernel_state(passed(), before, one(IncidentKind::oops), {}, true).outcome,
            Outcome::passed);
  auto of_another = one(IncidentKind::oops);
  of_another[0].seq = 6;
  EXPECT_EQ(with_kernel_state(passed(), report(GuestEnd::alive, 1), of_another, {}, true).outcome,
            Outcome::passed);
}

TEST(WithKernelState, GoesByTheTimeWhereTheConsoleHasNoMarkers) {
  auto unmarked = report(GuestEnd::alive, 1);
  unmarked.start_on_console = false;
  auto incidents = one(IncidentKind::oops);
  incidents[0].seq.reset();
  EXPECT_EQ(with_kernel_state(passed(), unmarked, incidents, {}, true).outcome, Outcome::crashed);
}

TEST(Blame, IsNobodysWhileTheGuestLives) {
  EXPECT_EQ(blame_of(report(GuestEnd::alive, 0)), Blame::nobody);
}

TEST(Blame, IsTheCasesBetweenItsBeginAndItsEnd) {
  EXPECT_EQ(blame_of(report(GuestEnd::panicked, 0)), Blame::the_case);
  EXPECT_EQ(blame_of(report(GuestEnd::hung, 0)), Blame::the_case);
}

TEST(Blame, IsNotTheCasesBeforeOrAfter) {
  auto before = report(GuestEnd::panicked, 0);
  before.started = false;
  EXPECT_EQ(blame_of(before), Blame::before_it);
  auto after = report(GuestEnd::panicked, 0);
  after.end_on_console = true;
  EXPECT_EQ(blame_of(after), Blame::lost);
  after.ended = agent::Ended{};
  EXPECT_EQ(blame_of(after), Blame::after_it);
}

TEST(Deaths, AreEnoughWhenTheyAreAlikeAndInARow) {
  Deaths deaths;
  for (int i = 1; i < Deaths::most_alike; ++i) deaths.died("panic");
  EXPECT_FALSE(deaths.enough());
  deaths.died("another");
  for (int i = 1; i < Deaths::most_alike; ++i) deaths.died("panic");
  deaths.lived();
  deaths.died("panic");
  EXPECT_FALSE(deaths.enough());
  for (int i = 1; i < Deaths::most_alike; ++i) deaths.died("panic");
  EXPECT_TRUE(deaths.enough());
  EXPECT_EQ(deaths.text(), "8 machines in a row went down in the same way: panic");
}

TEST(WithKernelState, CountsNoIncidentThatIsIgnored) {
  const spec::Ignore known{"", "ti*", "known", {}, {}};
  const Ignores ignores{&known};
  for (const auto kind : {IncidentKind::oops, IncidentKind::warning})
    EXPECT_EQ(
        with_kernel_state(passed(), report(GuestEnd::alive, 1), one(kind), ignores, true).outcome,
        Outcome::passed);
  auto two = one(IncidentKind::oops);
  two.push_back(two[0]);
  two[1].title = "another";
  const auto judged = with_kernel_state(passed(), report(GuestEnd::alive, 2), two, ignores, true);
  EXPECT_EQ(judged.outcome, Outcome::crashed);
  EXPECT_EQ(judged.message, "oops: another");
}

TEST(WithKernelState, CallsACaseCrashedWhoseMachineWentDownOfAnIgnoredIncident) {
  const spec::Ignore known{"", "*", "known", {}, {}};
  const auto judged = with_kernel_state(passed(), report(GuestEnd::panicked, 1),
                                        one(IncidentKind::panic), {&known}, true);
  EXPECT_EQ(judged.outcome, Outcome::crashed);
  EXPECT_EQ(judged.message, "the reason");
}

TEST(AsUnavailable, ExpectsEnotsuppAndNothingElse) {
  suite::Judged judged{"fentry_test", plan::Outcome::failed, "FAIL", "failed to attach", 524};
  const auto expected = as_unavailable(judged);
  EXPECT_EQ(expected.outcome, plan::Outcome::xfailed);
  EXPECT_EQ(expected.message, "unavailable, as expected (ENOTSUPP): failed to attach");
  judged.error = 22;
  EXPECT_EQ(as_unavailable(judged).outcome, plan::Outcome::failed);
  judged.error = 0;
  EXPECT_EQ(as_unavailable(judged).outcome, plan::Outcome::failed);
  judged.message = "f:FAIL:check -1 attach";
  EXPECT_EQ(as_unavailable(judged).outcome, plan::Outcome::failed);
  judged.message = "f:FAIL:fexit_attach fexit attach failed: -1";
  EXPECT_EQ(as_unavailable(judged).outcome, plan::Outcome::xfailed);
  judged.error = 1;
  EXPECT_EQ(as_unavailable(judged).outcome, plan::Outcome::failed);
  judged.outcome = plan::Outcome::passed;
  EXPECT_EQ(as_unavailable(judged).outcome, plan::Outcome::failed);
  judged.outcome = plan::Outcome::crashed;
  EXPECT_EQ(as_unavailable(judged).outcome, plan::Outcome::crashed);
}

}  // namespace
}  // namespace kmatrix::run
