// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/conclusion_rows.h"
#include "store/history_rows.h"
#include "support/result.h"

namespace kmatrix::store {

struct RunId {
  std::int64_t value = 0;
  bool operator==(const RunId&) const = default;
};

/// Rows as they are stored. Times are ISO 8601 in UTC; durations in seconds; outcomes, states and
/// kinds the words of architecture.md. Empty text means none. Text is stored as valid UTF-8; what
/// is not, and NUL, becomes U+FFFD. `id` is set by the store and not read from a row that is put.
struct RunRow {
  RunId id;
  std::string experiment, experiment_file, experiment_text;
  std::string experiment_digest;         ///< of the text; the store computes it if empty
  std::string started, finished, state;  ///< state: running, done, interrupted, failed
  std::string host, kmatrix_version, folder;
  std::string selection;  ///< JSON: what its command line asked for
  RunId rerun_of;         ///< the run that it repeats something of; 0: none
  /// Of `kmatrix run`, 0: all is good; -1: not known. add_run() ignores it.
  int exit_code = -1;
};
struct KernelRow {
  std::int64_t id = 0;
  RunId run;
  std::string name, tree, series, config, arch;
  std::string tree_description, tree_digest, series_digest, compiler, recipe_key, kernel_key;
  std::string config_text, why, state;  ///< state: planned, cached, built, failed
  std::string first_error, log, release;
  int objects = 0;
  double seconds = 0;
  std::string requests;            ///< JSON: who asked for what in its config (cli/stored_json.h)
  std::string series_description;  ///< which patches it had; empty for base
  std::string signature;           ///< digest of what a machine loads: the same, the same kernel
};
/// What is built for the cells of a kernel and a suite besides the kernel.
struct SelftestsRow {
  RunId run;
  std::int64_t kernel = 0;       ///< id
  std::string kernel_name;       ///< as read; not written
  std::string suite, state;      ///< state: cached, built, failed
  std::string first_error, log;  ///< of a failed build
  double seconds = 0;
};
struct CellRow {
  std::int64_t id = 0, kernel = 0;
  RunId run;
  std::string name;
  std::string tree, series, config;  ///< of its kernel; only read, never put
  std::string machine, suite;
  std::string state, reason, explanation, command_line, machine_xml, folder;
  double boot_seconds = 0, seconds = 0;
  bool expect_unavailable = false;
  std::string cell_key;             ///< digest of all that the results depend on
  RunId reused_run;                 ///< the run that made the results; 0: this one
  std::string why;                  ///< it ran
  std::string inputs;               ///< JSON: what cell_key is the digest of (cli/stored_json.h)
  std::string accel, accel_reason;  ///< that was used; why, where it was left to us to choose
  double slowness = 0;              ///< of the machine, as measured at boot; 0: not measured
  std::string notes;                ///< a line each
  std::string ignore_key;           ///< digest of the ignore entries that mean the cell
  std::string identity;             ///< digest of all that its machine gets to see; may be empty
  std::string identical_to;         ///< the cell of the run that has its results; empty: none
};
/// The last time that a cell was part of a run.
struct LastCell {
  CellRow row;
  std::string bad;             ///< outcomes that are not good: "2 failed"; empty: none
  std::int64_t incidents = 0;  ///< in its log
};
struct CaseRow {
  std::int64_t id = 0, cell = 0;
  std::string name, outcome, raw, message;
  int error = 0;  ///< errno that was named as the cause; 0: none
  double seconds = 0;
  int boot = 0;
  std::int64_t first_line = 0, last_line = 0;
  std::string output;  ///< path of the case's output
  std::string argv;    ///< JSON array
};
struct IncidentRow {
  std::int64_t id = 0, cell = 0;
  std::string case_name, kind, title, text;  ///< text: the lines joined by newlines
  int boot = 0;
  std::int64_t first_line = 0;
  std::string cfi_caller, cfi_target, cfi_expected_type;
  std::string ignored;  ///< why it does not count; empty: it does
};

/// What one process spent on a run. `critical_path`: JSON array of {name, seconds}, the longest
/// chain of jobs that wait for each other.
struct EffortRow {
  RunId run;
  std::string started;
  double wall_seconds = 0, cpu_seconds = 0;
  int cores = 1;
  double critical_seconds = 0;
  std::string critical_path;
};
/// How long a kernel, its selftests or a cell once took.
struct TimeRow {
  std::string name, config;    ///< of selftests: the kernel's name; config of kernels
  std::string machine, suite;  ///< machine of cells, suite of cells and selftests
  double seconds = 0;
  int objects = 0;  ///< of kernels
};

/// The results database, for one thread at a time; several processes may use one file. Each call is
/// one transaction, and waits up to 30 s for another process's. Every Error is infrastructure, with
/// the database's path; asking for what is not there is an input error.
class Store {
 public:
  /// Opens or creates the file with its folder (":memory:" for tests), and brings it to the newest
  /// schema by the numbered migrations. A database newer than this program or of another one, and
  /// a file that is none, are input errors, left untouched.
  static Result<Store> open(const std::filesystem::path& file);
  /// The same for a file that is there already.
  static Result<Store> open_existing(const std::filesystem::path& file);
  /// Opens a file that is there, for reading alone: a call that writes is an Error.
  static Result<Store> open_to_read(const std::filesystem::path& file);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  /// `claim` is called with the new run before anybody else can see it; its Error undoes the run.
  Result<RunId> add_run(const RunRow& row, const std::function<Status(RunId)>& claim = {});
  Status finish_run(RunId run, const std::string& state, const std::string& finished);
  Status set_exit_code(RunId run, int code);  ///< of a run that has ended
  /// A run that had ended runs again.
  Status resume_run(RunId run) { return finish_run(run, "running", ""); }
  /// Adds or (same run and name) replaces; returns the row's id.
  Result<std::int64_t> put_kernel(const KernelRow& row);
  /// What a run once built stays so, also if it finds it in the cache later.
  Status put_selftests(const SelftestsRow& row);
  Result<std::int64_t> put_cell(const CellRow& row);
  /// The newest cell of this key that ran to its end with good outcomes only and a clean log, in
  /// which incidents may be that entries of this `ignore_key` ignored.
  Result<std::optional<CellRow>> reusable_cell(const std::string& cell_key,
                                               const std::string& ignore_key) const;
  /// The newest cell of an experiment and name in the runs before `before`.
  Result<std::optional<LastCell>> last_cell(const std::string& experiment, const std::string& name,
                                            RunId before) const;
  /// The newest kernel of this key that was built in a run up to `run`, itself included.
  Result<std::optional<KernelRow>> build_of(const std::string& kernel_key, RunId run) const;
  /// How slow machines of this kind were on this host lately (the slowest of five); 0: unknown.
  Result<double> slowness(const std::string& host, const std::string& arch,
                          const std::string& accel, const std::string& config) const;
  /// put_cell, and takes over the cases, their further runs and the incidents of the cell `from`.
  Result<std::int64_t> reuse_cell(const CellRow& row, std::int64_t from);
  /// Adds planned cases as `missing`; those that have an outcome already keep it.
  Status plan_cases(std::int64_t cell, const std::vector<std::string>& names);
  Result<std::int64_t> put_case(const CaseRow& row);
  /// Many at once, and several times as fast: all of them, or none.
  Status put_cases(const std::vector<CaseRow>& rows);
  Result<std::int64_t> add_incident(const IncidentRow& row);
  /// Removes what a cell that was cut has of cases that run again: those that are `missing` or
  /// failed through us. With `all`, removes all of its cases and incidents.
  Status restart_cell(std::int64_t cell, bool all);

  Result<std::int64_t> add_effort(const EffortRow& row);

  /// The next run of a case that has a result; `row` as for put_case.
  Status add_rerun(const CaseRow& row);
  Result<std::vector<CaseRow>> reruns(RunId run) const;  ///< of a case in their order
  /// In place of those that the run has.
  Status put_conclusions(RunId run, const std::vector<ClaimRow>& claims,
                         const std::vector<VerdictRow>& verdicts);
  Result<std::vector<ClaimRow>> claims(RunId run) const;
  Result<std::vector<VerdictRow>> verdicts(RunId run) const;

  /// Changes whenever another connection commits.
  Result<std::int64_t> data_version() const;
  Result<std::vector<RunRow>> runs() const;  ///< newest first
  Result<RunRow> run(RunId id) const;
  Result<RunRow> latest_run() const;
  Result<std::vector<KernelRow>> kernels(RunId run) const;
  Result<std::vector<SelftestsRow>> selftests(RunId run) const;
  Result<std::vector<CellRow>> cells(RunId run) const;
  Result<std::vector<CaseRow>> cases(RunId run) const;  ///< of all cells, in cell, case order
  Result<std::vector<IncidentRow>> incidents(RunId run) const;
  Result<std::vector<EffortRow>> efforts(RunId run) const;
  /// Of builds and cells that went well on this host, the newest first.
  Result<std::vector<TimeRow>> kernel_times(const std::string& host) const;
  Result<std::vector<TimeRow>> selftests_times(const std::string& host) const;
  Result<std::vector<TimeRow>> cell_times(const std::string& host) const;
  /// Seconds of the cases of the newest cell on this host that is most like the one named, by the
  /// cases' names; empty: none is.
  Result<std::map<std::string, double>> case_times(const std::string& host, const std::string& cell,
                                                   const std::string& machine,
                                                   const std::string& suite) const;

  /// Suites that ever had a case of this name; every such pair.
  Result<std::vector<SuiteCase>> suites_of_case(const std::string& name) const;
  Result<std::vector<SuiteCase>> known_cases() const;
  /// Of a case over all runs, the newest first; at most `limit`, or all if that is negative.
  Result<std::vector<Observation>> history(const SuiteCase& of, const CellFilter& filter,
                                           std::int64_t limit) const;
  Result<std::vector<UnstableCase>> unstable_cases(const CellFilter& filter) const;
  Result<std::vector<IncidentSeen>> incidents_seen(const CellFilter& filter) const;
  Result<std::vector<CaseOutcome>> outcomes(RunId run) const;
  /// Of all runs, by axis and name.
  Result<std::vector<Coordinate>> coordinates() const;

 private:
  struct State;
  explicit Store(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace kmatrix::store
