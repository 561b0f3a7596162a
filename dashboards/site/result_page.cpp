// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "site/page.h"

namespace kmatrix::site {

namespace {

constexpr std::size_t most_unexpected_symbols = 40;

struct Logs {
  const LogFile* output = nullptr;   ///< what the process of the case printed
  const LogFile* console = nullptr;  ///< of the machine
  std::int64_t first = 0, last = 0;  ///< the case's lines of the console
  std::int64_t incident = 0;         ///< the first line of an incident in the console
};

/// The one line of both logs that is marked: that of an incident, else one of the output, else one
/// of the console.
void write_logs(Html& html, const Logs& logs, const Record& result, bool passed) {
  const auto message = result.text("message");
  std::int64_t in_output = 0, in_console = logs.console != nullptr ? logs.incident : 0;
  if (in_console == 0 && logs.output != nullptr && !passed) {
    in_output = find_hit(*logs.output, 1, logs.output->size(), message);
    if (in_output == 0) in_output = logs.output->size();
  }
  if (in_console == 0 && in_output == 0 && logs.console != nullptr && !passed) {
    in_console = find_hit(*logs.console, logs.first, logs.last, message);
    if (in_console == 0) in_console = logs.last;
  }
  if (logs.output != nullptr) {
    write_heading(html, "What it printed");
    write_excerpt(html, *logs.output, excerpt_of(*logs.output, 1, logs.output->size(), in_output));
  }
  if (logs.console != nullptr) {
    write_heading(html, "What the kernel printed meanwhile");
    write_excerpt(html, *logs.console,
                  excerpt_of(*logs.console, logs.first, logs.last, in_console));
  }
  if (logs.output == nullptr && logs.console == nullptr)
    html << "<p class=\"nothing\">There is no log of it.</p>\n";
}

/// A JSON array of words as a shell would take it.
std::string command_of(const std::string& argv) {
  const auto words = nlohmann::json::parse(argv, nullptr, false);
  if (!words.is_array()) return {};
  std::string command;
  for (const auto& word : words)
    if (word.is_string())
      command += (command.empty() ? "" : " ") + shell_word(word.get<std::string>());
  return command;
}

void write_facts(Html& html, const Record& result, const Links& links) {
  Facts facts;
  Html outcome, cell;
  write_word(outcome, result.text("outcome"));
  if (const auto raw = result.text("raw"); !raw.empty() && raw != result.text("outcome")) {
    outcome << " <span class=\"dim\">";
    outcome.text(raw) << "</span>";
  }
  facts.add("outcome", outcome);
  facts.add("message", result.text("message"));
  if (result.integer("errno") > 0) facts.add("errno", result.text("errno"));
  const auto address = links.cell(result.integer("cell_id"));
  if (!address.empty()) {
    cell << "<a href=\"";
    cell.text(address) << "\">";
  }
  write_name(cell, result.text("cell"));
  cell << (address.empty() ? Markup("") : Markup("</a>"));
  facts.add("cell", cell);
  facts.add("time", duration_text(result.real("seconds")));
  facts.add("command", command_of(result.text("argv")));
  if (const auto run = result.integer("reused_run"); run > 0)
    facts.add("result", fmt::format("taken over from run {}", run));
  facts.write(html);
}

store::Parameters place_of(const Record& result) {
  return {{"run", result.integer("run")},         {"suite", result.text("suite")},
          {"case", result.text("case_name")},     {"cell", result.integer("cell_id")},
          {"tree", result.text("tree")},          {"series", result.text("series")},
          {"config", result.text("config")},      {"machine", result.text("machine")},
          {"result", result.integer("result_id")}};
}

/// The same case in the other cells, and what is different about the nearest that passed.
Status write_elsewhere(Html& html, Site& site, const Links& links, const Record& result) {
  const auto others = site.db().run(
      "SELECT result.outcome, result.tree, result.series, result.config, result.machine, message, "
      "result.seconds, result_id, cell_id, cell.kernel AS kernel_id, cell.name AS cell "
      "FROM result JOIN cell ON cell.id = cell_id WHERE result.run = :run "
      "AND result.suite = :suite AND case_name = :case AND cell_id <> :cell "
      "ORDER BY (result.tree <> :tree) + (result.series <> :series) + (result.config <> :config) "
      "+ (result.machine <> :machine), cell_id",
      place_of(result), {200});
  if (!others) return others.error();
  if (others->rows.empty()) return {};
  write_heading(html, "In the other cells");
  draw_table(html, *others, 200, context_of(site, links));
  for (std::size_t i = 0; i < others->rows.size(); ++i) {
    const Record other(*others, i);
    if (other.text("outcome") != "passed") continue;
    if (other.integer("kernel_id") == result.integer("kernel_id")) continue;
    Html diff;
    if (!write_config_diff(diff, site, other.integer("kernel_id"), result.integer("kernel_id"),
                           most_unexpected_symbols))
      return {};
    write_heading(html, "How the .config differs from one with which it passes");
    html << "<p class=\"about\">There: ";
    html.text(other.text("cell")) << ". <a href=\"";
    html.text(links.kernel(result.integer("kernel_id"))) << "\">All of it</a></p>\n";
    html.add(diff);
    return {};
  }
  return {};
}

Status write_table(Html& html, Site& site, const Links& links, std::string_view title,
                   const char* query, const Record& result) {
  const auto rows = site.db().run(query, place_of(result), {100});
  if (!rows) return rows.error();
  if (rows->rows.empty()) return {};
  write_heading(html, title);
  draw_table(html, *rows, 100, context_of(site, links));
  return {};
}

/// Incidents while the case ran; sets where the first of them is in the console.
Status write_case_incidents(Html& html, Site& site, const Record& result, Logs& logs) {
  const auto rows = site.db().run(
      "SELECT * FROM incident_report WHERE cell_id = :cell AND case_name = :case "
      "ORDER BY ignored <> '', incident_id",
      place_of(result), {50});
  if (!rows) return rows.error();
  if (rows->rows.empty()) return {};
  for (std::size_t i = 0; i < rows->rows.size() && logs.incident == 0; ++i)
    if (const Record incident(*rows, i); incident.integer("boot") == result.integer("boot"))
      logs.incident = incident.integer("first_line");
  write_heading(html, "Incidents");
  write_incidents(html, *rows);
  return {};
}

void read_logs(Site& site, const Record& result, Logs& logs) {
  if (const auto output = result.text("output"); !output.empty())
    logs.output = site.logs().read(output);
  logs.first = result.integer("first_line");
  logs.last = std::max(logs.first, result.integer("last_line"));
  if (logs.first > 0 && !result.text("folder").empty())
    logs.console = site.logs().read(std::filesystem::path(result.text("folder")) /
                                    fmt::format("console-{}.log", result.integer("boot")));
}

}  // namespace

PageResult result_page(Site& site, const Links& links, std::int64_t id) {
  const auto rows = site.db().run(
      "SELECT result.*, cell.kernel AS kernel_id, cell.folder, case_result.output, "
      "case_result.argv FROM case_result JOIN cell ON cell.id = case_result.cell "
      "JOIN result ON result_id = case_result.id WHERE case_result.id = :result",
      {{"result", id}});
  if (!rows) return rows.error();
  if (rows->rows.empty()) return {std::nullopt};
  const Record result(*rows, 0);
  const auto run = result.integer("run");
  const auto name = result.text("case_name"), cell = shell_word(result.text("cell"));
  Content content;
  auto& html = content.html;
  content.frame.title = name;
  content.frame.trail = {
      {"runs", links.root() + "index.html"},
      {fmt::format("run {}", run), links.run(run)},
      {result.text("place") + "/" + result.text("suite"), links.cell(result.integer("cell_id"))}};
  const auto history = links.dashboard(case_dashboard_of(site),
                                       {{"suite", result.text("suite")}, {"case_name", name}});
  if (!history.empty()) content.frame.trail.push_back({"history", history});
  write_facts(html, result, links);
  Logs logs;
  KMATRIX_TRY(write_case_incidents(html, site, result, logs));
  read_logs(site, result, logs);
  write_logs(html, logs, result, result.text("outcome") == "passed");
  write_heading(html, "Again, on your machine");
  write_commands(
      html, {fmt::format("kmatrix bundle {} {} {} -o case.kmatrix", run, cell, shell_word(name)),
             "kmatrix replay case.kmatrix", fmt::format("kmatrix shell {} {}", run, cell),
             fmt::format("kmatrix log {} {} {}", run, cell, shell_word(name))});
  KMATRIX_TRY(write_table(html, site, links, "Run again in the same run",
                          "SELECT attempt, outcome, message, seconds FROM case_rerun "
                          "WHERE cell = :cell AND name = :case ORDER BY attempt",
                          result));
  KMATRIX_TRY(write_elsewhere(html, site, links, result));
  return {std::move(content)};
}

}  // namespace kmatrix::site
