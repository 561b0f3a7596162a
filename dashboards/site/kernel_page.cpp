// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include "site/page.h"

namespace kmatrix::site {

namespace {

constexpr std::size_t most_symbols = 300, most_others = 12, lines_of_build = 60;

void write_facts(Html& html, const Record& kernel) {
  Facts facts;
  Html state;
  write_word(state, kernel.text("state"));
  facts.add("state", state);
  facts.add("release", kernel.text("release"));
  facts.add("time", duration_text(kernel.real("seconds")));
  facts.add("objects", count_text(kernel.integer("objects")));
  facts.add("options", fmt::format("{} built in, {} modules", kernel.integer("built_in"),
                                   kernel.integer("modules")));
  facts.add("compiler", kernel.text("compiler"));
  facts.add("tree", kernel.text("tree_description"));
  facts.add("series", kernel.text("series_description"));
  facts.add("why", kernel.text("why"));
  facts.write(html);
}

void write_failure(Html& html, Site& site, const Record& kernel) {
  if (kernel.text("state") != "failed") return;
  write_heading(html, "Why it did not build");
  html << "<pre tabindex=\"0\">";
  html.text(kernel.text("first_error")) << "</pre>\n";
  if (const auto* log = site.logs().read(kernel.text("log"))) {
    const auto hit = find_hit(*log, 1, log->size(), kernel.text("first_error"));
    const auto first = std::max<std::int64_t>(1, log->size() - std::int64_t{lines_of_build});
    write_excerpt(html, *log, excerpt_of(*log, hit > 0 ? hit : first, log->size(), hit));
  }
}

Status write_differences(Html& html, Site& site, const Links& links, const Record& kernel) {
  const auto id = kernel.integer("kernel_id");
  const auto others = site.db().run(
      "SELECT kernel_id, kernel FROM build WHERE run = :run AND kernel_id <> :id "
      "AND arch = :arch ORDER BY (tree <> :tree) + (series <> :series) + (config <> :config), "
      "kernel_id",
      {{"run", kernel.integer("run")},
       {"id", id},
       {"arch", kernel.text("arch")},
       {"tree", kernel.text("tree")},
       {"series", kernel.text("series")},
       {"config", kernel.text("config")}},
      {most_others});
  if (!others) return others.error();
  if (others->rows.empty() || site.config_of(id) == nullptr) return {};
  write_heading(html, "How its .config differs");
  html << "<p class=\"about\">From those of the run's other kernels, the nearest first. First come "
          "the symbols that somebody asked for.</p>\n";
  for (std::size_t i = 0; i < others->rows.size(); ++i) {
    const Record other(*others, i);
    Html diff;
    if (!write_config_diff(diff, site, other.integer("kernel_id"), id, most_symbols)) continue;
    html << "<details><summary>from ";
    html.text(other.text("kernel")) << "</summary>\n<p><a href=\"";
    html.text(links.kernel(other.integer("kernel_id"))) << "\">that kernel</a></p>\n";
    html.add(diff) << "</details>\n";
  }
  return {};
}

}  // namespace

PageResult kernel_page(Site& site, const Links& links, std::int64_t id) {
  const auto rows = site.db().run(
      "SELECT build.*, kernel.tree_description, kernel.series_description, kernel.log "
      "FROM build JOIN kernel ON kernel.id = kernel_id WHERE kernel_id = :kernel",
      {{"kernel", id}});
  if (!rows) return rows.error();
  if (rows->rows.empty()) return {std::nullopt};
  const Record kernel(*rows, 0);
  const auto run = kernel.integer("run");
  Content content;
  content.frame.title = kernel.text("kernel");
  content.frame.trail = {{"runs", links.root() + "index.html"},
                         {fmt::format("run {}", run), links.run(run)},
                         {"kernel", links.kernel(id), true}};
  write_facts(content.html, kernel);
  write_failure(content.html, site, kernel);
  const auto cells = site.db().run(
      "SELECT suite, cell.machine, cell.state, cell.reason, cell.id AS cell_id, "
      "cell.name AS cell FROM cell WHERE kernel = :kernel ORDER BY cell.id",
      {{"kernel", id}}, {500});
  if (!cells) return cells.error();
  if (!cells->rows.empty()) {
    write_heading(content.html, "Cells");
    draw_table(content.html, *cells, 500, context_of(site, links));
  }
  KMATRIX_TRY(write_differences(content.html, site, links, kernel));
  return {std::move(content)};
}

}  // namespace kmatrix::site
