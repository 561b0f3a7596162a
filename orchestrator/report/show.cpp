// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/effort.h"
#include "report/report.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

std::string head(const StoredRun& stored) {
  const auto& run = stored.run;
  Table table(2);
  table.add({"experiment", line_of(run.experiment_file)});
  table.add({"started", line_of(run.started)});
  const double seconds = duration_of(run).count();
  table.add({"took", seconds < 0 ? "-" : support::human_duration(support::Seconds(seconds))});
  table.add(
      {"host", fmt::format("{}, kmatrix {}", line_of(run.host), line_of(run.kmatrix_version))});
  table.add({"folder", line_of(run.folder)});
  for (const auto& each : overrides_of(run)) table.add({"with", line_of(each)});
  if (const auto of = replay_of(run); !of.empty()) table.add({"replay of", line_of(of)});
  add_efforts(table, stored.efforts);
  if (run.state == "interrupted" || run.state == "failed")
    table.add({"go on with", fmt::format("kmatrix run --resume {}", run.id.value)});
  return fmt::format("run {}: {}, {}\n", run.id.value, line_of(run.experiment),
                     line_of(run.state)) +
         table.render(false);
}

/// What each tree and series was, once each.
std::string origins(const std::vector<store::KernelRow>& kernels) {
  std::set<std::pair<std::string, std::string>> seen;
  Table table;
  for (const auto& kernel : kernels) {
    if (!kernel.tree_description.empty() &&
        seen.emplace("tree " + kernel.tree, kernel.tree_description).second)
      table.add({"tree " + line_of(kernel.tree), line_of(kernel.tree_description)});
    if (!kernel.series_description.empty() &&
        seen.emplace("series " + kernel.series, kernel.series_description).second)
      table.add({"series " + line_of(kernel.series), line_of(kernel.series_description)});
  }
  return table.empty() ? "" : "\n" + table.render(false);
}

Tone tone_of(const store::KernelRow& kernel) {
  return kernel.state == "failed" ? Tone::bad : Tone::plain;
}

std::string kernels_table(const std::vector<store::KernelRow>& kernels, bool colour) {
  Table table;
  table.add({"kernel", "state", "objects", "time", "why"});
  for (const auto& kernel : kernels)
    table.add({line_of(kernel.name), Piece(line_of(kernel.state), tone_of(kernel)),
               kernel.objects > 0 ? std::to_string(kernel.objects) : "-", time_of(kernel.seconds),
               kernel.why == kernel.state ? "" : line_of(kernel.why)});
  return "\n" + table.render(colour);
}

std::string name_of(const store::KernelRow& kernel) { return line_of(kernel.name); }
std::string name_of(const store::SelftestsRow& selftests) {
  return fmt::format("{} for {}", line_of(selftests.kernel_name), line_of(selftests.suite));
}

std::string selftests_table(const std::vector<store::SelftestsRow>& all, bool colour) {
  if (all.empty()) return {};
  Table table;
  table.add({"selftests", "state", "time"});
  for (const auto& each : all)
    table.add({name_of(each),
               Piece(line_of(each.state), each.state == "failed" ? Tone::bad : Tone::plain),
               time_of(each.seconds)});
  return "\n" + table.render(colour);
}

/// Of kernels or of selftests.
template <class Row>
std::string failed_builds(const std::vector<Row>& rows) {
  std::string text;
  for (const auto& row : rows) {
    if (row.state != "failed") continue;
    text += fmt::format("\n{} did not build\n", name_of(row));
    text += block_of(row.first_error, 2);
    if (!row.log.empty()) text += fmt::format("  log: {}\n", line_of(row.log));
  }
  return text;
}

std::string cells_table(const StoredRun& run, bool colour) {
  auto cases = by_cell(run.cases);
  Table table;
  table.add({"cell", "time", "result"});
  for (const auto& cell : run.cells)
    table.add({line_of(cell.name), time_of(cell.seconds), result_of(cell, cases[cell.id])});
  return "\n" + table.render(colour);
}

/// Kconfig's account of a suite that was expected to run, and the like.
std::string explanations(const std::vector<store::CellRow>& cells) {
  std::string text;
  for (const auto& cell : cells) {
    const bool expected = cell.state == "unavailable" && cell.expect_unavailable;
    if (cell.explanation.empty() || expected) continue;
    text += fmt::format("\n{}: {}\n", line_of(cell.name), line_of(cell.state));
    text += block_of(cell.explanation, 2);
  }
  return text;
}

/// What happened in the cells besides results, and why a machine was what it was.
std::string notes_of(const std::vector<store::CellRow>& cells) {
  std::string text;
  for (const auto& cell : cells) {
    std::string notes;
    if (!cell.accel_reason.empty())
      notes = fmt::format("accel {}: {}\n", cell.accel, cell.accel_reason);
    notes += cell.notes;
    if (!notes.empty()) text += fmt::format("  {}\n{}", line_of(cell.name), block_of(notes, 4));
  }
  return text.empty() ? "" : "\nnotes\n" + text;
}

std::string bad_cases(const StoredRun& run, bool colour) {
  auto cases = by_cell(run.cases);
  std::string text;
  for (const auto& cell : run.cells) {
    Table table(2);
    for (const auto* result : cases[cell.id])
      if (is_bad_word(result->outcome) && !said_by_cell(cell, *result))
        table.add({Piece(result->outcome, Tone::bad), line_of(result->name),
                   time_of(result->seconds), line_of(result->message)});
    if (!table.empty()) text += "\n" + line_of(cell.name) + "\n" + table.render(colour);
  }
  return text;
}

/// Of a sweep one wants to know where the time goes: the slowest cases of each cell that has many.
std::string slowest_cases(const StoredRun& run) {
  constexpr std::size_t shown = 20;
  auto cases = by_cell(run.cases);
  std::string text;
  for (const auto& cell : run.cells) {
    // Subtests have the output, and so the time, of their test, which has the shortest name.
    std::map<std::string, const store::CaseRow*> processes;
    for (const auto* each : cases[cell.id]) {
      if (each->output.empty()) continue;
      auto& known = processes[each->output];
      if (known == nullptr || each->name.size() < known->name.size()) known = each;
    }
    if (processes.size() <= shown) continue;
    std::vector<const store::CaseRow*> order;
    order.reserve(processes.size());
    for (const auto& [output, each] : processes) order.push_back(each);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto* a, const auto* b) { return a->seconds > b->seconds; });
    order.resize(shown);
    Table table(2);
    for (const auto* each : order)
      table.add({time_of(each->seconds), line_of(each->outcome), line_of(each->name)});
    text += fmt::format("\nthe slowest {} of {} cases of {}\n", shown, processes.size(),
                        line_of(cell.name)) +
            table.render(false);
  }
  return text;
}

std::string incidents_of(const StoredRun& run, bool colour) {
  auto incidents = by_cell(run.incidents);
  std::string text;
  for (const auto& cell : run.cells)
    for (const auto* incident : incidents[cell.id]) {
      std::vector<std::string> where{line_of(cell.name)};
      if (!incident->case_name.empty()) where.push_back("case " + line_of(incident->case_name));
      const std::string place = place_of(incident->boot, incident->first_line);
      if (!place.empty()) where.push_back(place);
      const bool counts = incident->ignored.empty();
      const Tone tone = counts ? Tone::bad : Tone::dim;
      text += fmt::format("  {}  {}\n    {}\n", coloured(line_of(incident->kind), tone, colour),
                          line_of(incident->title), support::join(where, ", "));
      if (!counts) text += fmt::format("    ignored: {}\n", line_of(incident->ignored));
    }
  return text.empty() ? "" : "\nincidents\n" + text;
}

}  // namespace

std::string show_text(const StoredRun& run, bool colour) {
  return head(run) + origins(run.kernels) + kernels_table(run.kernels, colour) +
         selftests_table(run.selftests, colour) + failed_builds(run.kernels) +
         failed_builds(run.selftests) + cells_table(run, colour) + explanations(run.cells) +
         bad_cases(run, colour) + slowest_cases(run) + incidents_of(run, colour) +
         notes_of(run.cells);
}

}  // namespace kmatrix::report
