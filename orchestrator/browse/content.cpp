// SPDX-License-Identifier: GPL-2.0-or-later
#include "browse/content.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/words.h"
#include "support/text.h"

namespace kmatrix::browse {

using report::line_of;

Result<Content> content_of(const Place& place, Source& source) {
  if (place.kind == Place::Kind::keys) return keys_content();
  if (place.kind == Place::Kind::runs) {
    const auto runs = source.runs();
    if (!runs) return runs.error();
    return runs_content(*runs);
  }
  const auto run = source.run(place.run);
  if (!run) return run.error();
  Result<Content> content = Content{};
  switch (place.kind) {
    case Place::Kind::cells:
      content = cells_content(**run);
      break;
    case Place::Kind::cases:
      content = cases_content(**run, place.cell);
      break;
    case Place::Kind::axes:
      content = axes_content(**run);
      break;
    case Place::Kind::compare:
      content = compare_content(**run, place.axis);
      break;
    default:
      content = log_content(**run, place, source.store());
  }
  if (content) content->going_on = (*run)->run.state == "running";
  return content;
}

Content axes_content(const report::StoredRun& run) {
  Content content{"compare by"};
  report::Table table(2);
  std::vector<compare::Axis> axes;
  for (const auto axis : {compare::Axis::series, compare::Axis::config, compare::Axis::tree,
                          compare::Axis::machine, compare::Axis::suite}) {
    const auto comparison = compare::compare(run.cells, {}, {}, {axis});
    if (comparison.values.size() < 2) continue;
    std::vector<std::string> values;
    for (const auto& value : comparison.values) values.push_back(line_of(value));
    table.add({to_string(axis), support::join(values, ", ")});
    axes.push_back(axis);
  }
  const auto lines = styled_lines(table.render(true));
  for (std::size_t i = 0; i < axes.size(); ++i) {
    Place into{Place::Kind::compare, run.run.id};
    into.axis = axes[i];
    content.rows.push_back({lines[i], to_string(axes[i]), into});
  }
  return content;
}

Content compare_content(const report::StoredRun& run, compare::Axis axis) {
  Content content{"by " + to_string(axis)};
  content.list = false;
  content.rows = text_rows(
      report::compare_text(compare::compare(run.cells, run.cases, run.incidents, {axis}), true));
  return content;
}

std::vector<Row> text_rows(std::string_view text) {
  std::vector<Row> rows;
  for (auto& line : styled_lines(text)) rows.push_back({std::move(line), ""});
  return rows;
}

Content keys_content() {
  Content content{"keys"};
  content.list = false;
  content.rows = text_rows(
      "Enter              go in: a run, its cells, their cases, the log of a case\n"
      "Esc, Backspace, q  go back; out of the list of runs: leave\n"
      "Q, Ctrl-C          leave\n"
      "\n"
      "Up, Down, k, j     one line\n"
      "PgUp, PgDn         one page; also b and Space\n"
      "g, G               the first line, the last line; also Home and End\n"
      "Left, Right, h, l  to the sides, where lines are longer than the screen\n"
      "\n"
      "/                  search; letters of both cases unless there is a capital\n"
      "n, N               the next, the one before\n"
      "\n"
      "c                  compare the cells of the run by series, config, tree, machine or suite\n"
      "o                  the whole log of the cell\n"
      "r                  read again (a run that goes on is, by itself)\n"
      "?                  this\n"
      "\n"
      "A row with a * differs: a case is something else in another cell of the run.\n"
      "\n"
      "+ passed       x failed       ! crashed      T timed_out    ? unresolved\n"
      "- skipped, unavailable        ~ xfailed      # blocked      % infra_error\n"
      ". missing, planned            > running      / interrupted\n");
  return content;
}

}  // namespace kmatrix::browse
