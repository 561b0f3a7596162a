// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "cli/board.h"
#include "cli/live.h"
#include "cli/screen.h"
#include "plan/matrix.h"
#include "run/observer.h"
#include "support/clock.h"

namespace kmatrix::cli {

/// What a person sees of a run: one line a finished job, and on a terminal below them the board
/// with what is built and booted, how far it is, and how long the rest may take. A failure is
/// printed at once with its last lines, its log and the command that repeats it.
class Progress : public run::RunObserver {
 public:
  struct Options {
    bool colour = false;
    std::string repeat_command;  ///< "kmatrix run FILE": what a failure's hint is made of
    std::set<std::size_t> finished_kernels = {};  ///< before this process took the run up
    std::size_t finished_cells = 0;
    LiveWriter* live = nullptr;  ///< tells other processes of the board; it outlives this
  };
  /// The references outlive it.
  Progress(Options options, Screen& screen, const plan::Matrix& matrix,
           const support::Clock& clock);
  ~Progress() override;

  Status kernel_started(std::size_t kernel) override;
  Status kernel_progress(std::size_t kernel, build::BuildProgress progress) override;
  Status kernel_finished(const run::KernelResult& result) override;
  Status selftests_started(const run::SelftestsRecord& record) override;
  Status selftests_progress(const run::SelftestsRecord& record,
                            build::BuildProgress progress) override;
  Status selftests_finished(const run::SelftestsRecord& record) override;
  Status cell_started(std::size_t cell) override;
  Status cell_postponed(std::size_t cell) override;
  Status cases_planned(std::size_t cell, const std::vector<std::string>& names) override;
  Status case_started(std::size_t cell, const std::string& name) override;
  Status case_finished(const run::CaseRecord& record) override;
  Status incident(const run::IncidentRecord& record) override;
  Status cell_finished(const run::CellRecord& record) override;
  Status cell_reused(std::size_t cell) override;
  Status left(support::Seconds left) override;
  Status note(const std::string& text) override;

 private:
  struct Building {
    build::BuildProgress progress;
    std::chrono::steady_clock::time_point began;
    bool told = false;
  };
  struct Running {
    std::string case_name;
    std::chrono::steady_clock::time_point began;  ///< of the case
    std::size_t done = 0, total = 0;              ///< cases, without their subtests
    std::map<plan::Outcome, int> outcomes = {};
    std::set<std::string> waiting = {};  ///< planned cases that have no outcome
  };
  using Tone = report::Tone;
  void line(Tone tone, const std::string& word, const std::string& text);
  void print(const std::string& text);
  void draw();
  void built_further(const std::string& name, build::BuildProgress progress);
  BoardState state() const;

  Options options_;
  Screen& screen_;
  const plan::Matrix& matrix_;
  const support::Clock& clock_;
  std::chrono::steady_clock::time_point began_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point drawn_;
  std::size_t done_ = 0, failed_ = 0;
  std::map<std::string, Building> building_;  ///< by name
  std::map<std::size_t, Running> running_;
  std::optional<support::Seconds> left_;
};

}  // namespace kmatrix::cli
