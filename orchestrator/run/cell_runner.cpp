// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/cell_runner.h"

#include <fmt/format.h>

#include <algorithm>

namespace kmatrix::run {

using machine::GuestEnd;
using plan::CellState;
using plan::Outcome;

namespace {

/// Two cases in a row to which we could do nothing: it is the host, not the case.
constexpr int most_failed_in_a_row = 2;

}  // namespace

CellRunner::CellRunner(const CellTask& task, const Share& share, machine::Hypervisor& hypervisor,
                       const support::Clock& clock, Report report, std::stop_token stop)
    : task_(task),
      share_(share),
      hypervisor_(hypervisor),
      clock_(clock),
      report_(std::move(report)),
      stop_(std::move(stop)),
      hardware_(share.hardware) {}

Result<CellRecord> CellRunner::run(CellRecord record) {
  record.state = CellState::done;
  const auto ran = run_cases(record);
  session_.reset();
  if (ran) return record;
  if (ran.error().kind == ErrorKind::interrupted) return ran.error();
  record.state = CellState::infra_error;
  record.reason = ran.error().message;
  record.explanation = to_string(ran.error());
  return record;
}

std::filesystem::path CellRunner::console_log() const {
  return task_.folder / fmt::format("console-{}.log", console_number());
}

/// Boots until all cases have run, or until a machine or we ourselves give up: then the record's
/// state is no longer `done`, and the rest gets its outcome from that.
Status CellRunner::run_cases(CellRecord& record) {
  for (const auto* which : share_.cases) {
    KMATRIX_TRY(run_case(*which, record));
    if (share_.on_case_over) share_.on_case_over(*which);
    if (record.state != CellState::done) break;
  }
  if (record.state != CellState::done) KMATRIX_TRY(leave_rest(record));
  return close_session();
}

/// Boots a machine. A failure of ours is tried again once; what the kernel does is not.
Status CellRunner::boot(CellRecord& record) {
  for (bool again = false;; again = true) {
    auto booted = power_on();
    if (!booted && booted.error().kind == ErrorKind::interrupted) return booted.error();
    // Nothing but kernel and agent has run yet: what is no protocol is not the kernel's doing.
    const bool ours = !booted || booted->end == GuestEnd::bad_agent;
    if (!ours) return take_boot(*booted, record);
    const std::string why = booted ? booted->reason : to_string(booted.error());
    KMATRIX_TRY(report_incidents());
    session_.reset();
    if (again) {
      record.state = CellState::infra_error;
      record.reason = "twice no machine could be brought up: " + why;
      return {};
    }
    KMATRIX_TRY(note(fmt::format("boot {} failed through no doing of the kernel, and was tried "
                                 "again: {}",
                                 console_number(), why),
                     record));
  }
}

Result<machine::BootReport> CellRunner::power_on() {
  ++boots_;
  reported_incidents_ = 0;
  auto hardware = hardware_;
  hardware.name += "-" + std::to_string(console_number());
  session_ = std::make_unique<machine::Session>(hypervisor_, clock_, std::move(hardware),
                                                console_log(), stop_);
  return session_->boot();
}

Status CellRunner::take_boot(const machine::BootReport& booted, CellRecord& record) {
  KMATRIX_TRY(report_incidents());
  if (booted.hello) {
    if (!booted_) record.boot = booted.took;
    if (!booted_) record.slowness = booted.slowness;
    booted_ = true;
    record.agent_release = booted.hello->release;
    tainted_ = booted.hello->tainted;
    // What was measured now is better than what was expected.
    hardware_.slowness = booted.slowness;
    return {};
  }
  record.state = CellState::blocked;
  record.reason = (booted_ ? "did not boot again: " : "the kernel did not boot: ") + booted.reason;
  record.explanation = "console: " + console_log().string();
  return {};
}

/// Until the case has an outcome or the cell is over. Each pass costs a machine, and there are at
/// most four: a failure of ours and a guest that goes down around the case count once each.
Status CellRunner::run_case(const suite::Case& which, CellRecord& record) {
  KMATRIX_TRY(report_([&](RunObserver& o) { return o.case_started(task_.index, which.name); }));
  Tries tries;
  while (settled_.count(which.name) == 0) {
    if (!session_) KMATRIX_TRY(boot(record));
    if (record.state != CellState::done) return {};
    auto report = talk(which);
    if (!report) {
      KMATRIX_TRY(count_failure(report.error(), which, tries, record));
      continue;
    }
    const Blame blame = blame_of(*report);
    const bool unblamed = blame == Blame::before_it || blame == Blame::lost;
    if (unblamed && tries.unblamed++ == 0) {
      KMATRIX_TRY(set_aside(*report, which, blame, record));
    } else if (blame == Blame::before_it) {
      record.state = CellState::blocked;
      record.reason = fmt::format("twice the machine went down before {} could begin: {}",
                                  which.name, report->reason);
      return report_incidents();
    } else {
      KMATRIX_TRY(record_case(which, *report, tries, record));
    }
    if (record.state != CellState::done) return {};
  }
  return {};
}

Result<machine::CaseReport> CellRunner::talk(const suite::Case& which) {
  agent::Run run;
  // Of all machines of a cell no two give a case the same number: outputs are called by it.
  run.seq = seq_ = tries_++ * static_cast<std::uint64_t>(share_.shards) +
                   static_cast<std::uint64_t>(share_.shard) + 1;
  run.name = which.name;
  run.argv = which.argv;
  run.env = which.env;
  run.cwd = which.cwd;
  names_[run.seq] = which.name;
  return session_->run(run, which.timeout);
}

/// A failure of ours in the middle of a case: no result of the kernel. The case is tried once more.
Status CellRunner::count_failure(const Error& error, const suite::Case& which, Tries& tries,
                                 CellRecord& record) {
  if (error.kind == ErrorKind::interrupted) return error;
  KMATRIX_TRY(report_incidents());
  session_.reset();
  tries.failures.push_back(error.message);
  if (tries.failures.size() == 1)
    return note(fmt::format("case {} on boot {} failed through no doing of the guest, and was "
                            "tried again: {}",
                            which.name, console_number(), error.message),
                record);
  CaseRecord failed;
  failed.name = which.name;
  failed.outcome = Outcome::infra_error;
  failed.message = "twice: " + error.message;
  failed.argv = which.argv;
  record.complete = false;
  KMATRIX_TRY(finish_case(std::move(failed)));
  if (++failed_in_a_row_ < most_failed_in_a_row) return {};
  record.state = CellState::infra_error;
  record.reason = error.message;
  record.explanation = to_string(error);
  return {};
}

/// The guest went down around the case: its reports are nobody's, and the case gets a new machine.
Status CellRunner::set_aside(const machine::CaseReport& report, const suite::Case& which,
                             Blame blame, CellRecord& record) {
  KMATRIX_TRY(report_incidents(&report));
  session_.reset();
  return note(fmt::format("boot {} went down {} case {}, which was tried again: {}",
                          console_number(), blame == Blame::lost ? "with the result of" : "before",
                          which.name, report.reason),
              record);
}

Status CellRunner::close_session() {
  if (!session_) return {};
  KMATRIX_TRY(session_->power_off());
  KMATRIX_TRY(report_incidents());
  session_.reset();
  return {};
}

Status CellRunner::note(const std::string& text, CellRecord& record) {
  record.notes.push_back(text);
  return report_([&](RunObserver& o) { return o.note(task_.cell->name + ": " + text); });
}

}  // namespace kmatrix::run
