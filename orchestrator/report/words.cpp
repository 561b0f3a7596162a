// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>

#include "plan/outcome.h"
#include "support/text.h"

namespace kmatrix::report {

std::string line_of(std::string_view text) {
  const std::string_view trimmed = support::trim(text);
  const auto end = trimmed.find('\n');
  std::string line = support::printable(trimmed.substr(0, end));
  std::replace(line.begin(), line.end(), '\t', ' ');
  return end == std::string_view::npos ? line : line + " ...";
}

std::string block_of(std::string_view text, std::size_t indent) {
  std::string block;
  for (const auto& line : support::split_lines(text))
    block += std::string(line.empty() ? 0 : indent, ' ') + support::printable(line) + "\n";
  return block;
}

nlohmann::ordered_json text_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return support::valid_utf8(text);
}

nlohmann::ordered_json number_or_null(std::int64_t number) {
  if (number == 0) return nullptr;
  return number;
}

nlohmann::ordered_json parsed_or_null(const std::string& text) {
  auto parsed = nlohmann::ordered_json::parse(support::valid_utf8(text), nullptr, false);
  return parsed.is_discarded() ? nullptr : parsed;
}

std::vector<std::string> overrides_of(const store::RunRow& run) {
  std::vector<std::string> options;
  const auto record = nlohmann::json::parse(run.selection, nullptr, false);
  if (!record.is_object()) return options;
  for (const auto& [key, option] :
       {std::pair("trees", "--tree "), std::pair("series", "--series ")})
    if (const auto list = record.find(key); list != record.end() && list->is_array())
      for (const auto& each : *list)
        if (each.is_string()) options.push_back(option + each.get<std::string>());
  return options;
}

std::string replay_of(const store::RunRow& run) {
  const auto record = nlohmann::json::parse(run.selection, nullptr, false);
  if (!record.is_object() || !record.contains("replay")) return {};
  const auto& replay = record["replay"];
  const bool known = replay.is_object() && replay.contains("of") && replay["of"].is_string();
  return known ? replay["of"].get<std::string>() : "";
}

nlohmann::ordered_json run_record(const store::RunRow& run) {
  const double seconds = duration_of(run).count();
  return {{"id", run.id.value},
          {"experiment", text_or_null(run.experiment)},
          {"experiment_file", text_or_null(run.experiment_file)},
          {"experiment_digest", text_or_null(run.experiment_digest)},
          {"rerun_of", number_or_null(run.rerun_of.value)},
          {"replay_of", text_or_null(replay_of(run))},
          {"state", text_or_null(run.state)},
          {"exit_code",
           run.exit_code < 0 ? nlohmann::ordered_json() : nlohmann::ordered_json(run.exit_code)},
          {"started", text_or_null(run.started)},
          {"finished", text_or_null(run.finished)},
          {"seconds", seconds < 0 ? nlohmann::ordered_json() : nlohmann::ordered_json(seconds)},
          {"host", text_or_null(run.host)},
          {"kmatrix_version", text_or_null(run.kmatrix_version)},
          {"folder", text_or_null(run.folder)},
          {"overrides", overrides_of(run)}};
}

std::string count_of(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string time_of(double seconds) {
  return seconds > 0 ? support::human_duration(support::Seconds(seconds)) : "-";
}

namespace {

std::time_t time_from(const std::string& iso) {
  std::tm parts{};
  const char* end = strptime(iso.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return end != nullptr && *end == '\0' ? timegm(&parts) : -1;
}

}  // namespace

support::Seconds duration_of(const store::RunRow& run) {
  const std::time_t started = time_from(run.started), finished = time_from(run.finished);
  if (started < 0 || finished < 0) return support::Seconds(-1);
  return support::Seconds(std::difftime(finished, started));
}

Piece results_of(const store::RunRow& run) {
  if (run.state != "done" || run.exit_code < 0) return {"-", Tone::plain};
  if (run.exit_code == 0) return {"good", Tone::good};
  return {run.exit_code == 1 ? "not good" : "failed through us", Tone::bad};
}

bool is_bad_word(const std::string& outcome) {
  const auto known = plan::parse_outcome(outcome);
  return !known || plan::is_bad(*known);
}

Tone tone_of_outcome(const std::string& outcome) {
  if (outcome == "passed") return Tone::good;
  if (outcome == "skipped" || outcome == "unavailable" || outcome == "xfailed") return Tone::dim;
  return outcome.empty() || outcome == "-" || !is_bad_word(outcome) ? Tone::plain : Tone::bad;
}

Tone tone_of(const store::CellRow& cell) {
  if (cell.state == "unavailable") return cell.expect_unavailable ? Tone::dim : Tone::bad;
  return cell.state == "blocked" || cell.state == "infra_error" ? Tone::bad : Tone::plain;
}

Counts count_outcomes(const std::vector<const store::CaseRow*>& cases) {
  Counts counts;
  for (int i = 0; i <= static_cast<int>(plan::Outcome::infra_error); ++i) {
    const std::string word = plan::to_string(static_cast<plan::Outcome>(i));
    const auto count = std::count_if(cases.begin(), cases.end(),
                                     [&](const auto* result) { return result->outcome == word; });
    if (count > 0) counts.emplace_back(word, static_cast<std::size_t>(count));
  }
  return counts;
}

std::string to_string(const Counts& counts) {
  std::vector<std::string> parts;
  for (const auto& [word, count] : counts) parts.push_back(fmt::format("{} {}", count, word));
  return parts.empty() ? "no cases" : support::join(parts, ", ");
}

nlohmann::ordered_json to_json(const Counts& counts) {
  auto record = nlohmann::ordered_json::object();
  for (const auto& [word, count] : counts) record[word] = count;
  return record;
}

Piece result_of(const store::CellRow& cell, const std::vector<const store::CaseRow*>& cases) {
  const Counts counts = count_outcomes(cases);
  if (cell.state == "done") {
    const bool bad = std::any_of(counts.begin(), counts.end(),
                                 [](const auto& each) { return is_bad_word(each.first); });
    std::string note = cell.expect_unavailable ? " (unavailable was expected)" : "";
    if (cell.reused_run.value > 0) note += fmt::format(" (in run {})", cell.reused_run.value);
    if (!cell.identical_to.empty())
      note += fmt::format(" (identical to {})", line_of(cell.identical_to));
    return {to_string(counts) + note, bad ? Tone::bad : counts.empty() ? Tone::plain : Tone::good};
  }
  std::string text = cell.state;
  if (!cell.reason.empty()) text += ": " + line_of(cell.reason);
  if (cell.state == "unavailable")
    text += cell.expect_unavailable ? " (expected)" : " (not expected)";
  else if (!counts.empty())
    text += " (" + to_string(counts) + ")";
  return {text, tone_of(cell)};
}

std::map<std::int64_t, std::vector<const store::CaseRow*>> by_cell(
    const std::vector<store::CaseRow>& cases) {
  std::map<std::int64_t, std::vector<const store::CaseRow*>> sorted;
  for (const auto& row : cases) sorted[row.cell].push_back(&row);
  return sorted;
}

std::map<std::int64_t, std::vector<const store::IncidentRow*>> by_cell(
    const std::vector<store::IncidentRow>& incidents) {
  std::map<std::int64_t, std::vector<const store::IncidentRow*>> sorted;
  for (const auto& row : incidents) sorted[row.cell].push_back(&row);
  return sorted;
}

bool said_by_cell(const store::CellRow& cell, const store::CaseRow& result) {
  return (cell.state == "unavailable" || cell.state == "blocked") &&
         (result.outcome == "missing" || result.outcome == "blocked");
}

std::string place_of(int boot, std::int64_t line) {
  return line > 0 ? fmt::format("console-{}.log line {}", boot, line) : "";
}

}  // namespace kmatrix::report
