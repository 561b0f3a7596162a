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
  if (task_.shard == 0)
    KMATRIX_TRY(report_([&](RunObserver& o) { return o.cell_started(task_.index); }));
  const auto give_up = [&](const Error& error) -> Result<CellRecord> {
    if (error.kind == ErrorKind::interrupted) return error;
    record.state = CellState::infra_error;
    record.reason = error.message;
    record.explanation = to_string(error);
    return record;
  };
  if (auto made = support::make_folders(task_.folder); !made) return give_up(made.error());
  auto suite = suite::make_suite(*task_.suite, {task_.source, task_.data, task_.selftests});
  // A selection that fits nothing: the experiment is wrong, and not this cell alone.
  if (!suite && suite.error().kind == ErrorKind::input) return suite.error();
  if (!suite) return give_up(suite.error());
  const auto names = take_cases(**suite);
  KMATRIX_TRY(report_([&](RunObserver& o) { return o.cases_planned(task_.index, names); }));
  KMATRIX_TRY(record_unbuilt(**suite));
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

std::vector<std::string> CellRunner::take_cases(const suite::Suite& suite) {
  resumed_ = !task_.done.empty();
  std::vector<std::string> ours;
  std::set<std::string> others;
  int number = 0;
  for (const auto& each : suite.cases()) {
    if (task_.done.count(each.name) != 0) continue;
    if (number++ % task_.shards == task_.shard)
      ours.push_back(each.name);
    else
      others.insert(each.name);
  }
  task_.done.merge(others);
  return ours;
}

/// Cases without a program have their outcome before anything is booted.
Status CellRunner::record_unbuilt(const suite::Suite& suite) {
  for (const auto& each : suite.unbuilt()) {
    if (task_.shard != 0 || task_.done.count(each.name) != 0) continue;
    CaseRecord record;
    record.name = each.name;
    record.outcome = Outcome::blocked;
    record.message = each.reason;
    KMATRIX_TRY(finish_case(std::move(record)));
  }
  return {};
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
