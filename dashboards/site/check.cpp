// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "site/dashboard.h"
#include "spec/problems.h"
#include "support/text.h"

namespace kmatrix::site {

namespace {

using spec::Problems;

/// Where a word stands in the SQL; the beginning of the SQL if it does not.
Location place_of_word(const Query& query, const std::string& word) {
  const auto at = query.sql.find(word);
  return query.place(at == std::string::npos ? 0 : static_cast<int>(at));
}

class Checker {
 public:
  Checker(const Dashboard& dashboard, store::QueryConnection& schema, Problems& problems)
      : dashboard_(dashboard), schema_(schema), problems_(problems) {
    for (const auto& each : dashboard.parameters) parameters_.push_back(each.name);
    parameters_.push_back("first_run");  // the oldest run that has pages
  }

  void check() {
    if (dashboard_.pages) check_pages(*dashboard_.pages);
    for (const auto& panel : dashboard_.panels) check_panel(panel);
    for (const auto& each : dashboard_.parameters) {
      if (!used_.contains(each.name) && complete_)
        problems_.add(each.at, fmt::format("no query uses the parameter '{}'", each.name),
                      "write :" + each.name + " in a query, or remove it");
      if (!each.fallback && !dashboard_.pages)
        problems_.add(each.at,
                      fmt::format("the parameter '{}' has no value to begin with", each.name),
                      "give it a default, or the dashboard 'pages'");
    }
  }

 private:
  std::optional<store::QueryShape> look_at(const Query& query, const std::string& what) {
    if (query.sql.empty()) {
      complete_ = false;
      return std::nullopt;
    }
    store::QueryProblem problem;
    auto shape = schema_.look_at(query.sql, &problem);
    if (!shape) {
      complete_ = false;
      problems_.add(query.place(problem.offset), what + ": " + shape.error().message,
                    hint_for(shape.error().message));
      return std::nullopt;
    }
    for (const auto& table : shape->tables)
      if (std::find(stable_views().begin(), stable_views().end(), table) == stable_views().end())
        problems_.add(
            place_of_word(query, table),
            fmt::format("{}: the table '{}' may change: dashboards read views", what, table),
            "the views: " + support::join(stable_views(), ", "));
    for (const auto& name : shape->parameters) {
      used_.insert(name);
      if (std::find(parameters_.begin(), parameters_.end(), name) == parameters_.end())
        problems_.unknown(place_of_word(query, ":" + name), "parameter", name, what, parameters_);
    }
    return *shape;
  }

  /// SQLite's "no such table: x" and "no such column: x" with what was meant.
  static std::string hint_for(const std::string& message) {
    constexpr std::string_view no_table = "no such table: ";
    const auto at = message.find(no_table);
    if (at == std::string::npos) return "";
    const auto hint = support::did_you_mean(message.substr(at + no_table.size()), stable_views());
    return hint.empty() ? "the views: " + support::join(stable_views(), ", ") : hint;
  }

  void check_pages(const Query& query) {
    const auto shape = look_at(query, "pages");
    if (!shape) return;
    for (const auto& each : dashboard_.parameters)
      if (!each.fallback && std::find(shape->columns.begin(), shape->columns.end(), each.name) ==
                                shape->columns.end())
        problems_.add(query.place(0), fmt::format("pages: no column '{}'", each.name),
                      "the columns of 'pages' are the dashboard's parameters");
  }

  void check_panel(const Panel& panel) {
    const auto what = fmt::format("panel {}", spec::quote(panel.title));
    const auto shape = look_at(panel.query, what);
    if (!shape) return;
    for (const auto& each : panel.rows) check_column(each, *shape, what);
    check_column(panel.columns, *shape, what);
    check_column(panel.value, *shape, what);
    if (panel.makes_fields) return;
    for (const auto& each : panel.fields) check_column(each, *shape, what);
  }

  void check_column(const ColumnName& column, const store::QueryShape& shape,
                    const std::string& what) {
    if (column.name.empty() ||
        std::find(shape.columns.begin(), shape.columns.end(), column.name) != shape.columns.end())
      return;
    problems_.unknown(column.at, "column", column.name, "the query of " + what, shape.columns);
  }

  const Dashboard& dashboard_;
  store::QueryConnection& schema_;
  Problems& problems_;
  std::vector<std::string> parameters_;
  std::set<std::string> used_;
  bool complete_ = true;  ///< all queries could be looked at
};

}  // namespace

void check_queries(Dashboard& dashboard, std::vector<Error>& errors) {
  auto schema = store::QueryConnection::open_empty();
  if (!schema) {
    errors.push_back(schema.error());
    return;
  }
  Problems problems;
  for (auto& error : errors) problems.add(std::move(error));
  Checker(dashboard, *schema, problems).check();
  errors = problems.take(dashboard.file.string());
}

const std::vector<std::string>& stable_views() {
  static const std::vector<std::string> views = {
      "boot",        "build",           "cell_result",     "change",        "claim_result",
      "effect",      "flake",           "incident_report", "incident_seen", "result",
      "run_summary", "selftests_build", "verdict_result"};
  return views;
}

}  // namespace kmatrix::site
