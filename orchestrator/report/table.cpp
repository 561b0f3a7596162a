// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/table.h"

#include <algorithm>

namespace kmatrix::report {

namespace {

/// Characters of UTF-8, which are as many columns for nearly all that we print.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

const char* escape(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "\x1b[32m";
    case Tone::bad:
      return "\x1b[31m";
    case Tone::dim:
      return "\x1b[2m";
    case Tone::plain:
      break;
  }
  return "";
}

}  // namespace

std::string coloured(const std::string& text, Tone tone, bool colour) {
  if (!colour || tone == Tone::plain || text.empty()) return text;
  return escape(tone) + text + "\x1b[0m";
}

std::string Table::render(bool colour) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], width(row[i].text));
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line;
    // Spaces are written before the next piece, so that no line ends in them.
    std::size_t gap = indent_;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths[i] == 0) continue;
      if (!row[i].text.empty()) {
        line.append(gap, ' ') += coloured(row[i].text, row[i].tone, colour);
        gap = 0;
      }
      gap += widths[i] - width(row[i].text) + 2;
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace kmatrix::report
