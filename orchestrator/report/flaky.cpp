// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/history.h"
#include "report/table.h"
#include "report/words.h"

namespace kmatrix::report {

namespace {

using compare::FlakyCase;
using nlohmann::ordered_json;

std::string strip_of(const FlakyCase& each) {
  std::string strip;
  for (const auto& [run, outcome] : each.seen) strip += letter_of(outcome);
  return strip;
}

Counts counts_of(const FlakyCase& each) { return {each.outcomes.begin(), each.outcomes.end()}; }

ordered_json record_of(const FlakyCase& each) {
  auto seen = ordered_json::array();
  for (const auto& [run, outcome] : each.seen)
    seen.push_back({{"run", run}, {"outcome", text_or_null(outcome)}});
  return {{"cell", text_or_null(each.cell)},
          {"suite", text_or_null(each.suite)},
          {"case", text_or_null(each.case_name)},
          {"rate", each.rate},
          {"keys", each.keys},
          {"observations", each.seen.size()},
          {"counts", to_json(counts_of(each))},
          {"oldest_to_newest", strip_of(each)},
          {"seen", std::move(seen)}};
}

}  // namespace

std::string flaky_text(const std::vector<FlakyCase>& cases, bool colour) {
  if (cases.empty()) return "no case had different outcomes with the same inputs\n";
  Table table;
  table.add({"rate", "case", "cell", "outcomes", "oldest to newest"});
  std::string used;
  for (const auto& each : cases) {
    const std::string strip = strip_of(each);
    used += strip;
    table.add({Piece(fmt::format("{:.0f} %", 100 * each.rate), Tone::bad), line_of(each.case_name),
               line_of(each.cell), to_string(counts_of(each)), strip});
  }
  return table.render(colour) +
         fmt::format("{} ({})\n", count_of(cases.size(), "flaky case"), legend_of(used));
}

ordered_json flaky_json(const std::vector<FlakyCase>& cases, const store::CellFilter& filter) {
  auto list = ordered_json::array();
  for (const auto& each : cases) list.push_back(record_of(each));
  ordered_json document = {{"filter", filter_record(filter)}};
  document["cases"] = std::move(list);
  return document;
}

}  // namespace kmatrix::report
