// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "build/kernel_builder.h"
#include "machine/console.h"
#include "machine/session.h"
#include "plan/matrix.h"
#include "plan/outcome.h"
#include "run/effort.h"
#include "support/clock.h"
#include "support/result.h"

namespace kmatrix::run {

/// What is known of a kernel once it was prepared, and after its build.
struct KernelRecord {
  const plan::PlannedKernel* kernel = nullptr;
  std::size_t index = 0;  ///< into Matrix::kernels
  std::string tree_description, tree_digest, series_digest, compiler;
  std::string series_description;  ///< "2 patches of series/x"; empty for base
  std::string recipe_key, kernel_key;
  std::string config_text;
  std::vector<plan::ComposedSymbol> tree_symbols;  ///< that fragments of the tree asked for
  std::string why;                                 ///< "cached", or why it has to be built
  bool cached = false;
};

/// All that was asked for its .config.
std::vector<plan::ComposedSymbol> requests_of(const KernelRecord& record);

struct KernelResult {
  std::size_t index = 0;
  bool built = false;  ///< false: failure.first_error says why
  build::BuildFailure failure;
  bool cached = false;  ///< it was there already
  std::string damage;   ///< of an artefact that was there: why it was built again
  std::optional<build::BuildInfo> info;
  support::Seconds took{0};
};

/// What a build of a kernel gave.
KernelResult result_of(std::size_t index, const build::BuildResult& built, support::Seconds took);

/// Selftests that are built for the cells of a kernel and a suite.
struct SelftestsRecord {
  std::size_t kernel = 0;  ///< into Matrix::kernels
  std::string suite;
  std::string name;    ///< "selftests of KERNEL for SUITE"
  bool built = false;  ///< false: failure.first_error says why
  build::BuildFailure failure;
  bool cached = false;  ///< they were there already
  support::Seconds took{0};
};

struct CellRecord {
  std::size_t index = 0;  ///< into Matrix::cells
  plan::CellState state = plan::CellState::planned;
  std::string reason;       ///< for any state but done; may be empty then
  std::string explanation;  ///< more lines, such as Kconfig's account
  std::string command_line, machine_xml, agent_release;
  support::Seconds boot{0}, took{0};
  std::filesystem::path folder;     ///< with console-N.log and case outputs
  std::string accel, accel_reason;  ///< that was used, and why if it was chosen for the user
  double slowness = 0;              ///< of the machine (machine/slowness.h); 0: not measured
  std::vector<std::string> notes;   ///< a line each: first tries that failed through us...
  bool complete = true;             ///< false: a case failed through us, and has no result
  std::string identity;             ///< of all that its machine gets to see (identical.h)
  /// The cell of the same identity whose results are this one's too: it was not run.
  std::optional<std::size_t> identical_to = {};
  /// That cell is still running: nothing has been done, and this one is to be tried again when it
  /// has ended.
  bool postponed = false;
};

struct CaseRecord {
  std::size_t cell = 0;
  std::string name;
  plan::Outcome outcome = plan::Outcome::missing;
  std::string raw, message;
  int error = 0;  ///< errno that was named as the cause; 0: none
  support::Seconds took{0};
  int boot = 0;                               ///< which console-N.log
  std::size_t first_line = 0, last_line = 0;  ///< in that log, from 1; 0: none
  std::filesystem::path output;               ///< what its process printed; empty: none
  std::vector<std::string> argv;
};

struct IncidentRecord {
  std::size_t cell = 0;
  std::string case_name;  ///< that was running; empty: none
  int boot = 0;
  machine::Incident incident;
  std::string ignored;  ///< why it does not count; empty: it does
};

/// Hears of everything in a run, from one thread at a time. An Error of the store ends the run.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual Status kernel_prepared(const KernelRecord&) { return {}; }
  virtual Status kernel_started(std::size_t) { return {}; }
  virtual Status kernel_progress(std::size_t, build::BuildProgress) { return {}; }
  virtual Status kernel_finished(const KernelResult&) { return {}; }
  virtual Status selftests_started(const SelftestsRecord&) { return {}; }
  virtual Status selftests_progress(const SelftestsRecord&, build::BuildProgress) { return {}; }
  virtual Status selftests_finished(const SelftestsRecord&) { return {}; }
  virtual Status cell_started(std::size_t) { return {}; }
  virtual Status cases_planned(std::size_t, const std::vector<std::string>&) { return {}; }
  virtual Status case_started(std::size_t, const std::string&) { return {}; }
  virtual Status case_finished(const CaseRecord&) { return {}; }
  virtual Status incident(const IncidentRecord&) { return {}; }
  virtual Status cell_finished(const CellRecord&) { return {}; }
  /// The cell has no machine yet: it waits for another one that may have the same results.
  virtual Status cell_postponed(std::size_t) { return {}; }
  /// The cell's results are those of an earlier run, for nothing that they depend on has changed.
  virtual Status cell_reused(std::size_t) { return {}; }
  /// How long all that is left may take, each time that it is known better, and once a second.
  virtual Status left(support::Seconds) { return {}; }
  /// The last call of a run, however it ended.
  virtual Status spent(const Effort&) { return {}; }
  virtual Status note(const std::string&) { return {}; }
};

}  // namespace kmatrix::run
