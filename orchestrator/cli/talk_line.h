// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "report/table.h"

namespace kmatrix::cli {

/// A line that a run prints and that stays. All of it is safe for a terminal (support::printable);
/// it may be several lines in truth.
struct TalkLine {
  std::string text;  ///< before the word
  std::string word = {}, rest = {};
  report::Tone tone = report::Tone::plain;  ///< of the word
};

inline std::string to_text(const TalkLine& line, bool colour) {
  return line.text + report::coloured(line.word, line.tone, colour) + line.rest;
}

}  // namespace kmatrix::cli
