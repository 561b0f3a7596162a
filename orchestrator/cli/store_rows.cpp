// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/store_rows.h"

#include <nlohmann/json.hpp>

#include "support/text.h"

namespace kmatrix::cli {

store::CaseRow case_row(const run::CaseRecord& record) {
  store::CaseRow row;
  row.name = record.name;
  row.outcome = to_string(record.outcome);
  row.raw = record.raw;
  row.message = record.message;
  row.error = record.error;
  row.seconds = record.took.count();
  row.boot = record.boot;
  row.first_line = static_cast<std::int64_t>(record.first_line);
  row.last_line = static_cast<std::int64_t>(record.last_line);
  row.output = record.output.string();
  row.argv =
      nlohmann::json(record.argv).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return row;
}

store::IncidentRow incident_row(const run::IncidentRecord& record) {
  store::IncidentRow row;
  row.case_name = record.case_name;
  row.kind = to_string(record.incident.kind);
  row.title = record.incident.title;
  row.text = support::join(record.incident.lines, "\n");
  row.boot = record.boot;
  row.first_line = static_cast<std::int64_t>(record.incident.first_line);
  row.cfi_caller = record.incident.cfi_caller;
  row.cfi_target = record.incident.cfi_target;
  row.cfi_expected_type = record.incident.cfi_expected_type;
  row.ignored = record.ignored;
  return row;
}

}  // namespace kmatrix::cli
