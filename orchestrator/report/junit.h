// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "report/report.h"

namespace kmatrix::report {

/// The run as JUnit XML: a test suite a cell, a test case a case. failed is a failure; unresolved,
/// timed_out, crashed, missing, blocked and infra_error are errors; skipped and xfailed are
/// skipped. A cell without cases has one test case that stands for its state. Incidents are in
/// system-err.
std::string junit_xml(const StoredRun& run);

}  // namespace kmatrix::report
