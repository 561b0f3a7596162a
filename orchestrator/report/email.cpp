// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/email.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "report/claims.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

constexpr std::size_t columns = 77;

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

/// Where the first `width` columns of the text end.
std::size_t end_of(std::string_view text, std::size_t width) {
  std::size_t at = 0;
  for (std::size_t seen = 0; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && seen++ == width) break;
  return at;
}

/// "name  text" a line, wrapped.
std::string named_lines(const std::string& heading,
                        const std::vector<std::pair<std::string, std::string>>& lines) {
  std::string text;
  std::size_t longest = 0;
  for (const auto& [name, what] : lines) longest = std::max(longest, width_of(name));
  longest = std::min<std::size_t>(longest, 24);
  for (const auto& [name, what] : lines) {
    const std::size_t gap = longest - std::min(longest, width_of(name)) + 2;
    text += wrapped(what, "  " + name + std::string(gap, ' '));
  }
  return text.empty() ? "" : "\n" + heading + "\n" + text;
}

std::string all_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (const auto& each : support::split_lines(text))
    if (!support::trim(each).empty()) lines.push_back(line_of(each));
  return support::join(lines, ", ");
}

/// A tree with all that its kernels say of themselves: those that did not build say nothing.
std::string releases_of(const StoredRun& run, const store::KernelRow& of) {
  std::set<std::string> releases;
  for (const auto& kernel : run.kernels)
    if (kernel.tree == of.tree && kernel.tree_description == of.tree_description &&
        !kernel.release.empty())
      releases.insert(line_of(kernel.release));
  if (releases.empty()) return "";
  return " (release " + support::join({releases.begin(), releases.end()}, ", ") + ")";
}

std::string what_was_tested(const StoredRun& run) {
  using Lines = std::vector<std::pair<std::string, std::string>>;
  Lines trees, series, compilers, machines;
  const auto add = [](Lines& lines, const std::string& name, const std::string& what) {
    const std::pair<std::string, std::string> line(line_of(name), what);
    if (!what.empty() && std::find(lines.begin(), lines.end(), line) == lines.end())
      lines.push_back(line);
  };
  std::map<std::int64_t, std::string> arch;
  for (const auto& kernel : run.kernels) {
    add(trees, kernel.tree, line_of(kernel.tree_description) + releases_of(run, kernel));
    add(series, kernel.series, line_of(kernel.series_description));
    add(compilers, kernel.config, all_lines(kernel.compiler));
    arch[kernel.id] = kernel.arch;
  }
  for (const auto& cell : run.cells)
    if (!cell.accel.empty())
      add(machines, cell.machine,
          fmt::format("{}, QEMU with {}", line_of(arch[cell.kernel]), line_of(cell.accel)));
  return named_lines("Trees", trees) + named_lines("Series", series) +
         named_lines("Compilers, by config", compilers) + named_lines("Machines", machines);
}

std::string claims_part(const std::vector<store::ClaimRow>& claims) {
  std::string text;
  for (const auto& claim : claims) {
    text += wrapped(line_of(claim.text), "  [" + line_of(claim.state) + "] ");
    const auto evidence = first_evidence(claim);
    text += wrapped(evidence.empty() ? line_of(claim.basis) : evidence, "      ");
  }
  return text.empty() ? "" : "\nClaims\n" + text;
}

/// The table of the results: a row a cell, a column an outcome that any of them has.
class ResultTable {
 public:
  explicit ResultTable(const StoredRun& run) : run_(run), cases_(by_cell(run.cases)) {
    std::vector<const store::CaseRow*> every;
    for (const auto& row : run.cases) every.push_back(&row);
    columns_ = count_outcomes(every);
    for (auto& [outcome, width] : columns_) width = 1;
    for (const auto& cell : run.cells) {
      name_width_ = std::max(name_width_, std::min(width_of(name_of(cell)), widest_name));
      for (auto& [outcome, width] : columns_)
        width = std::max(width, text_of(cell, outcome).size());
    }
  }

  std::string text() {
    std::string text;
    for (const auto& kernel : run_.kernels) {
      std::string note;
      if (kernel.state == "failed") note = ": did not build: " + line_of(kernel.first_error);
      text += wrapped(line_of(kernel.name) + note, "  ");
      for (const auto& cell : run_.cells)
        if (cell.kernel == kernel.id) text += row(cell);
    }
    return text;
  }

 private:
  static constexpr std::size_t widest_name = 40;

  static std::string name_of(const store::CellRow& cell) {
    return line_of(cell.machine + "/" + cell.suite);
  }
  /// "5 passed", or "-" for none.
  std::string text_of(const store::CellRow& cell, const std::string& outcome) {
    const auto& cases = cases_[cell.id];
    const auto count = std::count_if(cases.begin(), cases.end(),
                                     [&](const auto* each) { return each->outcome == outcome; });
    return count == 0 ? "-" : fmt::format("{} {}", count, outcome);
  }
  static std::string padded(const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, width_of(text)), ' ');
  }

  std::string row(const store::CellRow& cell) {
    std::string line = "    " + padded(name_of(cell), name_width_);
    if (cell.state != "done") {
      const bool expected = cell.state == "unavailable" && cell.expect_unavailable;
      line += "  " + line_of(cell.state);
      if (expected || cell.reason.empty()) return fitted(line + (expected ? " (expected)" : ""));
      return wrapped(line_of(cell.reason), line + ": ");
    }
    for (const auto& [outcome, width] : columns_)
      line += "  " + padded(text_of(cell, outcome), width);
    return fitted(line);
  }

  /// The line as it is, or wrapped if it is too wide.
  static std::string fitted(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return width_of(line) <= columns ? line + "\n" : wrapped(line, "    ");
  }

  const StoredRun& run_;
  std::map<std::int64_t, std::vector<const store::CaseRow*>> cases_;
  std::size_t name_width_ = 0;
  Counts columns_;  ///< outcomes with their widths
};

/// "failed with base, passed with direct-calls"
std::string sides(const compare::Comparison& comparison, const std::vector<std::string>& words) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (!words[i].empty())
      parts.push_back(line_of(words[i]) + " with " + line_of(comparison.values[i]));
  return support::join(parts, ", ");
}

std::string group_lines(const compare::Comparison& comparison, const compare::Group& group,
                        std::size_t& left) {
  std::string text;
  std::vector<std::string> states;
  for (const auto& cell : group.cells) states.push_back(cell.state);
  const bool whole = std::any_of(group.cells.begin(), group.cells.end(),
                                 [](const auto& cell) { return cell.without_outcomes; });
  std::set<std::string> kinds(states.begin(), states.end());
  kinds.erase("");
  // A suite that could not run on a side is one difference, not one for each of its cases.
  if (whole && kinds.size() > 1)
    return wrapped(line_of(group.name) + ": " + sides(comparison, states), "  ");
  for (const auto& each : group.cases) {
    if (!each.differs) break;
    if (left == 0) continue;
    --left;
    text += wrapped(line_of(each.name) + ": " + sides(comparison, each.outcomes), "    ");
  }
  return text.empty() ? "" : wrapped(line_of(group.name), "  ") + text;
}

std::string differences(const StoredRun& run) {
  constexpr std::size_t listed = 20;
  const auto comparison =
      compare::compare(run.cells, run.cases, run.incidents, {compare::Axis::series});
  if (comparison.values.size() < 2) return "";
  std::size_t left = listed;
  std::string text;
  for (const auto& group : comparison.groups) text += group_lines(comparison, group, left);
  if (text.empty()) text = "  none\n";
  if (left == 0 && comparison.different > listed)
    text += "  and more: `kmatrix compare` lists all\n";
  return "\nDifferences between series\n" + text;
}

std::string incidents(const StoredRun& run) {
  std::map<std::pair<std::string, std::string>, std::set<std::int64_t>> cells;
  std::map<std::pair<std::string, std::string>, std::size_t> times;
  for (const auto& each : run.incidents) {
    const std::string what =
        line_of(each.title) +
        (each.ignored.empty() ? "" : " (known: " + line_of(each.ignored) + ")");
    ++times[{each.kind, what}];
    cells[{each.kind, what}].insert(each.cell);
  }
  std::string text;
  for (const auto& [what, count] : times)
    text += wrapped(fmt::format("{}; {} in {}", what.second, count_of(count, "time"),
                                count_of(cells[what].size(), "cell")),
                    "  " + line_of(what.first) + ": ");
  return "\nIncidents in the kernels' logs\n" + (text.empty() ? "  none\n" : text);
}

std::string command_of(const store::RunRow& run) {
  std::string command =
      "kmatrix run " + line_of(std::filesystem::path(run.experiment_file).filename().string());
  const auto record = nlohmann::json::parse(run.selection, nullptr, false);
  if (record.is_object() && record.contains("only") && record["only"].is_array())
    for (const auto& each : record["only"])
      if (each.is_string()) command += " --only " + line_of(each.get<std::string>());
  for (const auto& each : overrides_of(run)) command += " " + line_of(each);
  return command;
}

/// A command that a shell takes as it stands, over several lines if it has to be.
std::string command_lines(const std::string& command) {
  const auto lines = support::split_lines(wrapped(command, "  ", columns - 2));
  return support::join(lines, " \\\n") + "\n";
}

std::string how_to_repeat(const StoredRun& run) {
  return "\nTo repeat it\n" + command_lines(command_of(run.run)) +
         wrapped("experiment " + run.run.experiment_digest, "  ") +
         wrapped("kmatrix " + line_of(run.run.kmatrix_version), "  ");
}

}  // namespace

std::string wrapped(std::string_view text, const std::string& first, std::size_t width) {
  // A beginning that leaves no room is text like the rest.
  if (4 * width_of(first) > 3 * width) {
    const std::string indent(std::min(first.find_first_not_of(' '), width / 2), ' ');
    return wrapped(std::string(support::trim(first)) + " " + std::string(text), indent, width);
  }
  std::string lines, line = first;
  const std::string indent(std::min(width_of(first) + 2, width / 2), ' ');
  bool empty = true;
  for (text = support::trim(text); !text.empty(); text = support::trim(text)) {
    std::string_view word = text.substr(0, text.find(' '));
    const std::size_t used = width_of(line) + (empty ? 0 : 1);
    if (used + width_of(word) > width) {
      if (!empty) {
        lines += line + "\n";
        line = indent;
        empty = true;
        continue;
      }
      // Nothing stands before it: a word that no line can hold.
      word = text.substr(0, end_of(text, width - std::min(width - 1, used)));
    }
    line += (empty ? "" : " ") + std::string(word);
    empty = false;
    text.remove_prefix(word.size());
    if (!text.empty() && text.front() != ' ') {
      lines += line + "\n";
      line = indent;
      empty = true;
    }
  }
  return lines + (empty && !lines.empty() ? "" : line + "\n");
}

std::string email_text(const StoredRun& run) {
  const double took = duration_of(run.run).count();
  std::string head = fmt::format(
      "Tested with kmatrix {}: experiment {}, {}, {}, {}{}; {}.", line_of(run.run.kmatrix_version),
      line_of(run.run.experiment), count_of(run.kernels.size(), "kernel"),
      count_of(run.cells.size(), "cell"), line_of(run.run.started.substr(0, 10)),
      took > 0 ? " in " + support::human_duration(support::Seconds(took)) : "",
      run.run.state == "done"
          ? (run_is_good(run.cells, run.cases, run.incidents) ? "all good" : "not all good")
          : "the run is " + line_of(run.run.state));
  return wrapped(head) + claims_part(run.claims) + what_was_tested(run) + "\nResults\n" +
         ResultTable(run).text() + differences(run) + incidents(run) + how_to_repeat(run);
}

}  // namespace kmatrix::report
