// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/history.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "report/table.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

using nlohmann::ordered_json;
using store::Observation;

struct Letter {
  char letter;
  const char* outcome;
};
constexpr std::array<Letter, 10> letters = {{{'.', "passed"},
                                             {'F', "failed"},
                                             {'s', "skipped"},
                                             {'x', "xfailed"},
                                             {'U', "unresolved"},
                                             {'T', "timed_out"},
                                             {'C', "crashed"},
                                             {'-', "missing"},
                                             {'B', "blocked"},
                                             {'I', "infra_error"}}};

/// What is known of a case in a cell, whatever the run.
struct Strip {
  std::string cell, suite, case_name;
  std::string outcomes;  ///< letters, the oldest first
  std::vector<store::CaseRow> rows;
};

std::vector<Strip> strips_of(const std::vector<Observation>& seen) {
  std::vector<Strip> strips;
  std::map<std::pair<std::string, std::string>, std::size_t> index;
  for (const auto& each : seen) {
    const auto [place, is_new] = index.try_emplace({each.cell, each.case_name}, strips.size());
    if (is_new) strips.push_back({each.cell, each.suite, each.case_name, "", {}});
    if (each.reused_run != 0 || !each.identical_to.empty()) continue;
    auto& strip = strips[place->second];
    std::vector<std::string> of_run{each.outcome};
    of_run.insert(of_run.end(), each.reruns.begin(), each.reruns.end());
    std::string in_order;
    for (const auto& outcome : of_run) {
      in_order += letter_of(outcome);
      strip.rows.emplace_back().outcome = outcome;
    }
    strip.outcomes.insert(0, in_order);
  }
  return strips;
}

Counts counts_of(const Strip& strip) {
  std::vector<const store::CaseRow*> rows;
  rows.reserve(strip.rows.size());
  for (const auto& row : strip.rows) rows.push_back(&row);
  return count_outcomes(rows);
}

bool has_several_cases(const std::vector<Observation>& seen) {
  return std::any_of(seen.begin(), seen.end(), [&](const Observation& each) {
    return each.case_name != seen.front().case_name || each.suite != seen.front().suite;
  });
}

std::string case_of(const std::string& suite, const std::string& name) {
  return line_of(suite + ":" + name);
}

std::string incident_of(const Observation& each) {
  if (each.incidents == 0) return "";
  return each.incidents == 1
             ? line_of(each.incident)
             : fmt::format("{} and {} more", line_of(each.incident), each.incidents - 1);
}

std::string lines_of(const std::vector<Observation>& seen, bool several, bool colour) {
  Table table;
  std::vector<Piece> header{"run", "started", "cell", "outcome", "time", "message", "incident"};
  if (several) header.insert(header.begin() + 2, "case");
  table.add(std::move(header));
  for (const auto& each : seen) {
    const bool reused = each.reused_run != 0 || !each.identical_to.empty();
    std::string outcome = line_of(each.outcome);
    if (!each.reruns.empty()) outcome += line_of("; again: " + support::join(each.reruns, " "));
    if (each.reused_run != 0) outcome += fmt::format(" (in run {})", each.reused_run);
    if (!each.identical_to.empty())
      outcome += fmt::format(" (identical to {})", line_of(each.identical_to));
    std::vector<Piece> row{std::to_string(each.run),
                           line_of(each.started),
                           line_of(each.cell),
                           Piece(outcome, reused ? Tone::dim : tone_of_outcome(each.outcome)),
                           time_of(each.seconds),
                           line_of(each.message),
                           incident_of(each)};
    if (several) row.insert(row.begin() + 2, case_of(each.suite, each.case_name));
    table.add(std::move(row));
  }
  return table.render(colour);
}

std::string strips_text(const std::vector<Strip>& strips, bool several) {
  /// What fits a terminal beside a cell's name.
  constexpr std::size_t shown = 60;
  Table table(2);
  std::string used;
  for (const auto& strip : strips) {
    if (strip.outcomes.empty()) continue;
    const bool whole = strip.outcomes.size() <= shown;
    const std::string letters_shown =
        whole ? strip.outcomes : ".." + strip.outcomes.substr(strip.outcomes.size() - shown + 2);
    used += letters_shown;
    std::vector<Piece> row{line_of(strip.cell), letters_shown, to_string(counts_of(strip))};
    if (several) row.insert(row.begin() + 1, case_of(strip.suite, strip.case_name));
    table.add(std::move(row));
  }
  if (table.empty()) return "";
  return fmt::format("\noldest to newest ({})\n", legend_of(used)) + table.render(false);
}

ordered_json observation_record(const Observation& each) {
  return {{"run", each.run},
          {"started", text_or_null(each.started)},
          {"cell", text_or_null(each.cell)},
          {"tree", text_or_null(each.tree)},
          {"series", text_or_null(each.series)},
          {"config", text_or_null(each.config)},
          {"machine", text_or_null(each.machine)},
          {"suite", text_or_null(each.suite)},
          {"case", text_or_null(each.case_name)},
          {"outcome", text_or_null(each.outcome)},
          {"message", text_or_null(each.message)},
          {"seconds", each.seconds},
          {"reruns", each.reruns},
          {"reused_run", number_or_null(each.reused_run)},
          {"identical_to", text_or_null(each.identical_to)},
          {"incidents", each.incidents},
          {"incident", text_or_null(each.incident)}};
}

}  // namespace

char letter_of(const std::string& outcome) {
  for (const auto& each : letters)
    if (outcome == each.outcome) return each.letter;
  return '?';
}

std::string legend_of(const std::string& used) {
  std::vector<std::string> parts;
  for (const auto& each : letters)
    if (used.find(each.letter) != std::string::npos)
      parts.push_back(fmt::format("{} {}", each.letter, each.outcome));
  return support::join(parts, ", ");
}

ordered_json filter_record(const store::CellFilter& filter) {
  return {{"tree", text_or_null(filter.tree)},
          {"series", text_or_null(filter.series)},
          {"config", text_or_null(filter.config)},
          {"machine", text_or_null(filter.machine)},
          {"since", text_or_null(filter.since)}};
}

std::string history_text(const History& history, bool colour) {
  if (history.seen.empty()) return "no results\n";
  const bool several = has_several_cases(history.seen);
  std::string text = lines_of(history.seen, several, colour);
  if (history.left_out > 0)
    text += fmt::format("older ones are left out (--limit {})\n", history.limit);
  return text + strips_text(strips_of(history.seen), several);
}

ordered_json history_json(const History& history) {
  auto seen = ordered_json::array();
  for (const auto& each : history.seen) seen.push_back(observation_record(each));
  auto cells = ordered_json::array();
  for (const auto& strip : strips_of(history.seen))
    cells.push_back({{"cell", text_or_null(strip.cell)},
                     {"suite", text_or_null(strip.suite)},
                     {"case", text_or_null(strip.case_name)},
                     {"oldest_to_newest", text_or_null(strip.outcomes)},
                     {"counts", to_json(counts_of(strip))}});
  ordered_json document = {{"case", text_or_null(history.asked)}};
  document["filter"] = filter_record(history.filter);
  document["limit"] = history.limit < 0 ? ordered_json() : ordered_json(history.limit);
  document["older_left_out"] = history.left_out > 0;
  document["results"] = std::move(seen);
  document["cells"] = std::move(cells);
  return document;
}

}  // namespace kmatrix::report
