// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "report/export.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

/// A test's description: one line, without the '#' that begins a directive.
std::string description(const std::string& text) {
  std::string safe;
  for (const char each : support::printable(text))
    safe += each == '#'    ? "\\x23"
            : each == '\n' ? "\\x0a"
            : each == '\t' ? " "
                           : std::string(1, each);
  return safe.empty() ? "unnamed" : safe;
}

std::string result(std::size_t number, const std::string& name, const std::string& word,
                   const std::string& message) {
  const std::string said = message.empty() ? "" : " " + line_of(message);
  std::string directive;
  if (word == "skipped") directive = " # SKIP" + said;
  if (word == "unavailable") directive = " # SKIP unavailable" + (said.empty() ? "" : ":" + said);
  if (word == "xfailed") directive = " # XFAIL" + said;
  if (word == "timed_out") directive = " # TIMEOUT" + said;
  const bool good = word == "passed" || word == "done" || !directive.empty();
  if (!good && word != "failed")
    directive = " # ERROR " + line_of(word) + (said.empty() ? "" : ":" + said);
  const bool ok = good && word != "timed_out";
  return fmt::format("{} {} {}{}\n", ok ? "ok" : "not ok", number, description(name), directive);
}

std::string diagnostics(const std::vector<const store::IncidentRow*>& incidents) {
  std::string text;
  for (const auto* each : incidents)
    text += fmt::format("  # {}: {}{}\n", line_of(each->kind), line_of(each->title),
                        each->ignored.empty() ? "" : " (ignored: " + line_of(each->ignored) + ")");
  return text;
}

/// The cases of a cell, nested, and the line of the cell after them.
std::string cell_text(std::size_t number, const store::CellRow& cell,
                      const std::vector<const store::CaseRow*>& cases,
                      const std::vector<const store::IncidentRow*>& incidents) {
  if (cases.empty())
    return diagnostics(incidents) + result(number, cell.name,
                                           cell.state == "done" ? "skipped" : cell.state,
                                           cell.state == "done" ? "no cases" : cell.reason);
  std::string text = fmt::format("  KTAP version 1\n  1..{}\n", cases.size());
  text += diagnostics(incidents);
  bool good = true;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& each = *cases[i];
    const bool by_cell = said_by_cell(cell, each);
    const std::string& word = by_cell ? cell.state : each.outcome;
    good = good && (word == "unavailable" || !is_bad_word(word));
    text += "  " + result(i + 1, each.name, word, by_cell ? cell.reason : each.message);
    // The reason of a failure has no directive of its own. With a word before it nobody takes it
    // for a result.
    if (word == "failed" && !each.message.empty())
      text += "  # failed: " + line_of(each.message) + "\n";
  }
  return text + result(number, cell.name, good ? "passed" : "failed", "");
}

}  // namespace

std::string ktap(const StoredRun& run) {
  auto cases = by_cell(run.cases);
  auto incidents = by_cell(run.incidents);
  std::string text = fmt::format("KTAP version 1\n1..{}\n", run.cells.size());
  for (std::size_t i = 0; i < run.cells.size(); ++i) {
    const auto& cell = run.cells[i];
    text += cell_text(i + 1, cell, cases[cell.id], incidents[cell.id]);
  }
  return text;
}

}  // namespace kmatrix::report
