// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/diff.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

#include "report/history.h"
#include "report/table.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

using compare::Change;
using compare::RunDiff;
using nlohmann::ordered_json;

struct Heading {
  Change change;
  const char *above, *one, *several;
  std::size_t listed;  ///< at most; beyond them they are counted
};
constexpr std::size_t all_of_them = static_cast<std::size_t>(-1);
constexpr std::array<Heading, compare::changes> headings = {{
    {Change::regression, "regressions", "regression", "regressions", all_of_them},
    {Change::fix, "fixes", "fix", "fixes", all_of_them},
    {Change::other, "other changes", "other change", "other changes", all_of_them},
    {Change::no_outcome, "without an outcome on a side", "without an outcome", "without an outcome",
     25},
    {Change::added, "new", "new", "new", 25},
    {Change::gone, "gone", "gone", "gone", 25},
}};

std::size_t count(const RunDiff& diff, Change change) {
  return static_cast<std::size_t>(
      std::count_if(diff.cases.begin(), diff.cases.end(),
                    [&](const auto& each) { return each.change == change; }));
}

std::string more(std::size_t count, std::size_t listed) {
  return count > listed ? fmt::format("  and {} more (--json has all)\n", count - listed) : "";
}

std::string section(const RunDiff& diff, const Heading& heading, bool colour) {
  Table table(2);
  std::size_t listed = 0;
  const std::size_t number = count(diff, heading.change);
  for (const auto& each : diff.cases) {
    if (each.change != heading.change || listed == heading.listed) continue;
    ++listed;
    const auto side = [&](const std::string& word) {
      return word.empty() ? Piece("-", Tone::dim) : Piece(line_of(word), tone_of_outcome(word));
    };
    table.add({line_of(each.cell), each.name.empty() ? "(the cell)" : line_of(each.name),
               side(each.before), "->", side(each.now), line_of(each.message)});
  }
  if (table.empty()) return "";
  return fmt::format("\n{}\n", heading.above) + table.render(colour) + more(number, heading.listed);
}

std::string incident_lines(const RunDiff& diff, bool colour) {
  Table table(2);
  for (const auto& each : diff.incidents) {
    const bool bad = each.change == Change::regression;
    table.add({Piece(each.change == Change::gone ? "gone" : "new", bad ? Tone::bad : Tone::dim),
               line_of(each.kind), line_of(each.title), line_of(each.cell),
               each.ignored.empty() ? "" : "ignored: " + line_of(each.ignored)});
  }
  return table.empty() ? "" : "\nincidents\n" + table.render(colour);
}

std::string duration_lines(const RunDiff& diff) {
  constexpr std::size_t listed = 20;
  Table table(2);
  for (std::size_t i = 0; i < std::min(listed, diff.durations.size()); ++i) {
    const auto& each = diff.durations[i];
    table.add({line_of(each.cell), line_of(each.name), time_of(each.before), "->",
               time_of(each.now), fmt::format("{:.1f} times", each.now / each.before)});
  }
  if (table.empty()) return "";
  return "\ntook much longer, or much less\n" + table.render(false) +
         more(diff.durations.size(), listed);
}

std::string last_line(const RunDiff& diff) {
  std::vector<std::string> parts;
  for (const auto& heading : headings) {
    const std::size_t number = count(diff, heading.change);
    const bool always = heading.change == Change::regression || heading.change == Change::fix;
    if (number > 0 || always)
      parts.push_back(fmt::format("{} {}", number, number == 1 ? heading.one : heading.several));
  }
  const auto incidents = static_cast<std::size_t>(
      std::count_if(diff.incidents.begin(), diff.incidents.end(),
                    [](const auto& each) { return each.change == Change::regression; }));
  if (incidents > 0) parts.push_back(count_of(incidents, "new incident"));
  return fmt::format("\n{}; {} the same; {} in both runs\n", support::join(parts, ", "),
                     count_of(diff.same, "case"), count_of(diff.cells, "cell"));
}

std::string side_line(const char* side, const store::RunRow& run) {
  return fmt::format("{}  run {}, {}, {}\n", side, run.id.value, line_of(run.experiment),
                     line_of(run.started));
}

}  // namespace

std::string diff_text(const store::RunRow& before, const store::RunRow& now, const RunDiff& diff,
                      bool colour) {
  std::string text = side_line("before", before) + side_line("now   ", now);
  if (diff.cells == 0) text += "the runs have no cell in common\n";
  for (const auto& heading : headings) text += section(diff, heading, colour);
  return text + incident_lines(diff, colour) + duration_lines(diff) + last_line(diff);
}

ordered_json diff_json(const store::RunRow& before, const store::RunRow& now, const RunDiff& diff) {
  auto cases = ordered_json::array();
  for (const auto& each : diff.cases)
    cases.push_back({{"change", to_string(each.change)},
                     {"cell", text_or_null(each.cell)},
                     {"case", text_or_null(each.name)},
                     {"before", text_or_null(each.before)},
                     {"now", text_or_null(each.now)},
                     {"message", text_or_null(each.message)}});
  auto incidents = ordered_json::array();
  for (const auto& each : diff.incidents)
    incidents.push_back({{"change", to_string(each.change)},
                         {"cell", text_or_null(each.cell)},
                         {"kind", text_or_null(each.kind)},
                         {"title", text_or_null(each.title)},
                         {"ignored", text_or_null(each.ignored)}});
  auto durations = ordered_json::array();
  for (const auto& each : diff.durations)
    durations.push_back({{"cell", text_or_null(each.cell)},
                         {"case", text_or_null(each.name)},
                         {"before", each.before},
                         {"now", each.now}});
  ordered_json document = {{"before", run_record(before)}};
  document["now"] = run_record(now);
  document["regressed"] = diff.regressed();
  document["cells_in_both"] = diff.cells;
  document["same"] = diff.same;
  document["cases"] = std::move(cases);
  document["incidents"] = std::move(incidents);
  document["durations"] = std::move(durations);
  return document;
}

}  // namespace kmatrix::report
