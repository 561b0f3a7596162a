// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "site/page.h"

namespace kmatrix::site {

namespace {

bool is_of_run(const Dashboard& dashboard) {
  return dashboard.parameters.size() == 1 && dashboard.has_parameter("run");
}

void write_setting(Html& html, const compare::Setting& setting) {
  html << "<td><code>";
  html.text(setting.value) << "</code>";
  if (!setting.asked.asked_by.empty()) {
    html << " <span class=\"dim\">";
    html.text(setting.asked.asked_by) << "</span>";
  }
  html << "</td>";
}

}  // namespace

std::vector<NavLink> tabs_of_run(const Site& site, const Links& links, std::int64_t run,
                                 const std::string& here) {
  std::vector<NavLink> tabs{{"Overview", links.run(run), here.empty()}};
  for (const auto& dashboard : site.dashboards()) {
    if (!is_of_run(dashboard)) continue;
    const auto address = links.dashboard(dashboard.name, {{"run", std::to_string(run)}});
    if (!address.empty()) tabs.push_back({dashboard.title, address, here == dashboard.name});
  }
  return tabs;
}

std::string run_label(const Record& run) {
  return fmt::format("{}, run {}", run.text("experiment"), run.integer("run"));
}

std::string case_dashboard_of(const Site& site) {
  for (const auto& each : site.dashboards())
    if (each.parameters.size() == 2 && each.has_parameter("suite") &&
        each.has_parameter("case_name"))
      return each.name;
  return {};
}

DrawContext context_of(const Site& site, const Links& links) {
  return {links, site.options().charts, case_dashboard_of(site)};
}

void correct_states(const Site& site, store::Rows& runs) {
  const int run = runs.column("run"), state = runs.column("state");
  if (run < 0 || state < 0) return;
  for (auto& row : runs.rows) {
    auto& value = row[static_cast<std::size_t>(state)];
    const auto id = static_cast<std::int64_t>(store::to_number(row[static_cast<std::size_t>(run)]));
    const auto word = store::to_text(value);
    if (word == "running" && site.options().is_alive && !site.options().is_alive(id))
      value = std::string("interrupted");
    // What failed is the run, through us: no test says so.
    if (word == "failed") value = std::string("not finished");
  }
}

void write_commands(Html& html, const std::vector<std::string>& commands) {
  html << "<div class=\"commands\">\n";
  for (const auto& command : commands) {
    html << "<pre class=\"command\" tabindex=\"0\"><code>";
    html.text(command) << "</code></pre>\n";
  }
  html << "</div>\n";
}

void write_heading(Html& html, std::string_view title) {
  html << "<h2 id=\"";
  html.text(slug(title)) << "\">";
  html.text(title) << "</h2>\n";
}

void write_incidents(Html& html, const store::Rows& incidents) {
  for (std::size_t i = 0; i < incidents.rows.size(); ++i) {
    const Record incident(incidents, i);
    const auto ignored = incident.text("ignored");
    html << "<article class=\"incident" << (ignored.empty() ? Markup("") : Markup(" ignored"))
         << "\" id=\"i";
    html.number(incident.integer("incident_id")) << "\"><h3><span class=\"kind\">";
    html.text(incident.text("kind")) << "</span> ";
    html.text(incident.text("title")) << "</h3>\n<p class=\"about\">";
    const auto case_name = incident.text("case_name");
    html.text(case_name.empty() ? "No case was running" : "While " + case_name + " ran");
    html.text(fmt::format(", console-{}.log line {}.", incident.integer("boot"),
                          incident.integer("first_line")));
    if (!ignored.empty()) html.text(" Does not count: " + ignored);
    html << "</p>\n<pre tabindex=\"0\">";
    html.text(incident.text("text")) << "</pre></article>\n";
  }
}

bool write_config_diff(Html& html, Site& site, std::int64_t a, std::int64_t b, std::size_t limit) {
  const auto *first = site.config_of(a), *second = site.config_of(b);
  if (first == nullptr || second == nullptr) return false;
  const auto differences = compare::config_differences(*first, *second);
  if (differences.empty()) {
    html << "<p class=\"nothing\">The final .config is the same.</p>\n";
    return true;
  }
  html << "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"config\">"
          "<table class=\"rows\"><thead><tr><th scope=\"col\">symbol</th>"
          "<th scope=\"col\">there</th><th scope=\"col\">here</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < std::min(limit, differences.size()); ++i) {
    html << "<tr><th scope=\"row\"><code>";
    html.text(differences[i].symbol) << "</code></th>";
    write_setting(html, differences[i].a);
    write_setting(html, differences[i].b);
    html << "</tr>\n";
  }
  html << "</tbody></table></div>\n";
  say_cut(html, std::min(limit, differences.size()), differences.size(), false);
  return true;
}

}  // namespace kmatrix::site
