// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "site/draw.h"
#include "site/words.h"

namespace kmatrix::site {

namespace {

using nlohmann::ordered_json;

/// What a browser can draw without becoming slow.
constexpr std::size_t most_points = 5000;

ordered_json json_of(const store::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return nullptr;
}

ordered_json points_of(const store::Rows& rows) {
  auto points = ordered_json::array();
  for (std::size_t i = 0; i < std::min(rows.rows.size(), most_points); ++i) {
    auto point = ordered_json::object();
    for (std::size_t c = 0; c < rows.columns.size(); ++c)
      point[rows.columns[c]] = json_of(rows.rows[i][c]);
    points.push_back(std::move(point));
  }
  return points;
}

void write_problem(Html& html, const Error& error) {
  html << "<p class=\"problem\" role=\"alert\">This panel cannot be shown: ";
  html.text(error.message) << "</p>\n";
}

}  // namespace

void draw_chart(Html& html, const Panel& panel, const store::Rows& rows,
                const DrawContext& context) {
  if (!context.charts) {
    html << "<p class=\"cut\">Charts are left out: kmatrix was built without node. This is what "
            "the chart would show.</p>\n";
    draw_table(html, rows, panel.limit, context);
    return;
  }
  ordered_json spec = panel.chart;
  spec["data"] = {{"values", points_of(rows)}};
  html << "<figure class=\"chart\"><div class=\"plot\" role=\"img\" aria-label=\"";
  html.text(panel.title) << "; the table below has its figures\"></div>"
                            "<script type=\"application/json\">";
  html.json(spec.dump(-1, ' ', true, ordered_json::error_handler_t::replace));
  html << "</script><details open><summary>Figures</summary>\n";
  draw_table(html, rows, panel.limit, context);
  html << "</details></figure>\n";
}

void draw_panel(Html& html, const Panel& panel, const Result<store::Rows>& rows,
                const DrawContext& context) {
  html << "<section class=\"panel\" id=\"";
  html.text(slug(panel.title)) << "\"><h2>";
  html.text(panel.title) << "</h2>\n";
  if (!panel.about.empty()) {
    html << "<p class=\"about\">";
    html.text(panel.about) << "</p>\n";
  }
  if (!rows) {
    write_problem(html, rows.error());
  } else if (rows->rows.empty()) {
    html << "<p class=\"nothing\">";
    html.text(panel.empty.empty() ? "Nothing to show." : panel.empty) << "</p>\n";
  } else if (panel.drawing == Drawing::grid) {
    draw_grid(html, panel, *rows, context);
  } else if (panel.drawing == Drawing::chart) {
    draw_chart(html, panel, *rows, context);
  } else {
    draw_table(html, *rows, panel.limit, context);
  }
  html << "</section>\n";
}

}  // namespace kmatrix::site
