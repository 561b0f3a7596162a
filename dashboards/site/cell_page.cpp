// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include "site/page.h"

namespace kmatrix::site {

namespace {

constexpr std::size_t most_cases = 20'000;

/// Columns of the query below, by their place: there may be thousands of rows.
enum Case : std::size_t { id, name, outcome, message, seconds, boot, first_line };
constexpr const char* cases_query =
    "SELECT id, name, outcome, message, seconds, boot, first_line FROM case_result "
    "WHERE cell = :cell ORDER BY outcome IN ('passed', 'skipped', 'xfailed'), name";

void write_case(Html& html, const Links& links, const std::vector<store::Value>& row,
                std::int64_t cell) {
  const auto result = static_cast<std::int64_t>(store::to_number(row[id]));
  const auto word = store::to_text(row[outcome]);
  html << "<tr id=\"r";
  html.number(result) << "\" data-o=\"";
  html.text(word) << "\"><td>";
  write_word(html, word);
  html << "</td><td class=\"name\">";
  const auto address = links.result(result, cell);
  const bool own_page = address.find("result/") != std::string::npos;
  if (own_page) {
    html << "<a href=\"";
    html.text(address) << "\">";
  }
  write_name(html, store::to_text(row[name]));
  html << (own_page ? Markup("</a>") : Markup("")) << "</td><td class=\"message\">";
  html.text(store::to_text(row[message])) << "</td><td class=\"dim\">";
  if (const auto line = store::to_number(row[first_line]); line > 0)
    html.text(fmt::format("console-{}.log:{}", store::to_text(row[boot]), line));
  html << "</td><td class=\"num\" data-v=\"";
  html.text(store::to_text(row[seconds])) << "\">";
  html.text(duration_text(store::to_number(row[seconds]))) << "</td></tr>\n";
}

Status write_cases(Html& html, Site& site, const Links& links, std::int64_t cell) {
  const auto rows = site.db().run(cases_query, {{"cell", cell}}, {most_cases});
  if (!rows) return rows.error();
  if (rows->rows.empty()) return {};
  write_heading(html, "Cases");
  html << "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"cases\">"
          "<table class=\"rows\"><thead><tr><th scope=\"col\">outcome</th><th "
          "scope=\"col\">case</th>"
          "<th scope=\"col\">message</th><th scope=\"col\">log</th>"
          "<th scope=\"col\" class=\"num\">time</th></tr></thead><tbody>\n";
  for (const auto& row : rows->rows) write_case(html, links, row, cell);
  html << "</tbody></table></div>\n";
  say_cut(html, rows->rows.size(), rows->rows.size(), rows->cut);
  return {};
}

void write_block(Html& html, std::string_view title, const std::string& text) {
  if (text.empty()) return;
  html << "<details><summary>";
  html.text(title) << "</summary><pre tabindex=\"0\">";
  html.text(text) << "</pre></details>\n";
}

void write_facts(Html& html, const Record& cell, const Links& links) {
  Facts facts;
  Html state, kernel, made;
  write_word(state, cell.text("state"));
  if (!cell.text("reason").empty()) {
    state << " ";
    state.text(cell.text("reason"));
  }
  facts.add("state", state);
  const auto address = links.kernel(cell.integer("kernel_id"));
  if (!address.empty()) {
    kernel << "<a href=\"";
    kernel.text(address) << "\">";
  }
  write_name(kernel, cell.text("kernel"));
  kernel << (address.empty() ? Markup("") : Markup("</a>"));
  facts.add("kernel", kernel);
  facts.add("machine", cell.text("machine") +
                           (cell.text("accel").empty() ? "" : " (" + cell.text("accel") + ")"));
  facts.add("suite", cell.text("suite"));
  facts.add("boot", duration_text(cell.real("boot_seconds")));
  facts.add("time", duration_text(cell.real("seconds")));
  facts.add("why it ran", cell.text("why"));
  if (const auto run = cell.integer("reused_run"); run > 0)
    facts.add("results", fmt::format("taken over from run {}", run));
  facts.add("same as", cell.text("identical_to"));
  facts.add("notes", cell.text("notes"));
  facts.write(html);
}

Status write_cell_incidents(Html& html, Site& site, std::int64_t cell_id) {
  const auto incidents = site.db().run(
      "SELECT * FROM incident_report WHERE cell_id = :cell ORDER BY ignored <> '', incident_id",
      {{"cell", cell_id}}, {500});
  if (!incidents) return incidents.error();
  if (!incidents->rows.empty()) {
    write_heading(html, "Incidents");
    write_incidents(html, *incidents);
  }
  return {};
}

}  // namespace

PageResult cell_page(Site& site, const Links& links, std::int64_t cell_id) {
  const auto rows = site.db().run(
      "SELECT cell_result.*, cell.kernel AS kernel_id, cell.explanation, cell.command_line, "
      "cell.machine_xml, cell.notes FROM cell_result JOIN cell ON cell.id = cell_id "
      "WHERE cell_id = :cell",
      {{"cell", cell_id}});
  if (!rows) return rows.error();
  if (rows->rows.empty()) return {std::nullopt};
  const Record cell(*rows, 0);
  const auto run = cell.integer("run");
  Content content;
  auto& html = content.html;
  content.frame.title = cell.text("cell");
  content.frame.trail = {{"runs", links.root() + "index.html"},
                         {fmt::format("run {}", run), links.run(run)},
                         {cell.text("suite"), links.cell(cell_id), true}};
  const auto counts = counts_of(*rows, 0);
  if (sum_of(counts) > 0) {
    write_bar(html, counts);
    html << "<p>";
    write_counts(html, counts);
    html << "</p>\n";
  }
  write_facts(html, cell, links);
  write_block(html, "Explanation", cell.text("explanation"));
  const auto name = shell_word(cell.text("cell"));
  write_heading(html, "Again, on your machine");
  write_commands(html,
                 {fmt::format("kmatrix bundle {} {} -o cell.kmatrix", run, name),
                  "kmatrix replay cell.kmatrix", fmt::format("kmatrix shell {} {}", run, name),
                  fmt::format("kmatrix log {} {}", run, name)});
  KMATRIX_TRY(write_cell_incidents(html, site, cell_id));
  KMATRIX_TRY(write_cases(html, site, links, cell_id));
  write_heading(html, "Machine");
  write_block(html, "Command line of the kernel", cell.text("command_line"));
  write_block(html, "libvirt's domain", cell.text("machine_xml"));
  return {std::move(content)};
}

}  // namespace kmatrix::site
