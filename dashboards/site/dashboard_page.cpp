// SPDX-License-Identifier: GPL-2.0-or-later
#include <charconv>

#include "site/page.h"
#include "support/text.h"

namespace kmatrix::site {

namespace {

/// As a number if it looks like one, so that it equals a column of numbers; SQLite compares a
/// column of text with the text in both cases.
store::Value bound(const std::string& text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec == std::errc() && parsed.ptr == end) return number;
  return text;
}

/// What the panels are asked with: the page's values, and the defaults of what it does not say.
Result<store::Parameters> parameters_of(Site& site, const Dashboard& dashboard,
                                        const Values& values) {
  store::Parameters parameters{{"first_run", site.first_run()}};
  bool complete = true;
  const auto with_all = [&](store::Parameters some) {
    for (const auto& each : dashboard.parameters) some.try_emplace(each.name);
    return some;
  };
  for (const auto& each : dashboard.parameters) {
    if (const auto found = values.find(each.name); found != values.end())
      parameters[each.name] = bound(found->second);
    else if (each.fallback)
      parameters[each.name] = *each.fallback;
    else
      complete = false;
  }
  if (complete) return parameters;
  if (!dashboard.pages) return with_all(std::move(parameters));
  const auto first = site.db().run(dashboard.pages->sql, parameters, {1});
  if (!first) return first.error();
  for (std::size_t i = 0; !first->rows.empty() && i < first->columns.size(); ++i)
    parameters.try_emplace(first->columns[i], first->rows[0][i]);
  return with_all(std::move(parameters));
}

std::string title_of(const Dashboard& dashboard, const store::Parameters& parameters) {
  std::string title = dashboard.title;
  if (dashboard.has_parameter("case_name")) return store::to_text(parameters.at("case_name"));
  for (const auto& each : dashboard.parameters)
    if (const auto found = parameters.find(each.name); found != parameters.end() && !each.fallback)
      title += (each.name == "run" ? ", run " : ", ") + store::to_text(found->second);
  return title;
}

}  // namespace

PageResult drawn_dashboard(Site& site, const Links& links, const Dashboard& dashboard,
                           const Values& values) {
  const auto parameters = parameters_of(site, dashboard, values);
  if (!parameters) return parameters.error();
  Content content;
  content.frame.title = title_of(dashboard, *parameters);
  if (dashboard.pages)
    content.frame.trail = {{"runs", links.root() + "index.html"},
                           {dashboard.title, links.dashboard(dashboard.name)}};
  if (dashboard.has_parameter("run") && dashboard.parameters.size() == 1) {
    const auto run = static_cast<std::int64_t>(store::to_number(parameters->at("run")));
    content.frame.trail = {{"runs", links.root() + "index.html"},
                           {"run " + std::to_string(run), links.run(run)}};
    content.frame.tabs = tabs_of_run(site, links, run, dashboard.name);
  }
  auto& html = content.html;
  if (!dashboard.about.empty()) {
    html << "<p class=\"about\">";
    html.text(dashboard.about) << "</p>\n";
  }
  const auto context = context_of(site, links);
  for (const auto& panel : dashboard.panels) {
    draw_panel(html, panel, site.db().run(panel.query.sql, *parameters), context);
    content.frame.charts =
        content.frame.charts || (context.charts && panel.drawing == Drawing::chart);
  }
  return {std::move(content)};
}

PageResult dashboard_list(Site& site, const Links& links, const Dashboard& dashboard) {
  constexpr std::size_t most = 20'000;
  const auto rows = site.db().run(dashboard.pages->sql, {{"first_run", site.first_run()}}, {most});
  if (!rows) return rows.error();
  Content content;
  content.frame.title = dashboard.title;
  auto& html = content.html;
  if (!dashboard.about.empty()) {
    html << "<p class=\"about\">";
    html.text(dashboard.about) << "</p>\n";
  }
  if (rows->rows.empty()) html << "<p class=\"nothing\">Nothing to show.</p>\n";
  html << "<ul class=\"list\">\n";
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const Record row(*rows, i);
    Values values;
    std::vector<std::string> words;
    for (const auto& each : dashboard.parameters) {
      values[each.name] = rows->column(each.name) >= 0
                              ? row.text(each.name)
                              : store::to_text(each.fallback.value_or(store::Value()));
      words.push_back((each.name == "run" ? "run " : "") + values[each.name]);
    }
    html << "<li><a href=\"";
    html.text(links.dashboard(dashboard.name, values)) << "\">";
    html.text(support::join(words, " / ")) << "</a></li>\n";
  }
  html << "</ul>\n";
  return {std::move(content)};
}

}  // namespace kmatrix::site
