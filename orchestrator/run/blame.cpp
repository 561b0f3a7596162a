// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/blame.h"

#include <fmt/format.h>

#include <algorithm>

namespace kmatrix::run {

using machine::GuestEnd;
using machine::Incident;
using machine::IncidentKind;
using plan::Outcome;

Blame blame_of(const machine::CaseReport& report) {
  if (report.end == GuestEnd::alive) return Blame::nobody;
  if (report.ended) return Blame::after_it;
  if (!report.started) return Blame::before_it;
  return report.end_on_console ? Blame::lost : Blame::the_case;
}

bool brings_down(IncidentKind kind) {
  return kind != IncidentKind::warning && kind != IncidentKind::lockdep &&
         kind != IncidentKind::other;
}

bool belongs(const Incident& incident, const machine::CaseReport& report) {
  if (incident.seq) return *incident.seq == report.seq;
  return !report.start_on_console && report.started;
}

namespace {

template <class Wanted>
const Incident* first(const machine::CaseReport& report, const std::vector<Incident>& incidents,
                      const Ignores& ignores, const Wanted& wanted) {
  const auto end = std::min(report.end_incident, incidents.size());
  for (std::size_t i = report.first_incident; i < end; ++i)
    if (belongs(incidents[i], report) && wanted(incidents[i]) &&
        ignored_by(ignores, to_string(incidents[i].kind), incidents[i].title) == nullptr)
      return &incidents[i];
  return nullptr;
}

/// Did the kernel kill processes to have memory again? Whatever it chose may have been what would
/// have said that the test failed: ftracetest prints PASS when the shell around a test was killed.
bool is_out_of_memory(const Incident& incident) {
  return incident.title.starts_with(machine::out_of_memory_title);
}

bool is_good(Outcome outcome) {
  return outcome == Outcome::passed || outcome == Outcome::skipped || outcome == Outcome::xfailed;
}

std::string described(const Incident& incident) {
  return to_string(incident.kind) + ": " + incident.title;
}

/// "test_fexit_sleep:FAIL:fexit_attach fexit attach failed: -1", of a program that calls bpf(2)
/// itself.
bool failed_to_attach(const std::string& message) {
  const auto check = message.find(":FAIL:");
  return check != std::string::npos &&
         message.substr(0, message.find(' ', check)).find("attach", check) != std::string::npos;
}

}  // namespace

const Incident* worst_of(const machine::CaseReport& report, const std::vector<Incident>& incidents,
                         const Ignores& ignores) {
  return first(report, incidents, ignores,
               [](const Incident& each) { return brings_down(each.kind); });
}

suite::Judged with_kernel_state(suite::Judged judged, const machine::CaseReport& report,
                                const std::vector<Incident>& incidents, const Ignores& ignores,
                                bool wants_clean_log) {
  const Blame blame = blame_of(report);
  if (blame == Blame::the_case || blame == Blame::lost) {
    judged.outcome = report.end == GuestEnd::hung ? Outcome::timed_out : Outcome::crashed;
    judged.message = report.reason;
  }
  if (const auto* worst = worst_of(report, incidents, ignores)) {
    judged.outcome = Outcome::crashed;
    judged.message = described(*worst);
    return judged;
  }
  const auto any = [](const Incident&) { return true; };
  if (const auto* killing = first(report, incidents, ignores, is_out_of_memory);
      killing != nullptr && is_good(judged.outcome)) {
    judged.outcome = Outcome::unresolved;
    judged.message = described(*killing) + ": what reported the result may have been killed";
    return judged;
  }
  const auto* blemish = first(report, incidents, ignores, any);
  if (blemish != nullptr && wants_clean_log && judged.outcome == Outcome::passed) {
    judged.outcome = Outcome::failed;
    judged.message = described(*blemish);
  }
  return judged;
}

suite::Judged as_unavailable(suite::Judged judged) {
  constexpr int enotsupp = 524;  // of the kernel's own errno.h
  if (judged.outcome == Outcome::failed && judged.error == enotsupp) {
    judged.outcome = Outcome::xfailed;
    judged.message = "unavailable, as expected (ENOTSUPP): " + judged.message;
  } else if (judged.outcome == Outcome::failed && judged.error == 0 &&
             failed_to_attach(judged.message)) {
    judged.outcome = Outcome::xfailed;
    judged.message =
        "unavailable, as expected (it could not be attached; errno is not told): " + judged.message;
  } else if (judged.outcome == Outcome::passed) {
    judged.outcome = Outcome::failed;
    judged.message = "it passed, but was expected to be unavailable: take it out of `expect:`";
  }
  return judged;
}

void Deaths::died(const std::string& how) {
  count_ = how == how_ ? count_ + 1 : 1;
  how_ = how;
}

std::string Deaths::text() const {
  return fmt::format("{} machines in a row went down in the same way: {}", count_, how_);
}

}  // namespace kmatrix::run
