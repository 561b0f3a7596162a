// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "report/report.h"

// A run in the formats of other programs. Text that may come from a guest is valid in the format
// whatever it is: invalid UTF-8 and control characters that a format cannot hold are shown as \xNN
// or U+FFFD. JUnit XML is in junit.h, our own JSON in report.h (show_json).
namespace kmatrix::report {

/// RFC 4180 with a header: a line a case; a cell without cases has one, with an empty case. Lines
/// end in CR LF, and a field may have line breaks.
std::string csv(const StoredRun& run);

/// KTAP version 1 (Documentation/dev-tools/ktap.rst): a test a cell, a nested test a case. skipped
/// is SKIP, xfailed XFAIL, timed_out TIMEOUT; unresolved, crashed, missing, blocked and infra_error
/// are "not ok" with ERROR. A cell without cases says its state. Incidents are diagnostic lines.
std::string ktap(const StoredRun& run);

/// KCIDB's submission format, version 5.0: a checkout for each tree and series, a build a kernel, a
/// test a case, an issue for each title of an incident. Ids start with "ORIGIN:" and contain host
/// and time, so that no two runs have the same. `origin`: [a-z0-9_]+.
nlohmann::ordered_json kcidb_json(const StoredRun& run, const std::string& origin);

}  // namespace kmatrix::report
