// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "site/page.h"

namespace kmatrix::site {

namespace {

/// What needs attention fits a page; the matrix has the rest.
constexpr std::size_t most_bad = 200, most_cells = 2000;

/// The first words that speak against a claim, or say what is missing to decide it.
std::string first_evidence(const std::string& text) {
  const auto record = nlohmann::json::parse(text, nullptr, false);
  if (!record.is_object()) return {};
  const auto word = [](const nlohmann::json& of, const char* key) {
    const auto found = of.find(key);
    return found != of.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (const auto against = record.find("against"); against != record.end() && against->is_array() &&
                                                   !against->empty() && (*against)[0].is_object()) {
    const auto& first = (*against)[0];
    return fmt::format("{} {}: {} {}", word(first, "where"), word(first, "what"),
                       word(first, "found"), word(first, "detail"));
  }
  if (const auto missing = record.find("missing"); missing != record.end() && missing->is_array() &&
                                                   !missing->empty() && (*missing)[0].is_string())
    return (*missing)[0].get<std::string>();
  return {};
}

Status write_claims(Html& html, Site& site, std::int64_t run) {
  const auto rows = site.db().run(
      "SELECT text, at, state, basis, evidence FROM claim_result WHERE run = :run "
      "ORDER BY position",
      {{"run", run}});
  if (!rows) return rows.error();
  if (rows->rows.empty()) return {};
  write_heading(html, "Claims");
  html << "<ul class=\"claims\">\n";
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const Record claim(*rows, i);
    html << "<li>";
    write_word(html, claim.text("state"));
    html << " <span>";
    html.text(claim.text("text")) << "</span>";
    const auto evidence = claim.text("state") == "holds" ? claim.text("basis")
                                                         : first_evidence(claim.text("evidence"));
    html << "<p class=\"dim\">";
    html.text(evidence) << "</p></li>\n";
  }
  html << "</ul>\n";
  return {};
}

/// A table of a query's rows under a heading, if it has any.
Status write_rows(Html& html, Site& site, const DrawContext& context, std::string_view title,
                  const char* query, std::int64_t run, std::size_t limit) {
  const auto rows = site.db().run(query, {{"run", run}}, {limit});
  if (!rows) return rows.error();
  if (rows->rows.empty()) return {};
  write_heading(html, title);
  draw_table(html, *rows, limit, context);
  return {};
}

void write_summary(Html& html, const Record& run, const OutcomeCounts& counts, const Links& links) {
  write_bar(html, counts);
  if (sum_of(counts) > 0) {
    html << "<p>";
    write_counts(html, counts);
    html << "</p>\n";
  }
  Facts facts;
  Html state;
  write_word(state, run.text("state"));
  facts.add("state", state);
  facts.add("started", time_text(run.text("started")) + " UTC");
  facts.add("time", duration_text(run.real("seconds")));
  facts.add("host", run.text("host"));
  facts.add("kernels",
            fmt::format("{}: {} built, {} from the cache, {} not built", run.integer("kernels"),
                        run.integer("built"), run.integer("cached"), run.integer("builds_failed")));
  facts.add("cells", fmt::format("{}: {} done, {} blocked, {} that kmatrix failed",
                                 run.integer("cells"), run.integer("cells_done"),
                                 run.integer("cells_blocked"), run.integer("cells_infra_error")));
  if (const auto earlier = run.integer("rerun_of"); earlier > 0) {
    Html link;
    const auto address = links.run(earlier);
    if (!address.empty()) {
      link << "<a href=\"";
      link.text(address) << "\">";
    }
    link << "run ";
    link.number(earlier) << (address.empty() ? Markup("") : Markup("</a>"));
    facts.add("repeats", link);
  }
  facts.write(html);
}

Status write_attention(Html& html, Site& site, const DrawContext& context, std::int64_t run) {
  KMATRIX_TRY(write_rows(
      html, site, context, "New since the run before",
      "SELECT kind, before, outcome, suite, case_name, cell, message, result_id, cell_id "
      "FROM change WHERE run = :run AND kind IN ('new failure', 'fix') AND NOT same_inputs "
      "ORDER BY kind DESC, cell, case_name",
      run, most_bad));
  KMATRIX_TRY(write_rows(html, site, context, "Verdicts",
                         "SELECT verdict, suite, case_name, scope, counts FROM verdict_result "
                         "WHERE run = :run ORDER BY verdict = 'pre_existing', verdict, suite, "
                         "case_name",
                         run, most_bad));
  KMATRIX_TRY(
      write_rows(html, site, context, "Incidents",
                 "SELECT kind, title, case_name, cell, ignored, incident_id, cell_id "
                 "FROM incident_report WHERE run = :run ORDER BY ignored <> '', kind, title",
                 run, most_bad));
  KMATRIX_TRY(write_rows(html, site, context, "Not as it should be",
                         "SELECT outcome, suite, case_name, place, message, result_id, cell_id "
                         "FROM result WHERE run = :run AND bad ORDER BY suite, case_name, cell_id",
                         run, most_bad));
  return write_rows(html, site, context, "Kernels that did not build",
                    "SELECT kernel, state, first_error, kernel_id FROM build "
                    "WHERE run = :run AND state = 'failed' ORDER BY kernel_id",
                    run, most_bad);
}

Status write_cells(Html& html, Site& site, const Links& links, std::int64_t run) {
  const auto rows = site.db().run("SELECT * FROM cell_result WHERE run = :run ORDER BY cell_id",
                                  {{"run", run}}, {most_cells});
  if (!rows) return rows.error();
  write_heading(html, "Cells");
  html << "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"cells\">"
          "<table class=\"rows\"><thead><tr><th scope=\"col\">cell</th><th scope=\"col\">state</th>"
          "<th scope=\"col\">outcomes</th><th scope=\"col\" class=\"num\">incidents</th>"
          "<th scope=\"col\" class=\"num\">time</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const Record cell(*rows, i);
    html << "<tr data-o=\"";
    html.text(cell.text("state")) << "\"><td class=\"name\"><a href=\"";
    html.text(links.cell(cell.integer("cell_id"))) << "\">";
    write_name(html, cell.text("cell"));
    html << "</a></td><td>";
    write_word(html, cell.text("state"));
    html << "</td><td class=\"wide\">";
    if (cell.integer("results") > 0) {
      const auto counts = counts_of(*rows, i);
      write_bar(html, counts);
      write_counts(html, counts);
    }
    if (!cell.text("reason").empty()) {
      html << "<span class=\"dim\">";
      html.text(cell.text("reason"))
          << (cell.integer("expect_unavailable") != 0 && cell.text("state") == "unavailable"
                  ? Markup(" (expected)")
                  : Markup(""))
          << "</span>";
    }
    html << "</td><td class=\"num\">";
    html.number(cell.integer("incidents")) << "</td><td class=\"num\" data-v=\"";
    html.real(cell.real("seconds")) << "\">";
    html.text(duration_text(cell.real("seconds"))) << "</td></tr>\n";
  }
  html << "</tbody></table></div>\n";
  say_cut(html, rows->rows.size(), rows->rows.size(), rows->cut);
  return {};
}

}  // namespace

PageResult run_page(Site& site, const Links& links, std::int64_t id) {
  auto rows = site.db().run("SELECT * FROM run_summary WHERE run = :run", {{"run", id}});
  if (!rows) return rows.error();
  if (rows->rows.empty()) return {std::nullopt};
  correct_states(site, *rows);
  const Record run(*rows, 0);
  Content content;
  content.frame.title = run_label(run);
  content.frame.trail = {{"runs", links.root() + "index.html"},
                         {fmt::format("run {}", id), links.run(id), true}};
  content.frame.tabs = tabs_of_run(site, links, id, "");
  const auto context = context_of(site, links);
  write_summary(content.html, run, counts_of(*rows, 0), links);
  KMATRIX_TRY(write_claims(content.html, site, id));
  KMATRIX_TRY(write_attention(content.html, site, context, id));
  KMATRIX_TRY(write_cells(content.html, site, links, id));
  return {std::move(content)};
}

}  // namespace kmatrix::site
