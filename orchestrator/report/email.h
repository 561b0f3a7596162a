// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "report/report.h"

namespace kmatrix::report {

/// A run as plain text for a cover letter or the mail around a Tested-by: what was tested, what
/// came of its claims and cases, how to repeat it. No line has more than 77 columns.
std::string email_text(const StoredRun& run);

/// `text` in lines of at most `width` columns, broken at spaces (a word that is longer, anywhere);
/// the first begins with `first`, the others with as many spaces and two more.
std::string wrapped(std::string_view text, const std::string& first = "", std::size_t width = 77);

}  // namespace kmatrix::report
