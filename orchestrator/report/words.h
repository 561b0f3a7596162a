// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/report.h"
#include "report/table.h"

namespace kmatrix::report {

/// `text` as one line that is safe for a terminal; of several lines the first, with "..." after it.
std::string line_of(std::string_view text);

/// The lines of `text`, safe for a terminal, each after `indent` spaces.
std::string block_of(std::string_view text, std::size_t indent);

/// The text for JSON, or null if it is empty.
nlohmann::ordered_json text_or_null(std::string_view text);

/// The number, or null if it is 0: lines count from 1.
nlohmann::ordered_json number_or_null(std::int64_t number);
/// The JSON that the text is, or null if it is none.
nlohmann::ordered_json parsed_or_null(const std::string& text);

/// Which trees and series the command line put in place of those of the file: "--tree NAME=ORIGIN".
std::vector<std::string> overrides_of(const store::RunRow& run);
/// What of which run a bundle was of that the run replayed; "" if it is no replay.
std::string replay_of(const store::RunRow& run);
/// A run's own columns but for the experiment's text.
nlohmann::ordered_json run_record(const store::RunRow& run);

/// "1 case", "2 cases"
std::string count_of(std::size_t count, const std::string& noun);

/// "12.3 s", or "-" for no time at all.
std::string time_of(double seconds);

/// From the start of a run to its end; negative if it has no end.
support::Seconds duration_of(const store::RunRow& run);

/// Whether what a run found is good, by its exit code: "good", "not good", "failed through us"; "-"
/// of one that did not come to its end.
Piece results_of(const store::RunRow& run);

bool is_bad_word(const std::string& outcome);
Tone tone_of_outcome(const std::string& outcome);
Tone tone_of(const store::CellRow& cell);

/// Outcomes with their numbers, in the order of plan::Outcome.
using Counts = std::vector<std::pair<std::string, std::size_t>>;
Counts count_outcomes(const std::vector<const store::CaseRow*>& cases);
std::string to_string(const Counts& counts);  ///< "5 passed, 1 failed"
nlohmann::ordered_json to_json(const Counts& counts);

/// A cell in one line: "5 passed", "unavailable: X is not set (expected)", "blocked: ...".
Piece result_of(const store::CellRow& cell, const std::vector<const store::CaseRow*>& cases);

/// A run's rows by the cell that they belong to.
std::map<std::int64_t, std::vector<const store::CaseRow*>> by_cell(
    const std::vector<store::CaseRow>& cases);
std::map<std::int64_t, std::vector<const store::IncidentRow*>> by_cell(
    const std::vector<store::IncidentRow>& incidents);

/// Does the state of the cell say all there is to say of the case? True for what was never run in
/// a cell that was blocked or unavailable.
bool said_by_cell(const store::CellRow& cell, const store::CaseRow& result);

/// "console-1.log line 317"; "" if there is no place.
std::string place_of(int boot, std::int64_t line);

}  // namespace kmatrix::report
