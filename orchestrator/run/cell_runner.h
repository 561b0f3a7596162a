// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "machine/hypervisor.h"
#include "machine/session.h"
#include "run/blame.h"
#include "run/estimate.h"
#include "run/ignore.h"
#include "run/observer.h"
#include "suite/suite.h"
#include "support/clock.h"

namespace kmatrix::run {

/// All that one cell needs to run; what is pointed to outlives its run.
struct CellTask {
  std::size_t index = 0;  ///< into Matrix::cells
  const plan::PlannedCell* cell = nullptr;
  const spec::Machine* machine = nullptr;
  const spec::Suite* suite = nullptr;
  Ignores ignores;  ///< incidents of the cell that do not count
  build::ArtefactFiles kernel;
  std::string signature = {};    ///< of the kernel (BuildInfo::signature); empty: not known
  std::filesystem::path source;  ///< patched tree that its selftests come from
  std::filesystem::path root_disk;
  std::filesystem::path selftests = {};  ///< of a suite that is built
  std::filesystem::path folder;          ///< for console logs and outputs; made here
  std::filesystem::path data;            ///< folder with images/
  std::string domain_name;               ///< unique prefix
  double slowness = 0;         ///< of machines like this one, as measured before; 0: unknown
  std::set<std::string> done;  ///< names of cases that have an outcome and do not run
  int earlier_boots = 0;       ///< console-N.log that are in the folder already
  CaseTimes case_times = {};   ///< as in an earlier run
  /// Told how far the cell is; from several threads, one at a time.
  std::function<void(Part)> on_progress = {};
};

/// What one machine of a cell runs; cell.h deals them out.
struct Share {
  const suite::Suite& suite;
  machine::Hardware hardware;
  std::vector<const suite::Case*> cases;  ///< of the suite, all without an outcome
  int shard = 0, shards = 1;              ///< this one, of how many
  std::function<void(const suite::Case&)> on_case_over = {};
};

/// Boots a machine and runs its share of a cell's cases one by one. A case that takes the kernel
/// down costs that case alone: a fresh machine goes on with the next. Only the case that ran is
/// blamed; a failure of ours is no result, and what it hit is tried once more. Whatever has no
/// outcome at the end is `missing`, and says why.
class CellRunner {
 public:
  using Report = std::function<Status(const std::function<Status(RunObserver&)>&)>;

  /// `report` hands a call to the observer, one at a time. Task and share outlive the CellRunner.
  CellRunner(const CellTask& task, const Share& share, machine::Hypervisor& hypervisor,
             const support::Clock& clock, Report report, std::stop_token stop);

  /// `record`, with what this machine has to tell. Error: interrupted, or the store failed; a
  /// failure of ours in this share alone is a record in state infra_error.
  Result<CellRecord> run(CellRecord record);

 private:
  /// What has kept one case from having a result, through no doing of its own.
  struct Tries {
    std::vector<std::string> failures;  ///< of ours
    int unblamed = 0;                   ///< the guest went down, but not while the case ran
  };
  Status run_cases(CellRecord& record);
  Status boot(CellRecord& record);
  Result<machine::BootReport> power_on();
  Status take_boot(const machine::BootReport& booted, CellRecord& record);
  Status run_case(const suite::Case& which, CellRecord& record);
  Result<machine::CaseReport> talk(const suite::Case& which);
  Status count_failure(const Error& error, const suite::Case& which, Tries& tries,
                       CellRecord& record);
  Status set_aside(const machine::CaseReport& report, const suite::Case& which, Blame blame,
                   CellRecord& record);
  Status record_case(const suite::Case& which, const machine::CaseReport& report,
                     const Tries& tries, CellRecord& record);
  Status look_at_machine(const machine::CaseReport& report, const suite::Case& which, bool spoiled,
                         CellRecord& record);
  Status report_reboot(const machine::CaseReport& report, const suite::Case& which);
  Status leave_rest(const CellRecord& record);
  Status finish_case(CaseRecord record);
  Status report_incidents(const machine::CaseReport* report = nullptr);
  Status close_session();
  Status note(const std::string& text, CellRecord& record);
  /// Of this boot's console-N.log.
  int console_number() const {
    return task_.earlier_boots + (boots_ - 1) * share_.shards + share_.shard + 1;
  }
  std::filesystem::path console_log() const;

  const CellTask& task_;
  const Share& share_;
  machine::Hypervisor& hypervisor_;
  const support::Clock& clock_;
  Report report_;
  std::stop_token stop_;
  machine::Hardware hardware_;
  std::unique_ptr<machine::Session> session_;
  std::set<std::string> settled_;  ///< cases that have an outcome
  Deaths deaths_;
  bool booted_ = false;      ///< a machine has come up
  int failed_in_a_row_ = 0;  ///< cases that had no result through our own failure
  int boots_ = 0;
  std::size_t reported_incidents_ = 0;
  std::map<std::uint64_t, std::string> names_;  ///< of cases, by the number that they ran under
  std::uint64_t tries_ = 0, seq_ = 0;
  std::uint64_t tainted_ = 0;
};

}  // namespace kmatrix::run
