// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace kmatrix::report {

/// A promise of the experiment, and what became of it.
struct Claim {
  std::string text;
  std::string state;     ///< "holds", "does not hold", ...
  std::string evidence;  ///< one line; may be empty
};

/// A run as plain text for a cover letter or the mail around a Tested-by: what was tested, what
/// came of it, how to repeat it. No line has more than 77 columns.
std::string email_text(const StoredRun& run, const std::vector<Claim>& claims = {});

/// `text` in lines of at most `width` columns, broken at spaces (a word that is longer, anywhere);
/// the first begins with `first`, the others with as many spaces and two more.
std::string wrapped(std::string_view text, const std::string& first = "", std::size_t width = 77);

}  // namespace kmatrix::report
