// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "support/text.h"

namespace kmatrix::cli {

using plan::CellState;
using support::human_duration;
using support::printable;

namespace {

std::string counts(const std::map<plan::Outcome, int>& outcomes) {
  std::vector<std::string> parts;
  parts.reserve(outcomes.size());
  for (const auto& [outcome, count] : outcomes)
    parts.push_back(fmt::format("{} {}", count, to_string(outcome)));
  return support::join(parts, ", ");
}

/// A board that is drawn for each object would cost more than it tells.
constexpr auto drawn_at_most_each = std::chrono::milliseconds(100);

}  // namespace

Progress::Progress(Options options, Screen& screen, const plan::Matrix& matrix,
                   const support::Clock& clock)
    : options_(std::move(options)),
      screen_(screen),
      matrix_(matrix),
      clock_(clock),
      began_(clock.now()),
      done_(options_.finished_kernels.size() + options_.finished_cells) {}

Progress::~Progress() {
  screen_.clear();
  if (options_.live != nullptr) options_.live->clear_board();
}

BoardState Progress::state() const {
  const auto now = clock_.now();
  BoardState state;
  state.done = done_;
  state.failed = failed_;
  state.total = matrix_.kernels.size() + matrix_.cells.size();
  state.elapsed = now - began_;
  state.left = left_;
  for (const auto& [name, building] : building_)
    state.builds.push_back(
        {name, building.progress.done, building.progress.expected, now - building.began});
  for (const auto& [cell, running] : running_)
    state.boots.push_back({matrix_.cells[cell].name, running.case_name, running.done, running.total,
                           now - running.began});
  return state;
}

void Progress::draw() {
  if (options_.live != nullptr) options_.live->board([this] { return state(); });
  if (!screen_.live() || clock_.now() - drawn_ < drawn_at_most_each) return;
  drawn_ = clock_.now();
  screen_.draw([&](Screen::Size size) { return board_lines(state(), size.width, size.height); });
}

void Progress::print(const std::string& text) { screen_.print(printable(text)); }

void Progress::line(Tone tone, const std::string& word, const std::string& text) {
  const auto total = matrix_.kernels.size() + matrix_.cells.size();
  const auto width = std::to_string(total).size();
  screen_.print({fmt::format("[{:>{}}/{}] ", done_, width, total), fmt::format("{:<11}", word),
                 " " + printable(text), tone},
                options_.colour);
}

void Progress::built_further(const std::string& name, build::BuildProgress progress) {
  auto& building = building_[name];
  building.progress = progress;
  // Where no board says so, and only of what is not in the cache: that has no progress.
  if (!std::exchange(building.told, true) && !screen_.live()) print("==> building " + name);
  draw();
}

Status Progress::left(support::Seconds left) {
  const std::lock_guard lock(mutex_);
  left_ = left;
  draw();
  return {};
}

Status Progress::note(const std::string& text) {
  const std::lock_guard lock(mutex_);
  print("==> " + text);
  return {};
}

Status Progress::kernel_started(std::size_t kernel) {
  const std::lock_guard lock(mutex_);
  building_[matrix_.kernels[kernel].name] = {{}, clock_.now()};
  draw();
  return {};
}

Status Progress::kernel_progress(std::size_t kernel, build::BuildProgress progress) {
  const std::lock_guard lock(mutex_);
  built_further(matrix_.kernels[kernel].name, progress);
  return {};
}

Status Progress::kernel_finished(const run::KernelResult& result) {
  const std::lock_guard lock(mutex_);
  building_.erase(matrix_.kernels[result.index].name);
  // It is only fetched from the cache for the cells that go on.
  if (result.built && options_.finished_kernels.count(result.index) != 0) return {};
  ++done_;
  const auto& name = matrix_.kernels[result.index].name;
  if (result.built) {
    const auto made = result.info ? fmt::format("  {} objects", result.info->objects) : "";
    line(Tone::plain, result.cached ? "cached" : "built",
         result.cached ? name : fmt::format("{}{}  {}", name, made, human_duration(result.took)));
    return {};
  }
  ++failed_;
  line(Tone::bad, "not built", fmt::format("{}  {}", name, human_duration(result.took)));
  print(fmt::format("  {}\n  log: {}\n  again: {} --only tree={} --only series={} --only config={}",
                    result.failure.first_error, result.failure.log.string(),
                    options_.repeat_command, matrix_.kernels[result.index].tree,
                    matrix_.kernels[result.index].series, matrix_.kernels[result.index].config));
  return {};
}

Status Progress::selftests_started(const run::SelftestsRecord& record) {
  const std::lock_guard lock(mutex_);
  building_[record.name] = {{}, clock_.now()};
  draw();
  return {};
}

Status Progress::selftests_progress(const run::SelftestsRecord& record,
                                    build::BuildProgress progress) {
  const std::lock_guard lock(mutex_);
  built_further(record.name, progress);
  return {};
}

Status Progress::selftests_finished(const run::SelftestsRecord& record) {
  const std::lock_guard lock(mutex_);
  building_.erase(record.name);
  if (record.built) {
    line(Tone::plain, record.cached ? "cached" : "built",
         record.cached ? record.name : record.name + "  " + human_duration(record.took));
    return {};
  }
  line(Tone::bad, "not built", fmt::format("{}  {}", record.name, human_duration(record.took)));
  print(fmt::format("  {}\n  log: {}", record.failure.first_error, record.failure.log.string()));
  return {};
}

Status Progress::cell_started(std::size_t cell) {
  const std::lock_guard lock(mutex_);
  running_.try_emplace(cell, Running{"boot", clock_.now()});
  draw();
  return {};
}

Status Progress::cell_postponed(std::size_t cell) {
  const std::lock_guard lock(mutex_);
  running_.erase(cell);
  draw();
  return {};
}

Status Progress::cases_planned(std::size_t cell, const std::vector<std::string>& names) {
  const std::lock_guard lock(mutex_);
  auto& running = running_.try_emplace(cell, Running{"boot", clock_.now()}).first->second;
  for (const auto& name : names)
    if (running.waiting.insert(name).second) ++running.total;
  return {};
}

Status Progress::case_started(std::size_t cell, const std::string& name) {
  const std::lock_guard lock(mutex_);
  running_[cell].case_name = name;
  running_[cell].began = clock_.now();
  draw();
  return {};
}

Status Progress::case_finished(const run::CaseRecord& record) {
  const std::lock_guard lock(mutex_);
  auto& running = running_[record.cell];
  running.done += running.waiting.erase(record.name);
  ++running.outcomes[record.outcome];
  if (is_bad(record.outcome)) {
    print(fmt::format("  {} {} in {}: {}", to_string(record.outcome), record.name,
                      matrix_.cells[record.cell].name, record.message));
    if (!record.output.empty()) print("  output: " + record.output.string());
  }
  return {};
}

Status Progress::incident(const run::IncidentRecord& record) {
  const std::lock_guard lock(mutex_);
  print(fmt::format("  {} in {}{}: {}: {}{}",
                    record.ignored.empty() ? "incident" : "ignored incident",
                    matrix_.cells[record.cell].name,
                    record.case_name.empty() ? "" : " (" + record.case_name + ")",
                    to_string(record.incident.kind), record.incident.title,
                    record.ignored.empty() ? "" : " (" + record.ignored + ")"));
  return {};
}

Status Progress::cell_finished(const run::CellRecord& record) {
  const std::lock_guard lock(mutex_);
  const auto& cell = matrix_.cells[record.index];
  const auto running = running_[record.index];
  running_.erase(record.index);
  ++done_;
  if (record.state == CellState::unavailable) {
    line(cell.expect_unavailable ? Tone::plain : Tone::bad, "unavailable",
         fmt::format("{}: {}{}", cell.name, record.reason,
                     cell.expect_unavailable ? " (as expected)" : ""));
    return {};
  }
  if (record.identical_to) {
    line(Tone::plain, "identical",
         fmt::format("{} to {}", cell.name, matrix_.cells[*record.identical_to].name));
    return {};
  }
  const bool bad = record.state != CellState::done ||
                   std::any_of(running.outcomes.begin(), running.outcomes.end(),
                               [](const auto& each) { return is_bad(each.first); });
  if (bad) ++failed_;
  const std::string word = record.state != CellState::done ? to_string(record.state)
                           : bad                           ? "failed"
                                                           : "passed";
  line(bad ? Tone::bad : Tone::good, word,
       fmt::format("{}{}{}{}  {}", cell.name, running.outcomes.empty() ? "" : "  ",
                   counts(running.outcomes), record.reason.empty() ? "" : ": " + record.reason,
                   human_duration(record.took)));
  if (bad && !record.explanation.empty()) print("  " + record.explanation);
  return {};
}

Status Progress::cell_reused(std::size_t cell) {
  const std::lock_guard lock(mutex_);
  ++done_;
  line(Tone::plain, "unchanged", matrix_.cells[cell].name);
  return {};
}

}  // namespace kmatrix::cli
