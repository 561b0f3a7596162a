// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <map>
#include <unordered_map>

#include "site/draw.h"
#include "site/words.h"

namespace kmatrix::site {

namespace {

using store::Rows;

/// The parts of a column's name between '/'.
std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (true) {
    const auto slash = name.find('/', begin);
    parts.push_back(name.substr(begin, slash - begin));
    if (slash == std::string::npos) return parts;
    begin = slash + 1;
  }
}

/// Rows of a query turned so that one column's values stand side by side. A row of the grid appears
/// where the query first names it, a column likewise.
class Grid {
 public:
  Grid(Html& html, const Panel& panel, const Rows& rows, const DrawContext& context)
      : html_(html), panel_(panel), rows_(rows), context_(context) {
    for (const auto& each : panel.rows) keys_.push_back(column(each.name));
    across_ = column(panel.columns.name);
    value_ = column(panel.value.name);
    cell_id_ = rows.column("cell_id");
    result_id_ = rows.column("result_id");
    for (std::size_t i = 0; i < rows.rows.size(); ++i) place(i);
    split_names();
  }

  void write() {
    write_common();
    html_ << "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"grid\">"
             "<table class=\"grid\"><thead>\n";
    write_head();
    html_ << "</thead><tbody>\n";
    const auto shown = std::min(panel_.limit, lines_.size());
    for (std::size_t i = 0; i < shown; ++i) write_line(lines_[i]);
    html_ << "</tbody></table></div>\n";
    say_cut(html_, shown, lines_.size(), rows_.cut);
  }

 private:
  struct Line {
    std::size_t first = 0;            ///< row of the query that names it
    std::vector<std::size_t> values;  ///< by column: row of the query, from 1; 0: none
  };

  std::size_t column(const std::string& name) const {
    return static_cast<std::size_t>(std::max(0, rows_.column(name)));
  }
  std::string at(std::size_t row, std::size_t column_number) const {
    return store::to_text(rows_.rows[row][column_number]);
  }

  void place(std::size_t row) {
    std::string key;
    for (const auto each : keys_) key += at(row, each) + '\x1F';
    const auto [line, is_new] = line_of_.emplace(std::move(key), lines_.size());
    if (is_new) lines_.push_back({row, {}});
    auto name = at(row, across_);
    const auto [found, is_new_column] = column_of_.emplace(name, names_.size());
    if (is_new_column) names_.push_back(std::move(name));
    auto& values = lines_[line->second].values;
    if (values.size() <= found->second) values.resize(found->second + 1);
    values[found->second] = row + 1;
  }

  /// Names of the same number of parts get a line of the head for each part that differs.
  void split_names() {
    for (const auto& name : names_) heads_.push_back(parts_of(name));
    const bool even = !heads_.empty() && std::all_of(heads_.begin(), heads_.end(), [&](auto& each) {
      return each.size() == heads_[0].size();
    });
    if (!even) {
      for (std::size_t i = 0; i < names_.size(); ++i) heads_[i] = {names_[i]};
      levels_ = {0};
      return;
    }
    for (std::size_t level = 0; level < heads_[0].size(); ++level) {
      const bool same = std::all_of(heads_.begin(), heads_.end(),
                                    [&](auto& each) { return each[level] == heads_[0][level]; });
      if (same && heads_.size() > 1)
        common_ += (common_.empty() ? "" : " / ") + heads_[0][level];
      else
        levels_.push_back(level);
    }
  }

  void write_common() {
    if (common_.empty()) return;
    html_ << "<p class=\"common\">In all columns: <strong>";
    html_.text(common_) << "</strong></p>\n";
  }

  /// Is the head of a column the same as that of the one before, down to this level?
  bool goes_on(std::size_t column_number, std::size_t depth) const {
    if (column_number == 0 || column_number >= heads_.size()) return false;
    for (std::size_t i = 0; i <= depth; ++i)
      if (heads_[column_number][levels_[i]] != heads_[column_number - 1][levels_[i]]) return false;
    return true;
  }

  void write_head() {
    for (std::size_t depth = 0; depth < levels_.size(); ++depth) {
      html_ << "<tr>";
      if (depth == 0) {
        html_ << "<th scope=\"col\" class=\"corner\" rowspan=\"";
        html_.number(levels_.size()) << "\">";
        html_.text(panel_.rows.back().name == "case_name" ? "case" : panel_.rows.back().name)
            << "</th>";
      }
      const bool last = depth + 1 == levels_.size();
      for (std::size_t i = 0; i < heads_.size();) {
        std::size_t end = i + 1;
        while (!last && goes_on(end, depth)) ++end;
        html_ << "<th scope=\"" << (last ? Markup("col") : Markup("colgroup")) << "\" colspan=\"";
        html_.number(end - i) << "\">";
        write_head_name(i, depth, last);
        html_ << "</th>";
        i = end;
      }
      html_ << "</tr>\n";
    }
  }

  void write_head_name(std::size_t column_number, std::size_t depth, bool last) {
    const auto& name = heads_[column_number][levels_[depth]];
    std::string address;
    if (last && cell_id_ >= 0 && panel_.columns.name == "cell") address = link_of(column_number);
    if (last && panel_.columns.name == "run")
      address = context_.links.run(std::atoll(name.c_str()));
    if (!address.empty()) {
      html_ << "<a href=\"";
      html_.text(address) << "\">";
    }
    if (panel_.columns.name == "run") html_ << "#";
    html_.text(name.empty() ? "–" : name) << (address.empty() ? Markup("") : Markup("</a>"));
  }

  std::string link_of(std::size_t column_number) const {
    for (const auto& line : lines_)
      if (column_number < line.values.size() && line.values[column_number] > 0)
        return context_.links.cell(id(line.values[column_number] - 1, cell_id_));
    return {};
  }

  std::int64_t id(std::size_t row, int column_number) const {
    if (column_number < 0) return 0;
    return static_cast<std::int64_t>(
        store::to_number(rows_.rows[row][static_cast<std::size_t>(column_number)]));
  }

  void write_line(const Line& line) {
    std::string outcomes;
    for (const auto each : line.values)
      if (each > 0)
        if (const auto word = at(each - 1, value_);
            outcomes.find(word) == std::string::npos && !class_of(word).empty())
          outcomes += (outcomes.empty() ? "" : " ") + word;
    html_ << "<tr data-o=\"";
    html_.text(outcomes) << "\"><th scope=\"row\">";
    write_key(line);
    html_ << "</th>";
    for (std::size_t i = 0; i < names_.size(); ++i)
      write_value(i < line.values.size() ? line.values[i] : 0);
    html_ << "</tr>\n";
  }

  void write_key(const Line& line) {
    for (std::size_t i = 0; i + 1 < keys_.size(); ++i) {
      html_ << "<span class=\"dim\">";
      write_name(html_, at(line.first, keys_[i]));
      html_ << "</span> ";
    }
    const auto address = link_of_case(line.first);
    if (!address.empty()) {
      html_ << "<a href=\"";
      html_.text(address) << "\">";
    }
    write_name(html_, at(line.first, keys_.back()));
    html_ << (address.empty() ? Markup("") : Markup("</a>"));
  }

  std::string link_of_case(std::size_t row) const {
    const int suite = rows_.column("suite"), name = rows_.column("case_name");
    if (context_.case_dashboard.empty() || suite < 0 || name < 0) return {};
    return context_.links.dashboard(context_.case_dashboard,
                                    {{"suite", at(row, static_cast<std::size_t>(suite))},
                                     {"case_name", at(row, static_cast<std::size_t>(name))}});
  }

  void write_value(std::size_t row_from_one) {
    if (row_from_one == 0) {
      html_ << "<td class=\"none\"></td>";
      return;
    }
    const auto row = row_from_one - 1;
    const auto word = at(row, value_);
    const auto colour = class_of(word);
    const auto address = context_.links.result(id(row, result_id_), id(row, cell_id_));
    html_ << "<td class=\"";
    html_.text(colour) << "\">";
    if (address.empty()) {
      html_ << "<span role=\"img\" aria-label=\"";
    } else {
      html_ << "<a href=\"";
      html_.text(address) << "\" aria-label=\"";
    }
    html_.text(word) << "\" title=\"";
    html_.text(word) << "\">";
    html_.text(colour.empty() ? std::string_view(word) : sign_of(word));
    html_ << (address.empty() ? Markup("</span></td>") : Markup("</a></td>"));
  }

  Html& html_;
  const Panel& panel_;
  const Rows& rows_;
  const DrawContext& context_;
  std::vector<std::size_t> keys_;
  std::size_t across_ = 0, value_ = 0;
  int cell_id_ = -1, result_id_ = -1;
  std::vector<Line> lines_;
  std::unordered_map<std::string, std::size_t> line_of_, column_of_;
  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> heads_;  ///< by column
  std::vector<std::size_t> levels_;              ///< parts that are shown
  std::string common_;                           ///< parts that all columns have
};

}  // namespace

void draw_grid(Html& html, const Panel& panel, const Rows& rows, const DrawContext& context) {
  Grid(html, panel, rows, context).write();
}

}  // namespace kmatrix::site
