// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "browse/source.h"
#include "browse/styled.h"
#include "compare/compare.h"

namespace kmatrix::browse {

/// Something that can be looked at.
struct Place {
  enum class Kind { runs, cells, cases, log, axes, compare, keys };
  Kind kind = Kind::runs;
  store::RunId run;
  std::int64_t cell = 0;
  std::string case_name;  ///< of a log; empty: that of the whole cell
  compare::Axis axis = compare::Axis::series;
  std::string sought;  ///< where in it to begin; empty: at the top
};

struct Row {
  Styled text;
  std::string key;  ///< the same for what the row stands for, however the list changes
  std::optional<Place> into = {};
};

/// What there is to see at a place.
struct Content {
  std::string title;   ///< one line
  Styled header = {};  ///< of the columns; may be empty
  std::vector<Row> rows = {};
  bool list = true;               ///< of rows to choose from; else a text to scroll in
  bool going_on = false;          ///< the run is; a log may grow without a change of the database
  std::optional<Place> log = {};  ///< of the cell that it is about
};

/// Pure but for what it reads. Everything in it is safe for a terminal.
Result<Content> content_of(const Place& place, Source& source);

// Its parts, one a kind of place.
Content runs_content(const std::vector<store::RunRow>& runs);
Content cells_content(const report::StoredRun& run);
Result<Content> cases_content(const report::StoredRun& run, std::int64_t cell);
Content axes_content(const report::StoredRun& run);
Content compare_content(const report::StoredRun& run, compare::Axis axis);
Result<Content> log_content(const report::StoredRun& run, const Place& place,
                            const store::Store& store);
Content keys_content();

/// Lines to scroll in.
std::vector<Row> text_rows(std::string_view text);

}  // namespace kmatrix::browse
