// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>

#include "site/draw.h"
#include "site/words.h"

namespace kmatrix::site {

namespace {

using store::Rows;
using store::Value;

enum class Show { text, word, seconds, time, run, name, number, block, hidden };

struct Column {
  std::size_t at = 0;
  std::string name;
  Show show = Show::text;
};

bool is_word_column(const std::string& name) {
  static const std::array<const char*, 8> words = {"outcome", "state",       "verdict", "before",
                                                   "base",    "with_series", "kind",    "after"};
  return std::find(words.begin(), words.end(), name) != words.end() || name.ends_with("_outcome") ||
         name.ends_with("_state");
}

bool is_number(const Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

Show show_of(const std::string& name, const Rows& rows, std::size_t at) {
  if (name.ends_with("_id")) return Show::hidden;
  if (is_word_column(name)) return Show::word;
  if (name == "seconds" || name.ends_with("_seconds")) return Show::seconds;
  if (name == "started" || name == "finished" || name.ends_with("_started")) return Show::time;
  if (name == "run" || name.ends_with("_run")) return Show::run;
  if (name == "text" || name == "explanation") return Show::block;
  if (name == "cell" || name == "kernel" || name == "place" || name == "case_name")
    return Show::name;
  bool some = false;
  for (const auto& row : rows.rows) {
    if (std::holds_alternative<std::monostate>(row[at])) continue;
    if (!is_number(row[at])) return Show::text;
    some = true;
  }
  return some ? Show::number : Show::text;
}

std::string title_of(std::string name) {
  if (name == "case_name") return "case";
  if (name == "with_series") return "with the series";
  if (name.ends_with("_seconds")) name.resize(name.size() - 8);
  if (name == "seconds") return "time";
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

/// Draws the rows of one query.
class Table {
 public:
  Table(Html& html, const Rows& rows, const DrawContext& context)
      : html_(html), rows_(rows), context_(context) {
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
      const auto show = show_of(rows.columns[i], rows, i);
      if (show != Show::hidden) columns_.push_back({i, rows.columns[i], show});
    }
    // Said once, it leaves room for what differs.
    for (const auto& column : columns_)
      if (is_common(column)) common_.push_back(column);
    std::erase_if(columns_, [&](const Column& column) { return is_common(column); });
  }

  void write(std::size_t limit) {
    write_common();
    html_ << "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"table\">"
             "<table class=\"rows\"><thead><tr>";
    for (const auto& column : columns_) {
      html_ << "<th scope=\"col\"";
      if (is_right(column.show)) html_ << " class=\"num\"";
      html_ << ">";
      html_.text(title_of(column.name)) << "</th>";
    }
    html_ << "</tr></thead><tbody>\n";
    const auto shown = std::min(limit, rows_.rows.size());
    for (std::size_t row = 0; row < shown; ++row) write_row(row);
    html_ << "</tbody></table></div>\n";
    say_cut(html_, shown, rows_.rows.size(), rows_.cut);
  }

 private:
  /// Does an axis or a place have the same value in all of several rows?
  bool is_common(const Column& column) const {
    static const std::array<const char*, 11> axes = {"experiment", "place",  "cell",   "kernel",
                                                     "tree",       "series", "config", "arch",
                                                     "machine",    "accel",  "suite"};
    constexpr std::size_t few = 3;
    if (rows_.rows.size() < few || std::find(axes.begin(), axes.end(), column.name) == axes.end())
      return false;
    return std::all_of(rows_.rows.begin(), rows_.rows.end(),
                       [&](const auto& row) { return row[column.at] == rows_.rows[0][column.at]; });
  }

  void write_common() {
    if (common_.empty()) return;
    html_ << "<p class=\"common\">In all rows: ";
    for (const auto& column : common_) {
      html_.text(title_of(column.name)) << " <strong>";
      write_linked(0, column);
      html_ << "</strong>" << (&column == &common_.back() ? Markup("") : Markup(", "));
    }
    html_ << "</p>\n";
  }

  static bool is_right(Show show) { return show == Show::number || show == Show::seconds; }

  const Value& value(std::size_t row, std::string_view name) const {
    static const Value none;
    const int at = rows_.column(name);
    return at < 0 ? none : rows_.rows[row][static_cast<std::size_t>(at)];
  }
  std::int64_t id(std::size_t row, std::string_view name) const {
    return static_cast<std::int64_t>(store::to_number(value(row, name)));
  }

  void write_row(std::size_t row) {
    html_ << "<tr";
    std::string outcomes;
    for (const auto& column : columns_)
      if (column.show == Show::word) {
        const auto word = store::to_text(rows_.rows[row][column.at]);
        if (!class_of(word).empty()) outcomes += (outcomes.empty() ? "" : " ") + word;
      }
    if (!outcomes.empty()) {
      html_ << " data-o=\"";
      html_.text(outcomes) << "\"";
    }
    html_ << ">";
    for (const auto& column : columns_) write_cell(row, column);
    html_ << "</tr>\n";
  }

  void write_cell(std::size_t row, const Column& column) {
    const Value& shown = rows_.rows[row][column.at];
    html_ << "<td";
    if (is_right(column.show)) {
      html_ << " class=\"num\" data-v=\"";
      html_.text(store::to_text(shown)) << "\"";
    } else if (column.name == "message" || column.name == "first_error") {
      html_ << " class=\"message\"";
    } else if (column.show == Show::time || column.show == Show::run || column.name == "suite") {
      html_ << " class=\"nowrap\"";
    } else if (column.show == Show::name) {
      html_ << " class=\"name\"";
    }
    html_ << ">";
    write_linked(row, column);
    html_ << "</td>";
  }

  void write_linked(std::size_t row, const Column& column) {
    const auto address = link(row, column);
    if (!address.empty()) {
      html_ << "<a href=\"";
      html_.text(address) << "\">";
    }
    write_value(rows_.rows[row][column.at], column.show);
    if (!address.empty()) html_ << "</a>";
  }

  void write_value(const Value& shown, Show show) {
    const auto text = store::to_text(shown);
    if (show == Show::word) return write_word(html_, text);
    if (show == Show::name) return write_name(html_, text);
    if (show == Show::seconds) {
      html_.text(duration_text(store::to_number(shown)));
    } else if (show == Show::time) {
      html_.text(time_text(text));
    } else if (show == Show::run) {
      html_.text(text.empty() || text == "0" ? "–" : "#" + text);
    } else if (show == Show::number && std::holds_alternative<std::int64_t>(shown)) {
      html_.text(count_text(std::get<std::int64_t>(shown)));
    } else if (show == Show::block) {
      html_ << "<pre>";
      html_.text(text) << "</pre>";
    } else {
      html_.text(text);
    }
  }

  /// Where a column of a row leads.
  std::string link(std::size_t row, const Column& column) const {
    const auto& links = context_.links;
    const auto of_cell = id(row, "cell_id");
    if (column.show == Show::run) return links.run(id(row, column.name));
    if (column.name == "cell" || column.name == "place") return links.cell(of_cell);
    if (column.name == "kernel") return links.kernel(id(row, "kernel_id"));
    if (column.name == "base")
      return links.result(id(row, "base_result_id"), id(row, "base_cell_id"));
    if (column.name == "title") return link_of_incident(row);
    if (column.name == "case_name") {
      const auto history = link_of_case(row);
      return history.empty() ? links.result(id(row, "result_id"), of_cell) : history;
    }
    if (column.show == Show::word && column.name != "before" && of_cell != 0)
      return links.result(id(row, "result_id"), of_cell);
    return {};
  }

  std::string link_of_incident(std::size_t row) const {
    for (const auto& [incident, cell] :
         {std::pair("incident_id", "cell_id"), std::pair("last_incident_id", "last_cell_id")})
      if (const auto found = id(row, incident); found != 0)
        return context_.links.incident(found, id(row, cell));
    return {};
  }

  std::string link_of_case(std::size_t row) const {
    if (context_.case_dashboard.empty() || rows_.column("suite") < 0) return {};
    return context_.links.dashboard(context_.case_dashboard,
                                    {{"suite", store::to_text(value(row, "suite"))},
                                     {"case_name", store::to_text(value(row, "case_name"))}});
  }

  Html& html_;
  const Rows& rows_;
  const DrawContext& context_;
  std::vector<Column> columns_, common_;
};

}  // namespace

void draw_table(Html& html, const Rows& rows, std::size_t limit, const DrawContext& context) {
  Table(html, rows, context).write(limit);
}

void say_cut(Html& html, std::size_t shown, std::size_t all, bool more) {
  if (shown == all && !more) return;
  html << "<p class=\"cut\">The first ";
  html.text(count_text(static_cast<std::int64_t>(shown))) << " of ";
  if (more) html << "more than ";
  html.text(count_text(static_cast<std::int64_t>(all))) << " rows.</p>\n";
}

}  // namespace kmatrix::site
