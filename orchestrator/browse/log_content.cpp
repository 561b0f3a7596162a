// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "browse/content.h"
#include "report/log.h"
#include "report/words.h"

namespace kmatrix::browse {

Result<Content> log_content(const report::StoredRun& run, const Place& place,
                            const store::Store& store) {
  const auto cell = std::find_if(run.cells.begin(), run.cells.end(),
                                 [&](const auto& each) { return each.id == place.cell; });
  if (cell == run.cells.end()) return support::input_error("the cell is not there any more");
  const auto pieces = place.case_name.empty() ? report::log_of_cell(store, *cell)
                                              : report::log_of_case(store, *cell, place.case_name);
  if (!pieces) return pieces.error();
  Content content{place.case_name.empty() ? "log of " + report::line_of(cell->name)
                                          : report::line_of(place.case_name)};
  content.list = false;
  content.log = Place{Place::Kind::log, place.run, place.cell};
  content.rows = text_rows(report::log_text(*pieces));
  return content;
}

}  // namespace kmatrix::browse
