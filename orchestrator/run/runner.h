// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "image/image_store.h"
#include "machine/hypervisor.h"
#include "plan/job_graph.h"
#include "run/estimate.h"
#include "run/identical.h"
#include "run/observer.h"
#include "run/prepare.h"
#include "run/schedule.h"
#include "source/tree_store.h"
#include "support/clock.h"

namespace kmatrix::run {

/// Runs a prepared experiment: builds, disks and boots, as many at a time as the slots allow.
class Runner {
 public:
  struct Options {
    std::filesystem::path data;        ///< folder with images/
    std::filesystem::path agents;      ///< folder with kmatrix-agent-ARCH
    std::filesystem::path run_folder;  ///< for this run's logs
    std::string run_name;              ///< short and unique: part of domain names
    Room room;
    int build_jobs = 1;  ///< make -j
    Estimates estimates;
    support::Seconds preparation{0};  ///< that came before, for the account of the effort
    std::set<std::size_t> reused;     ///< cells that take over the results of an earlier run
    /// Of a resumed run: what was finished before it was interrupted, and the cases that have an
    /// outcome, by their cell.
    std::set<std::size_t> finished_kernels, finished_cells;
    std::map<std::size_t, std::set<std::string>> finished_cases;
    /// Of machines like the cell's, as measured before (machine/slowness.h).
    std::map<std::size_t, double> slowness;
    /// Cells of `reused` and `finished_cells` by their identity (identical.h).
    std::map<std::string, std::size_t> identities;
  };
  /// The parts outlive the Runner.
  struct Parts {
    source::TreeStore& trees;
    build::KernelBuilder& builder;
    image::ImageStore& images;
    machine::Hypervisor* hypervisor;  ///< may be absent if no cell is to run
    const support::Clock& clock;
    RunObserver& observer;
  };
  Runner(Options options, Parts parts, const spec::Experiment& experiment,
         const plan::Matrix& matrix, const Prepared& prepared, std::stop_token stop);

  /// Error: interrupted, or the store failed, or a failure of ours that concerns more than a cell;
  /// what was finished before is with the observer already.
  Status run();

 private:
  struct Ended {
    bool good = false;
    Status status;
    bool measured = false;  ///< it did all of its work: its time says something of others
    std::optional<std::size_t> until = {};  ///< it did nothing, and waits for the end of this job
  };
  Status record_unavailable();
  plan::Spared spared() const;
  support::Seconds expected_time(const plan::Job& job) const;
  std::vector<support::Seconds> expected_times() const;
  /// Jobs that take alike.
  std::string kind_of(const plan::Job& job) const;
  Status work(Schedule& schedule);
  Status settle(Schedule& schedule, std::size_t job, const Ended& ended);
  Status tell_stopping(const Error& error, const Schedule& schedule);
  Ended run_timed(std::size_t job);
  void note_progress(plan::JobKind kind, std::size_t subject, Part part);
  /// Tells how long the rest may take, from what runs now and how far it is.
  Status tell_left(Schedule& schedule);
  std::string name_of(const plan::Job& job) const;
  std::string name_of(const plan::Selftests& selftests) const;
  Status tell_effort();
  Ended run_job(const plan::Job& job);
  Ended make_root_disk(const std::string& image);
  Ended build_kernel(std::size_t index);
  Status check_suites(std::size_t kernel) const;
  /// Of a kernel; its suites' selections are checked when the sources are first asked for.
  build::SourceFolder source_of(std::size_t kernel);
  Result<std::filesystem::path> tests_of(std::size_t kernel, const spec::Suite& suite) const;
  const spec::Toolchain& toolchain_of(std::size_t kernel) const;
  Ended build_selftests(std::size_t index);
  bool unused(const PreparedKernel& prepared, std::size_t index) const;
  std::size_t job_of(std::size_t cell) const;
  CellTask task_of(std::size_t index, const std::filesystem::path& source);
  Ended run_cell(std::size_t index);
  Status block(const plan::Job& job);
  Status tell(const std::function<Status(RunObserver&)>& call);
  const build::UnmetNeed* unmet(const plan::PlannedCell& cell) const;

  Options options_;
  Parts parts_;
  const spec::Experiment& experiment_;
  const plan::Matrix& matrix_;
  const Prepared& prepared_;
  std::stop_source abort_;
  std::stop_callback<std::function<void()>> forward_stop_;
  plan::JobGraph graph_;
  std::chrono::steady_clock::time_point began_;
  std::mutex observer_mutex_, results_mutex_;
  std::map<std::size_t, build::ArtefactFiles> artefacts_;
  std::map<std::size_t, std::string> signatures_;  ///< of kernels that are built
  Identities identities_;
  std::map<std::string, std::filesystem::path> root_disks_;
  std::map<std::size_t, std::string> build_failures_;
  std::map<std::pair<std::size_t, std::string>, std::filesystem::path> selftests_;
  std::map<std::pair<std::size_t, std::string>, std::string> selftests_failures_;
  std::map<std::size_t, std::chrono::steady_clock::time_point> running_;  ///< jobs, since when
  /// Objects of kernels and selftests, cases of cells; by subject.
  std::map<std::pair<plan::JobKind, std::size_t>, Part> progress_;
  std::vector<support::Seconds> took_;              ///< by job
  std::map<std::string, std::vector<Pace>> paces_;  ///< by kind_of()
};

}  // namespace kmatrix::run
