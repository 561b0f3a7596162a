// SPDX-License-Identifier: GPL-2.0-or-later
// Lists: of runs, of a run's cells, of a cell's cases and incidents.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "browse/beside.h"
#include "browse/content.h"
#include "report/words.h"

namespace kmatrix::browse {

using report::line_of;
using report::Piece;
using report::Tone;

namespace {

constexpr int ranks = 4;
/// Differences first, and of them what is bad.
int rank_of(bool differs, bool bad) { return (differs ? 0 : 2) + (bad ? 0 : 1); }

/// By rank, and in each rank as they were.
template <class Each, class Rank>
void order_by(std::vector<Each>& all, const Rank& rank) {
  std::vector<Each> ordered;
  for (int i = 0; i < ranks; ++i)
    std::copy_if(all.begin(), all.end(), std::back_inserter(ordered),
                 [&](const auto& each) { return rank(each) == i; });
  all = std::move(ordered);
}

/// The first line becomes the header of the columns, the others get their keys and places.
void fill_rows(Content& content, const report::Table& table, std::vector<Row> rows) {
  auto lines = styled_lines(table.render(true));
  content.header = std::move(lines.front());
  for (auto& span : content.header) span.look.bold = true;
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].text = std::move(lines[i + 1]);
  content.rows = std::move(rows);
}

Tone tone_of_state(const std::string& state) {
  return state == "failed" || state == "interrupted" ? Tone::bad
         : state == "running"                        ? Tone::good
                                                     : Tone::plain;
}

std::string sign_text(const std::string& word) { return std::string(1, sign_of(word)); }

Place log_place(store::RunId run, std::int64_t cell, std::string case_name = {}) {
  return {Place::Kind::log, run, cell, std::move(case_name)};
}

}  // namespace

Content runs_content(const std::vector<store::RunRow>& runs) {
  Content content{"runs"};
  report::Table table;
  table.add({"", "run", "experiment", "started", "took", "state", "results", "host"});
  std::vector<Row> rows;
  for (const auto& run : runs) {
    const auto tone = tone_of_state(run.state);
    const auto id = std::to_string(run.id.value);
    table.add({Piece(sign_text(run.state), tone), id, line_of(run.experiment), line_of(run.started),
               report::time_of(report::duration_of(run).count()), Piece(line_of(run.state), tone),
               report::results_of(run), line_of(run.host)});
    rows.push_back({{}, id, Place{Place::Kind::cells, run.id}});
  }
  fill_rows(content, table, std::move(rows));
  return content;
}

Content cells_content(const report::StoredRun& run) {
  Content content{fmt::format("run {} {} ({})", run.run.id.value, line_of(run.run.experiment),
                              line_of(run.run.state))};
  const Beside beside(run);
  auto cases = report::by_cell(run.cases);
  const auto incidents = report::by_cell(run.incidents);
  std::vector<const store::CellRow*> cells;
  for (const auto& cell : run.cells) cells.push_back(&cell);
  order_by(cells, [&](const auto* cell) {
    const bool bad = report::result_of(*cell, cases[cell->id]).tone == Tone::bad;
    return rank_of(beside.differs(cell->id), bad);
  });
  report::Table table;
  table.add({"", "", "cell", "time", "result"});
  std::vector<Row> rows;
  for (const auto* cell : cells) {
    const auto& results = cases[cell->id];
    const auto word = word_of_cell(*cell, results);
    auto result = report::result_of(*cell, results);
    if (const auto seen = incidents.find(cell->id); seen != incidents.end())
      result.text += ", " + report::count_of(seen->second.size(), "incident");
    table.add({beside.differs(cell->id) ? "*" : " ", Piece(sign_text(word), result.tone),
               line_of(cell->name), report::time_of(cell->seconds), result});
    rows.push_back({{},
                    cell->name,
                    results.empty() ? log_place(run.run.id, cell->id)
                                    : Place{Place::Kind::cases, run.run.id, cell->id}});
  }
  fill_rows(content, table, std::move(rows));
  return content;
}

Result<Content> cases_content(const report::StoredRun& run, std::int64_t cell_id) {
  const auto cell = std::find_if(run.cells.begin(), run.cells.end(),
                                 [&](const auto& each) { return each.id == cell_id; });
  if (cell == run.cells.end()) return support::input_error("the cell is not there any more");
  Content content{line_of(cell->name)};
  content.log = log_place(run.run.id, cell_id);
  const Beside beside(run);
  auto cases = report::by_cell(run.cases)[cell_id];
  order_by(cases, [&](const auto* each) {
    return rank_of(beside.differs(*each), report::is_bad_word(each->outcome));
  });
  report::Table table;
  table.add({"", "", "outcome", "case", "time", "elsewhere", "message"});
  std::vector<Row> rows;
  for (const auto* each : cases) {
    const auto tone = report::tone_of_outcome(each->outcome);
    table.add({beside.differs(*each) ? "*" : " ", Piece(sign_text(each->outcome), tone),
               Piece(line_of(each->outcome), tone), line_of(each->name),
               report::time_of(each->seconds), beside.others(*each), line_of(each->message)});
    rows.push_back({{}, "case " + each->name, log_place(run.run.id, cell_id, each->name)});
  }
  const auto incidents = report::by_cell(run.incidents)[cell_id];
  for (const auto* each : incidents) {
    const auto tone = each->ignored.empty() ? Tone::bad : Tone::dim;
    const auto place = report::place_of(each->boot, each->first_line);
    table.add({" ", Piece("!", tone), Piece("incident", tone), line_of(each->title), "", "",
               each->ignored.empty() ? place : "ignored: " + line_of(each->ignored)});
    auto into = log_place(run.run.id, cell_id);
    into.sought = line_of(each->title);
    rows.push_back({{}, fmt::format("incident {}", each->id), std::move(into)});
  }
  fill_rows(content, table, std::move(rows));
  return content;
}

}  // namespace kmatrix::browse
