// SPDX-License-Identifier: GPL-2.0-or-later
// What a CellRunner makes of a case that has run: outcomes, incidents, and whether the machine is
// good for the next one.
#include <fmt/format.h>

#include <algorithm>

#include "run/cell_runner.h"
#include "support/file.h"

namespace kmatrix::run {

using machine::GuestEnd;
using plan::CellState;
using plan::Outcome;

namespace {

/// File name for a case: its slashes would be folders.
std::string file_name(std::string name) {
  std::replace(name.begin(), name.end(), '/', '-');
  return name;
}

void add_to(std::string& message, const std::string& more) {
  message += (message.empty() ? "" : "; ") + more;
}

/// `failures` are those of ours that an earlier try ran into.
CaseRecord result_of(const suite::Judged& judged, const machine::CaseReport& report,
                     const std::vector<std::string>& failures) {
  CaseRecord result;
  result.name = judged.name;
  result.outcome = judged.outcome;
  result.raw = judged.raw;
  result.message = judged.message;
  result.error = judged.error;
  if (judged.outcome == Outcome::timed_out && report.ended && report.ended->timed_out)
    add_to(result.message, "its deadline was " + report.deadline);
  if (!failures.empty()) add_to(result.message, "second try, after: " + failures.front());
  result.took = report.ended ? support::Seconds(report.ended->took) : report.took;
  result.first_line = report.first_line;
  result.last_line = report.last_line;
  return result;
}

}  // namespace

Status CellRunner::record_case(const suite::Case& which, const machine::CaseReport& report,
                               const Tries& tries, CellRecord& record) {
  const auto& incidents = session_->console().incidents();
  const auto output = task_.folder / (std::to_string(seq_) + "-" + file_name(which.name) + ".out");
  KMATRIX_TRY(support::write_file(output, report.output));
  suite::Finished finished;
  finished.output = report.output;
  finished.taint_before = tainted_;
  if (report.ended) {
    finished.code = report.ended->code;
    finished.timed_out = report.ended->timed_out;
    finished.taint_after = tainted_ = report.ended->tainted;
  }
  // The case itself comes last, after its incidents and subtests: it counts as done once it is
  // stored, and what was not stored before would be lost if we were killed in between.
  KMATRIX_TRY(report_incidents(&report));
  KMATRIX_TRY(report_reboot(report, which));
  auto all = share_.suite.judge(which, finished);
  std::rotate(all.begin(), all.begin() + 1, all.end());
  const bool wants_clean_log = task_.suite->runner != spec::RunnerKind::ftracetest;
  // What a killed test leaves behind (tracers, mounts, modules) would spoil the next one.
  bool spoiled = worst_of(report, incidents, task_.ignores) != nullptr ||
                 report.end != GuestEnd::alive || (report.ended && report.ended->exhausted);
  for (auto& judged : all) {
    // A subtest that had its result before the kernel said anything keeps it.
    const bool settled = judged.name != which.name && !judged.raw.empty();
    auto final = settled ? std::move(judged)
                         : with_kernel_state(std::move(judged), report, incidents, task_.ignores,
                                             wants_clean_log);
    // Parts of a test may pass, such as one that only loads a program; a whole test may not.
    const bool may_pass = final.name != which.name && final.outcome == Outcome::passed;
    if (task_.cell->expect_unavailable && !may_pass) final = as_unavailable(std::move(final));
    spoiled = spoiled || final.spoils || final.outcome == Outcome::crashed ||
              final.outcome == Outcome::timed_out;
    CaseRecord result = result_of(final, report, tries.failures);
    result.boot = console_number();
    result.output = output;
    result.argv = which.argv;
    KMATRIX_TRY(finish_case(std::move(result)));
  }
  settled_.insert(which.name);
  failed_in_a_row_ = 0;
  return look_at_machine(report, which, spoiled, record);
}

/// After a case: is the machine good for the next one, and is the kernel?
Status CellRunner::look_at_machine(const machine::CaseReport& report, const suite::Case& which,
                                   bool spoiled, CellRecord& record) {
  const auto* worst = worst_of(report, session_->console().incidents(), task_.ignores);
  const bool blamed = worst != nullptr || blame_of(report) == Blame::the_case;
  if (blamed)
    deaths_.died(worst != nullptr ? worst->title : to_string(report.end));
  else if (report.end == GuestEnd::alive)
    deaths_.lived();
  if (blame_of(report) == Blame::after_it)
    KMATRIX_TRY(note(fmt::format("boot {} went down after case {} had ended: {}", console_number(),
                                 which.name, report.reason),
                     record));
  if (deaths_.enough()) {
    record.state = CellState::blocked;
    record.reason = deaths_.text();
  }
  return spoiled ? close_session() : Status();
}

/// A machine that goes away without a word has no report in its log, but is an incident too.
Status CellRunner::report_reboot(const machine::CaseReport& report, const suite::Case& which) {
  const bool silent = report.end == GuestEnd::rebooted && blame_of(report) == Blame::the_case &&
                      worst_of(report, session_->console().incidents(), task_.ignores) == nullptr;
  if (!silent) return {};
  machine::Incident incident;
  incident.kind = machine::IncidentKind::reboot;
  incident.title = report.reason;
  incident.first_line = report.last_line;
  incident.seq = report.seq;
  const IncidentRecord record{task_.index, which.name, console_number(), std::move(incident), ""};
  return report_([&](RunObserver& o) { return o.incident(record); });
}

/// Cases that nobody will run any more: blocked if no machine ever came up, else missing.
Status CellRunner::leave_rest(const CellRecord& cell) {
  const bool never = cell.state == CellState::blocked && !booted_ && task_.done.empty();
  for (const auto* which : share_.cases) {
    if (settled_.count(which->name) != 0) continue;
    CaseRecord record;
    record.name = which->name;
    record.outcome = never ? Outcome::blocked : Outcome::missing;
    record.message = cell.reason;
    record.boot = console_number();
    record.argv = which->argv;
    KMATRIX_TRY(finish_case(std::move(record)));
  }
  return {};
}

Status CellRunner::finish_case(CaseRecord record) {
  record.cell = task_.index;
  settled_.insert(record.name);
  return report_([&](RunObserver& o) { return o.case_finished(record); });
}

/// Hands on what the console has reported since the last time, each under the case that was
/// running by the markers, or in doubt under the one of `report`.
Status CellRunner::report_incidents(const machine::CaseReport* report) {
  if (!session_) return {};
  const auto& all = session_->console().incidents();
  for (; reported_incidents_ < all.size(); ++reported_incidents_) {
    const auto& incident = all[reported_incidents_];
    auto seq = incident.seq;
    if (!seq && report != nullptr && belongs(incident, *report)) seq = report->seq;
    const auto name = seq ? names_.find(*seq) : names_.end();
    IncidentRecord record{task_.index, name != names_.end() ? name->second : "", console_number(),
                          incident, ""};
    if (const auto* ignore = ignored_by(task_.ignores, to_string(incident.kind), incident.title))
      record.ignored = ignore->reason;
    KMATRIX_TRY(report_([&](RunObserver& o) { return o.incident(record); }));
  }
  return {};
}

}  // namespace kmatrix::run
