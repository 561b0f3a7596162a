// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include "site/page.h"

namespace kmatrix::site {

namespace {

void write_number(Html& html, std::int64_t number, std::string_view word, std::string_view tone) {
  html << "<li class=\"";
  html.text(number > 0 ? tone : "t-none") << "\"><b>";
  html.text(count_text(number)) << "</b> ";
  html.text(word) << "</li>";
}

std::int64_t changes_of(Site& site, std::int64_t run, const char* kind) {
  const auto rows = site.db().run(
      "SELECT count(*) FROM change WHERE run = :run AND kind = :kind AND NOT same_inputs",
      {{"run", run}, {"kind", std::string(kind)}});
  return rows && !rows->rows.empty() ? static_cast<std::int64_t>(store::to_number(rows->rows[0][0]))
                                     : 0;
}

/// What one wants to know first: what came of the newest run.
void write_newest(Html& html, Site& site, const Links& links, const store::Rows& rows) {
  const Record run(rows, 0);
  const auto counts = counts_of(rows, 0);
  const auto id = run.integer("run");
  html << "<section class=\"hero\"><h2><a href=\"";
  html.text(links.run(id)) << "\">";
  html.text(run_label(run)) << "</a> ";
  write_word(html, run.text("state"));
  html << "</h2>\n";
  write_bar(html, counts);
  if (sum_of(counts) > 0) {
    html << "<p>";
    write_counts(html, counts);
    html << "</p>\n";
  }
  html << "<ul class=\"numbers\">";
  if (run.integer("claims") > 0) {
    write_number(html, run.integer("claims_hold"), "claims hold", "t-good");
    write_number(html, run.integer("claims_broken"), "claims do not hold", "t-bad");
  }
  write_number(html, changes_of(site, id, "new failure"), "new failures", "t-bad");
  write_number(html, changes_of(site, id, "fix"), "fixed", "t-good");
  write_number(html, run.integer("incidents"), "incidents", "t-bad");
  write_number(html, run.integer("builds_failed"), "kernels not built", "t-bad");
  write_number(html, run.integer("cells_infra_error"), "cells that kmatrix failed", "t-infra");
  html << "</ul>\n<p class=\"dim\">";
  html.text(fmt::format("{} on {}, {}, {} cells, {} kernels", time_text(run.text("started")),
                        run.text("host"), duration_text(run.real("seconds")), run.integer("cells"),
                        run.integer("kernels")));
  html << "</p></section>\n";
}

void write_run(Html& html, const Links& links, const store::Rows& rows, std::size_t row) {
  const Record run(rows, row);
  const auto counts = counts_of(rows, row);
  std::string outcomes;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0)
      outcomes += (outcomes.empty() ? "" : " ") + std::string(outcome_looks[i].word);
  html << "<tr data-o=\"";
  html.text(outcomes) << "\"><td class=\"name\"><a href=\"";
  html.text(links.run(run.integer("run"))) << "\">#";
  html.number(run.integer("run")) << " ";
  html.text(run.text("experiment")) << "</a></td><td class=\"wide\">";
  write_bar(html, counts);
  if (sum_of(counts) > 0) write_counts(html, counts);
  html << "</td><td>";
  write_word(html, run.text("state"));
  html << "</td><td class=\"num\" data-v=\"";
  html.number(run.integer("incidents")) << "\">";
  html.text(count_text(run.integer("incidents"))) << "</td><td class=\"num\">";
  if (run.integer("claims") > 0)
    html.text(fmt::format("{} of {}", run.integer("claims_hold"), run.integer("claims")));
  else
    html << "–";
  html << "</td><td class=\"nowrap\">";
  html.text(time_text(run.text("started"))) << "</td><td class=\"num\" data-v=\"";
  html.number(run.integer("seconds")) << "\">";
  html.text(duration_text(run.real("seconds"))) << "</td></tr>\n";
}

void write_legend(Html& html) {
  html << "<details class=\"legend\"><summary>What the signs mean</summary><ul>\n";
  for (const auto& look : outcome_looks) {
    html << "<li>";
    write_word(html, look.word);
    html << " ";
    html.text(look.meaning) << "</li>\n";
  }
  html << "</ul></details>\n";
}

}  // namespace

PageResult home_page(Site& site, const Links& links) {
  auto rows = site.db().run("SELECT * FROM run_summary WHERE run >= :first ORDER BY run DESC",
                            {{"first", site.first_run()}}, {500});
  if (!rows) return rows.error();
  Content content;
  content.frame.title = "Runs";
  auto& html = content.html;
  if (rows->rows.empty()) {
    html << "<p class=\"nothing\">No runs yet. <code>kmatrix run EXPERIMENT.yaml</code> makes "
            "one.</p>\n";
    return {std::move(content)};
  }
  correct_states(site, *rows);
  write_newest(html, site, links, *rows);
  write_heading(html, "All runs");
  html << "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"runs\">"
          "<table class=\"rows\"><thead><tr><th scope=\"col\">run</th>"
          "<th scope=\"col\">outcomes</th><th scope=\"col\">state</th>"
          "<th scope=\"col\" class=\"num\">incidents</th>"
          "<th scope=\"col\" class=\"num\">claims hold</th><th scope=\"col\">started</th>"
          "<th scope=\"col\" class=\"num\">time</th>"
          "</tr></thead><tbody>\n";
  for (std::size_t i = 0; i < rows->rows.size(); ++i) write_run(html, links, *rows, i);
  html << "</tbody></table></div>\n";
  write_legend(html);
  return {std::move(content)};
}

}  // namespace kmatrix::site
