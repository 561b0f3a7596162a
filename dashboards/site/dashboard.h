// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/query.h"
#include "support/result.h"

namespace kmatrix::site {

/// SQL as it stands in a file.
struct Query {
  std::string sql;
  Location at;         ///< of its value in the file
  int first_line = 0;  ///< line of the file where the SQL begins
  int indent = 0;      ///< columns before it, of a block
  /// The place of a byte of the SQL.
  Location place(int offset) const;
};

struct Parameter {
  std::string name, about;
  std::optional<store::Value> fallback;  ///< without one, the first of the dashboard's pages
  Location at;
};

enum class Drawing { table, grid, chart };

/// A word of a file that must be the name of a column.
struct ColumnName {
  std::string name;
  Location at;
};

struct Panel {
  std::string title, about, empty;
  Query query;
  Drawing drawing = Drawing::table;
  std::vector<ColumnName> rows;    ///< grid: columns that name a row
  ColumnName columns, value;       ///< grid
  nlohmann::ordered_json chart;    ///< Vega-Lite, without data
  std::vector<ColumnName> fields;  ///< that the chart names
  bool makes_fields = false;       ///< the chart has transformations, so it may name others
  std::size_t limit = 1000;        ///< rows that are drawn
  Location at;
};

/// One file of dashboards/: queries on the results, and how to draw them.
struct Dashboard {
  std::string name;  ///< of the file, without .yaml
  std::filesystem::path file;
  std::string title, about;
  int order = 100;
  std::vector<Parameter> parameters;
  std::optional<Query> pages;  ///< a row for each page that is published: its parameters
  std::vector<Panel> panels;
  bool has_parameter(std::string_view parameter) const;
};

/// What was read, and everything that is wrong, each with its place.
struct ReadDashboard {
  Dashboard dashboard;
  std::vector<Error> errors;
};
ReadDashboard read_dashboard(const std::filesystem::path& file);
ReadDashboard parse_dashboard(const std::string& text, const std::filesystem::path& file);

/// read_dashboard, and its queries against the schema: columns, parameters, tables that are not
/// part of the stable interface.
ReadDashboard check_dashboard(const std::filesystem::path& file);
void check_queries(Dashboard& dashboard, std::vector<Error>& errors);

/// The .yaml files of a folder, by name. A folder that is not there is an input error.
Result<std::vector<std::filesystem::path>> dashboard_files(const std::filesystem::path& folder);

/// The views of docs/dashboards.md.
const std::vector<std::string>& stable_views();

}  // namespace kmatrix::site
