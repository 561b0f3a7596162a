// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/dashboard.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "site/chart_spec.h"
#include "spec/document.h"
#include "spec/fields.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::site {

namespace {

namespace fs = std::filesystem;
using spec::Fields;
using spec::Problems;
using spec::YamlNode;

constexpr std::size_t longest_file = 1 << 18;
constexpr int most_rows = 20'000;

const std::vector<std::string> dashboard_keys = {"title",      "about", "order",
                                                 "parameters", "pages", "panels"};
const std::vector<std::string> parameter_keys = {"about", "default"};
const std::vector<std::string> panel_keys = {"title",   "about", "query", "draw",  "rows",
                                             "columns", "value", "chart", "limit", "empty"};
const std::vector<std::string> drawings = {"table", "grid", "chart"};

/// Reads one file, whose lines are needed to tell where in a block of SQL something is.
class Parser {
 public:
  Parser(const std::string& text, Dashboard& dashboard, Problems& problems)
      : lines_(support::split_lines(text)), dashboard_(dashboard), problems_(problems) {}

  void read(const YamlNode& root) {
    const Fields fields(root, "the dashboard", dashboard_keys, problems_);
    if (!fields.is_map()) return;
    dashboard_.title = text(fields.required("title"), "a title");
    dashboard_.about = text(fields.optional("about"), "a text");
    dashboard_.order =
        spec::read_number(fields.optional("order"), 0, 1000, problems_).value_or(100);
    if (const auto field = fields.optional("parameters")) read_parameters(*field.node);
    if (const auto field = fields.optional("pages")) dashboard_.pages = query(field);
    if (const auto field = fields.required("panels")) read_panels(*field.node);
  }

 private:
  std::string text(const spec::Field& field, std::string_view expected) {
    return spec::read_text(field, expected, problems_).value_or("");
  }

  ColumnName column(const spec::Field& field) {
    const auto name = text(field, "the name of a column");
    return {name, field ? field.node->at : Location()};
  }

  Query query(const spec::Field& field) {
    Query query;
    query.sql = text(field, "SQL");
    if (!field) return query;
    query.at = field.node->at;
    query.first_line = query.at.line;
    query.indent = query.at.column - 1;
    // A block begins in the line after its '|' or where yaml-cpp says that it does.
    const auto first = support::trim(std::string_view(query.sql).substr(0, query.sql.find('\n')));
    for (auto line = static_cast<std::size_t>(std::max(query.at.line, 1)) - 1;
         line < lines_.size() && line < static_cast<std::size_t>(query.at.line) + 20; ++line) {
      const std::string& there = lines_[line];
      if (first.empty() || support::trim(there) != first) continue;
      query.first_line = static_cast<int>(line) + 1;
      query.indent = static_cast<int>(there.find_first_not_of(' '));
      break;
    }
    return query;
  }

  void read_parameters(const YamlNode& node) {
    if (node.kind != spec::NodeKind::map) {
      spec::report_type({&node, "parameters"}, "a mapping of names", problems_);
      return;
    }
    for (const auto& [name, at, value] : node.entries) {
      Parameter parameter{name, "", std::nullopt, at};
      if (!spec::is_word(name, "_")) {
        problems_.add(at, "a parameter's name has letters, digits and '_': " + spec::quote(name));
        continue;
      }
      if (value.kind != spec::NodeKind::null) {
        const Fields fields(value, "parameter " + spec::quote(name), parameter_keys, problems_);
        parameter.about = text(fields.optional("about"), "a text");
        if (const auto field = fields.optional("default")) parameter.fallback = literal(field);
      }
      dashboard_.parameters.push_back(std::move(parameter));
    }
  }

  std::optional<store::Value> literal(const spec::Field& field) {
    if (field.node->kind != spec::NodeKind::scalar) {
      spec::report_type(field, "a text or a number", problems_);
      return std::nullopt;
    }
    const std::string& written = field.node->text;
    std::int64_t number = 0;
    const char* end = written.data() + written.size();
    const auto parsed = std::from_chars(written.data(), end, number);
    if (!field.node->quoted && parsed.ec == std::errc() && parsed.ptr == end) return number;
    return written;
  }

  void read_panels(const YamlNode& node) {
    if (node.kind != spec::NodeKind::list || node.items.empty()) {
      spec::report_type({&node, "panels"}, "a list of panels", problems_);
      return;
    }
    for (const auto& item : node.items) read_panel(item);
  }

  void read_panel(const YamlNode& node) {
    const auto owner = fmt::format("panel {}", dashboard_.panels.size() + 1);
    const Fields fields(node, owner, panel_keys, problems_);
    if (!fields.is_map()) return;
    Panel panel;
    panel.at = node.at;
    panel.title = text(fields.required("title"), "a title");
    panel.about = text(fields.optional("about"), "a text");
    panel.empty = text(fields.optional("empty"), "a text");
    if (const auto field = fields.required("query")) panel.query = query(field);
    panel.limit = static_cast<std::size_t>(
        spec::read_number(fields.optional("limit"), 1, most_rows, problems_).value_or(1000));
    const auto drawing =
        spec::read_word(fields.optional("draw"), drawings, problems_).value_or("table");
    panel.drawing = drawing == "grid"    ? Drawing::grid
                    : drawing == "chart" ? Drawing::chart
                                         : Drawing::table;
    read_drawing(fields, panel, drawing);
    dashboard_.panels.push_back(std::move(panel));
  }

  void read_drawing(const Fields& fields, Panel& panel, const std::string& drawing) {
    const auto only_for = [&](const char* key, Drawing wanted, const char* word) {
      if (const auto field = fields.optional(key); field && panel.drawing != wanted)
        problems_.add(field.node->at,
                      fmt::format("'{}' is for draw: {}, not for draw: {}", key, word, drawing));
    };
    for (const char* key : {"rows", "columns", "value"}) only_for(key, Drawing::grid, "grid");
    only_for("chart", Drawing::chart, "chart");
    if (panel.drawing == Drawing::grid) {
      const auto rows = fields.required("rows");
      for (const auto* each : spec::read_texts(rows, "the names of columns", problems_))
        panel.rows.push_back({each->text, each->at});
      panel.columns = column(fields.required("columns"));
      panel.value = column(fields.required("value"));
    }
    if (panel.drawing != Drawing::chart) return;
    if (const auto field = fields.required("chart")) read_chart(*field.node, panel, problems_);
  }

  std::vector<std::string> lines_;
  Dashboard& dashboard_;
  Problems& problems_;
};

}  // namespace

Location Query::place(int offset) const {
  if (offset < 0 || static_cast<std::size_t>(offset) > sql.size()) return at;
  const auto before = std::string_view(sql).substr(0, static_cast<std::size_t>(offset));
  const auto breaks = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const auto last = before.rfind('\n');
  const auto column = last == std::string_view::npos ? before.size() : before.size() - last - 1;
  return {at.file, first_line + breaks, indent + static_cast<int>(column) + 1};
}

bool Dashboard::has_parameter(std::string_view parameter) const {
  return std::any_of(parameters.begin(), parameters.end(),
                     [&](const auto& each) { return each.name == parameter; });
}

ReadDashboard parse_dashboard(const std::string& text, const fs::path& file) {
  ReadDashboard read;
  read.dashboard.file = file;
  read.dashboard.name = file.stem().string();
  Problems problems;
  if (!spec::is_name(read.dashboard.name))
    problems.add({file.string(), 0, 0}, "the file's name is part of a page's address",
                 "letters, digits and ._+-");
  if (text.size() > longest_file) {
    problems.add({file.string(), 0, 0}, "a dashboard has at most 256 KiB");
  } else if (const auto root = spec::parse_document(text, file.string(), problems)) {
    Parser(text, read.dashboard, problems).read(*root);
  }
  read.errors = problems.take(file.string());
  return read;
}

ReadDashboard read_dashboard(const fs::path& file) {
  const auto text = support::read_file(file);
  if (text) return parse_dashboard(*text, file);
  ReadDashboard read;
  read.errors.push_back(support::input_error(text.error().message));
  return read;
}

ReadDashboard check_dashboard(const fs::path& file) {
  auto read = read_dashboard(file);
  check_queries(read.dashboard, read.errors);
  return read;
}

Result<std::vector<fs::path>> dashboard_files(const fs::path& folder) {
  std::error_code failure;
  std::vector<fs::path> files;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure))
    if (const auto& path = entry->path();
        path.extension() == ".yaml" && path.filename().string()[0] != '.')
      files.push_back(path);
  if (failure)
    return support::input_error(
        fmt::format("cannot read the folder {}: {}", folder.string(), failure.message()));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace kmatrix::site
