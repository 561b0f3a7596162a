// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "cli/experiment_file.h"
#include "cli/live.h"
#include "cli/rerun_plan.h"
#include "cli/reruns.h"
#include "cli/run_options.h"
#include "cli/screen.h"
#include "cli/store_observer.h"
#include "cli/workshop.h"
#include "machine/libvirt_hypervisor.h"
#include "run/estimate.h"
#include "run/prepare.h"
#include "run/runner.h"
#include "support/clock.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::cli {

/// A run that was interrupted, claimed by this process.
struct ClaimedRun {
  store::RunRow row;
  support::FileLock lock;
};

/// When a process took a run up.
struct Beginning {
  std::chrono::steady_clock::time_point steady = support::SystemClock().now();
  std::chrono::system_clock::time_point wall = support::SystemClock().wall();
};

/// Says what came of a run that took `wall`, and gives the exit code.
using Tell = std::function<int(store::RunId run, support::Seconds wall)>;

/// One run from its row in the database to its summary. The references outlive it.
class OneRun {
 public:
  struct Parts {
    const GlobalOptions& global;
    const RunOptions& options;
    const ReadExperiment& read;
    Workshop& workshop;
    store::Store& store;
    Screen& screen;
    std::stop_token stop;
    Tell tell = {};  ///< of a run that went to its end; none: its summary is printed
  };
  /// `began`: when this process took it up. `resumed`: the run to go on with; none: a new one.
  /// `rerun`: it repeats that of an earlier run.
  OneRun(Parts parts, Beginning began, std::optional<ClaimedRun> resumed,
         std::optional<RerunPlan> rerun)
      : global_(parts.global),
        options_(parts.options),
        read_(parts.read),
        workshop_(parts.workshop),
        store_(parts.store),
        screen_(parts.screen),
        stop_(std::move(parts.stop)),
        tell_(std::move(parts.tell)),
        began_(began),
        resumed_(std::move(resumed)),
        rerun_(std::move(rerun)) {}
  ~OneRun();
  OneRun(const OneRun&) = delete;
  OneRun& operator=(const OneRun&) = delete;

  /// Runs what was prepared, and returns the exit code.
  int execute(const run::Prepared& prepared);

 private:
  using Reuse = std::map<std::size_t, store::CellRow>;

  /// The run's row: a new one, or the old one again.
  Result<store::RunId> enter();
  Result<ResumePlan> what_is_finished(const run::Prepared& prepared,
                                      const std::vector<support::Digest>& keys);
  void say(const std::string& text) { screen_.print("==> " + support::printable(text)); }
  /// From now on other processes see what is said here (live.h).
  void go_live(store::RunId id);
  void tell_what_goes_on(const ResumePlan& resume);
  /// By cell: what its results depend on, as a key. Results of some of its cases alone have none:
  /// they are not to be taken over as those of the cell.
  std::vector<support::Digest> keys_of(const std::vector<plan::CellParts>& parts) const;
  Result<Reuse> reusable(const run::Prepared& prepared, const std::vector<support::Digest>& keys,
                         const ResumePlan& resume) const;
  Result<std::map<std::size_t, double>> expected_slowness() const;
  Result<std::unique_ptr<machine::LibvirtHypervisor>> connect() const;
  std::vector<int> expected_objects(const run::Prepared& prepared) const;
  Result<run::Estimates> estimated(const run::Prepared& prepared, const Reuse& reuse,
                                   const ResumePlan& resume) const;
  Status observed(const run::Prepared& prepared, const StoreObserver::Options& results,
                  machine::Hypervisor* hypervisor);
  /// Runs what `options` leave to run; `to_store` hears of it, and who watches.
  Status run_and_tell(const run::Prepared& prepared, const run::Runner::Options& options,
                      run::RunObserver& to_store, machine::Hypervisor* hypervisor);
  run::Runner::Options runner_options(const std::filesystem::path& folder, store::RunId run) const;
  /// The cases whose verdict is open, again and again, until it is sure or the budget is spent.
  Status run_open_cases(const run::Prepared& prepared, store::RunId run,
                        std::unique_ptr<machine::LibvirtHypervisor>& hypervisor);
  /// All cases of a replay once more, until they ran as often as was asked for.
  Status run_further_times(const run::Prepared& prepared, store::RunId run,
                           std::unique_ptr<machine::LibvirtHypervisor>& hypervisor);
  Status run_pass(const run::Prepared& prepared, const report::StoredRun& stored,
                  const RerunPass& pass, machine::Hypervisor& hypervisor);
  int finish(store::RunId id, const Status& status, support::Seconds wall);

  const GlobalOptions& global_;
  const RunOptions& options_;
  const ReadExperiment& read_;
  Workshop& workshop_;
  store::Store& store_;
  Screen& screen_;
  support::SystemClock clock_;
  std::stop_token stop_;
  Tell tell_;
  Beginning began_;
  std::optional<ClaimedRun> resumed_;
  std::optional<RerunPlan> rerun_;
  std::optional<support::FileLock> lock_;
  std::optional<LiveWriter> live_;  ///< gone before the lock
};

}  // namespace kmatrix::cli
