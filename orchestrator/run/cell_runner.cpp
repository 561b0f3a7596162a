// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/cell_runner.h"

#include <fmt/format.h>

#include <algorithm>

#include "machine/domain_xml.h"
#include "machine/slowness.h"
#include "support/file.h"
#include "support/process.h"

namespace kmatrix::run {

using machine::GuestEnd;
using plan::CellState;
using plan::Outcome;

namespace {

/// Two cases in a row to which we could do nothing: it is the host, not the case.
constexpr int most_failed_in_a_row = 2;

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
  if (judged.outcome == Outcome::timed_out && report.ended && report.ended->timed_out)
    add_to(result.message, "its deadline was " + report.deadline);
  if (!failures.empty()) add_to(result.message, "second try, after: " + failures.front());
  result.took = report.ended ? support::Seconds(report.ended->took) : report.took;
  result.first_line = report.first_line;
  result.last_line = report.last_line;
  return result;
}

}  // namespace

CellRunner::CellRunner(CellTask task, image::ImageStore& images, machine::Hypervisor& hypervisor,
                       const support::Clock& clock, Report report, std::stop_token stop)
    : task_(std::move(task)),
      images_(images),
      hypervisor_(hypervisor),
      clock_(clock),
      report_(std::move(report)),
      stop_(std::move(stop)) {}

Result<CellRecord> CellRunner::run() {
  CellRecord record;
  record.index = task_.index;
  record.folder = task_.folder;
  record.accel = to_string(task_.machine->accel);
  record.accel_reason = task_.machine->accel_reason;
  const auto begin = clock_.now();
  KMATRIX_TRY(report_([&](RunObserver& o) { return o.cell_started(task_.index); }));
  const auto give_up = [&](const Error& error) -> Result<CellRecord> {
    if (error.kind == ErrorKind::interrupted) return error;
    record.state = CellState::infra_error;
    record.reason = error.message;
    record.explanation = to_string(error);
    return record;
  };
  if (auto made = support::make_folders(task_.folder); !made) return give_up(made.error());
  auto suite = suite::make_suite(*task_.suite, {task_.source, task_.data});
  if (!suite) return give_up(suite.error());
  std::vector<std::string> names;
  for (const auto& each : (*suite)->cases())
    if (task_.done.count(each.name) == 0) names.push_back(each.name);
  KMATRIX_TRY(report_([&](RunObserver& o) { return o.cases_planned(task_.index, names); }));
  auto parts = hardware(**suite);
  if (!parts) return give_up(parts.error());
  record.command_line = parts->command_line;
  const auto emulator = "qemu-system-" + machine::qemu_arch(task_.machine->arch);
  record.machine_xml = machine::domain_xml(*parts, support::find_program(emulator).string());
  auto finished = run_cases(**suite, *parts, record);
  session_.reset();
  if (!finished) return give_up(finished.error());
  finished->took = clock_.now() - begin;
  return finished;
}

Result<machine::Hardware> CellRunner::hardware(const suite::Suite& suite) {
  std::vector<image::DiskItem> items{{task_.kernel.modules, "modules"}};
  for (const auto& needed : suite.needed()) items.push_back({needed.from, needed.to});
  auto disk = images_.cell_disk(items, task_.cell->name);
  if (!disk) return disk.error();
  return machine::Hardware{
      task_.domain_name,
      *task_.machine,
      task_.kernel.image,
      {task_.root_disk, *disk},
      machine::command_line(*task_.machine),
      task_.slowness > 0 ? task_.slowness : machine::default_slowness(task_.machine->accel)};
}

std::filesystem::path CellRunner::console_log() const {
  return task_.folder / fmt::format("console-{}.log", console_number());
}

/// Boots until all cases have run, or until a machine or we ourselves give up: then the record's
/// state is no longer `done`, and the rest gets its outcome from that.
Result<CellRecord> CellRunner::run_cases(const suite::Suite& suite, machine::Hardware hardware,
                                         CellRecord record) {
  hardware_ = std::move(hardware);
  record.state = CellState::done;
  for (const auto& which : suite.cases()) {
    if (task_.done.count(which.name) != 0) continue;
    KMATRIX_TRY(run_case(suite, which, record));
    if (record.state != CellState::done) break;
  }
  if (record.state != CellState::done) KMATRIX_TRY(leave_rest(suite, record));
  KMATRIX_TRY(close_session());
  return record;
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
  hardware.name += "-" + std::to_string(boots_);
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
Status CellRunner::run_case(const suite::Suite& suite, const suite::Case& which,
                            CellRecord& record) {
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
      KMATRIX_TRY(record_case(suite, which, *report, tries, record));
    }
    if (record.state != CellState::done) return {};
  }
  return {};
}

Result<machine::CaseReport> CellRunner::talk(const suite::Case& which) {
  agent::Run run;
  run.seq = ++seq_;
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

Status CellRunner::record_case(const suite::Suite& suite, const suite::Case& which,
                               const machine::CaseReport& report, const Tries& tries,
                               CellRecord& record) {
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
  auto all = suite.judge(which, finished);
  std::rotate(all.begin(), all.begin() + 1, all.end());
  const bool wants_clean_log = task_.suite->runner != spec::RunnerKind::ftracetest;
  // What a killed test leaves behind (tracers, mounts, modules) would spoil the next one.
  bool spoiled = worst_of(report, incidents, task_.ignores) != nullptr ||
                 report.end != GuestEnd::alive || (report.ended && report.ended->exhausted);
  for (auto& judged : all) {
    const auto final =
        with_kernel_state(std::move(judged), report, incidents, task_.ignores, wants_clean_log);
    spoiled = spoiled || final.outcome == Outcome::crashed || final.outcome == Outcome::timed_out;
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
Status CellRunner::leave_rest(const suite::Suite& suite, const CellRecord& cell) {
  const bool never = cell.state == CellState::blocked && !booted_ && task_.done.empty();
  for (const auto& which : suite.cases()) {
    if (task_.done.count(which.name) != 0 || settled_.count(which.name) != 0) continue;
    CaseRecord record;
    record.name = which.name;
    record.outcome = never ? Outcome::blocked : Outcome::missing;
    record.message = cell.reason;
    record.boot = console_number();
    record.argv = which.argv;
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
