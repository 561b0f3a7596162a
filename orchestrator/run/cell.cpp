// SPDX-License-Identifier: GPL-2.0-or-later
// Shards share what is made once: the list of cases, which is planned before any machine runs so
// that nothing can vanish with one of them, and the disk. Behind that each has its own CellRunner
// in its own thread, and what befalls it costs it what it would cost the only machine.
#include "run/cell.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include "machine/domain_xml.h"
#include "machine/slowness.h"
#include "support/file.h"
#include "support/process.h"

namespace kmatrix::run {

using plan::CellState;

namespace {

CellRecord new_record(const CellTask& task) {
  CellRecord record;
  record.index = task.index;
  record.folder = task.folder;
  record.accel = to_string(task.machine->accel);
  record.accel_reason = task.machine->accel_reason;
  return record;
}

/// What nothing in the cell can run without could not be made.
Result<CellRecord> given_up(CellRecord record, const Error& error) {
  if (error.kind == ErrorKind::interrupted) return error;
  record.state = CellState::infra_error;
  record.reason = error.message;
  record.explanation = to_string(error);
  return record;
}

CellRecord same_as(const Identities::Twin& other, CellRecord record) {
  record.state = CellState::done;
  record.identical_to = other.cell;
  record.postponed = other.running;
  return record;
}

std::vector<std::string> names_of(const std::vector<const suite::Case*>& cases) {
  std::vector<std::string> names;
  names.reserve(cases.size());
  for (const auto* each : cases) names.push_back(each->name);
  return names;
}

/// Tells of all cases that are to run. Those without a program have their outcome before anything
/// is booted.
Status announce(const CellTask& task, const suite::Suite& suite,
                const std::vector<const suite::Case*>& cases, const CellParts& parts) {
  const auto names = names_of(cases);
  KMATRIX_TRY(parts.report([&](RunObserver& o) { return o.cases_planned(task.index, names); }));
  for (const auto& each : suite.unbuilt()) {
    if (task.done.count(each.name) != 0) continue;
    CaseRecord record;
    record.cell = task.index;
    record.name = each.name;
    record.outcome = plan::Outcome::blocked;
    record.message = each.reason;
    KMATRIX_TRY(parts.report([&](RunObserver& o) { return o.case_finished(record); }));
  }
  return {};
}

/// Every Nth case to each of N shards, of which none is without a case unless there is none at all.
std::vector<Share> shares_of(const suite::Suite& suite, const machine::Hardware& hardware,
                             const std::vector<const suite::Case*>& cases, int wanted) {
  const auto most = std::max<std::size_t>(cases.size(), 1);
  const auto count = std::min(static_cast<std::size_t>(wanted), most);
  std::vector<Share> shares;
  for (std::size_t i = 0; i < count; ++i)
    shares.push_back({suite, hardware, {}, static_cast<int>(i), static_cast<int>(count)});
  for (std::size_t i = 0; i < cases.size(); ++i) shares[i % count].cases.push_back(cases[i]);
  return shares;
}

/// How far all shares together are.
class Progress {
 public:
  Progress(const CellTask& task, const std::vector<const suite::Case*>& cases) : task_(task) {
    const auto names = names_of(cases);
    const auto weights = weights_of(names, task.case_times);
    for (std::size_t i = 0; i < names.size(); ++i) weights_[names[i]] = weights[i];
    part_.all = static_cast<double>(names.size());
  }
  void over(const suite::Case& which) {
    const std::lock_guard lock(mutex_);
    part_.done += weights_.at(which.name);
    if (task_.on_progress) task_.on_progress(part_);
  }

 private:
  const CellTask& task_;
  std::mutex mutex_;
  std::map<std::string, double> weights_;
  Part part_;
};

/// Each share on its machine, all at the same time.
std::vector<Result<CellRecord>> run_shares(const CellTask& task, const CellRecord& record,
                                           const std::vector<Share>& shares,
                                           const CellParts& parts) {
  std::vector<Result<CellRecord>> finished(shares.size(), CellRecord());
  std::vector<std::jthread> machines;
  for (std::size_t i = 0; i < shares.size(); ++i)
    machines.emplace_back([&, i] {
      CellRunner runner(task, shares[i], parts.hypervisor, parts.clock, parts.report, parts.stop);
      finished[i] = runner.run(record);
    });
  machines.clear();  // waits for them
  return finished;
}

/// What there is to tell of all shards: the worst state, and what the first machine that came up
/// said of itself.
CellRecord merged(const std::vector<CellRecord>& shards) {
  CellRecord all = shards.front();
  for (auto each = shards.begin() + 1; each != shards.end(); ++each) {
    // In the order of CellState: done, blocked, infra_error.
    if (each->state > all.state) {
      all.state = each->state;
      all.reason = each->reason;
      all.explanation = each->explanation;
    }
    if (all.agent_release.empty()) {
      all.agent_release = each->agent_release;
      all.boot = each->boot;
    }
    all.slowness = std::max(all.slowness, each->slowness);
    all.complete = all.complete && each->complete;
    all.notes.insert(all.notes.end(), each->notes.begin(), each->notes.end());
  }
  return all;
}

}  // namespace

Result<machine::Hardware> make_hardware(const CellTask& task, const suite::Suite& suite,
                                        image::ImageStore& images) {
  std::vector<image::DiskItem> items{{task.kernel.modules, "modules"}};
  for (const auto& needed : suite.needed()) items.push_back({needed.from, needed.to});
  auto disk = images.cell_disk(items, task.cell->name);
  if (!disk) return disk.error();
  return machine::Hardware{
      task.domain_name,
      *task.machine,
      task.kernel.image,
      {task.root_disk, *disk},
      machine::command_line(*task.machine),
      task.slowness > 0 ? task.slowness : machine::default_slowness(task.machine->accel)};
}

Result<CellRecord> run_cell(const CellTask& task, const CellParts& parts) {
  const auto begin = parts.clock.now();
  auto record = new_record(task);
  KMATRIX_TRY(parts.report([&](RunObserver& o) { return o.cell_started(task.index); }));
  if (auto made = support::make_folders(task.folder); !made) return given_up(record, made.error());
  const auto suite = suite::make_suite(*task.suite, {task.source, task.data, task.selftests});
  // A selection that fits nothing: the experiment is wrong, and not this cell alone.
  if (!suite && suite.error().kind == ErrorKind::input) return suite.error();
  if (!suite) return given_up(record, suite.error());
  std::vector<const suite::Case*> cases;
  for (const auto& each : (*suite)->cases())
    if (task.done.count(each.name) == 0) cases.push_back(&each);
  const auto hardware = make_hardware(task, **suite, parts.images);
  if (hardware) {
    record.identity = identity_of(task, *hardware, **suite);
    if (const auto other = parts.identities.find(record.identity, task.index))
      return same_as(*other, std::move(record));
  }
  KMATRIX_TRY(announce(task, **suite, cases, parts));
  if (!hardware) return given_up(record, hardware.error());
  record.command_line = hardware->command_line;
  const auto emulator = "qemu-system-" + machine::qemu_arch(task.machine->arch);
  record.machine_xml = machine::domain_xml(*hardware, support::find_program(emulator).string());
  auto shares = shares_of(**suite, *hardware, cases, task.suite->shards);
  Progress progress(task, cases);
  for (auto& each : shares)
    each.on_case_over = [&](const suite::Case& which) { progress.over(which); };
  std::vector<CellRecord> finished;
  for (auto& each : run_shares(task, record, shares, parts)) {
    if (!each) return each.error();
    finished.push_back(std::move(*each));
  }
  record = merged(finished);
  record.took = parts.clock.now() - begin;
  return record;
}

}  // namespace kmatrix::run
