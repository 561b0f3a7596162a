// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "report/table.h"

// Lines of text with how they look, in columns of a terminal.
namespace kmatrix::browse {

struct Look {
  report::Tone tone = report::Tone::plain;
  bool bold = false, reverse = false, match = false;
  bool operator==(const Look&) const = default;
};
struct Span {
  std::string text;
  Look look = {};
  bool operator==(const Span&) const = default;
};
using Styled = std::vector<Span>;

/// One line that is safe for a terminal, but for the colours of report::coloured(): these become
/// looks. Tabs become spaces.
Styled styled(std::string_view line);
/// Likewise, of all lines of a text.
std::vector<Styled> styled_lines(std::string_view text);

std::string plain_text(const Styled& line);

/// The part of a line in `width` columns from column `left` on. What has no place of its own or
/// turns the text (combining characters, marks of direction) becomes '?', and so does all but ASCII
/// if the terminal has no Unicode. A wide character of which only a half is in the part is a space.
Styled cut(const Styled& line, std::size_t left, std::size_t width, bool unicode);
std::size_t columns_of(const Styled& line);

/// `line` with all that matches marked.
Styled with_matches(const Styled& line, std::string_view sought);
/// Is `sought` in the text? Letters of both cases are the same, unless `sought` has a capital.
bool has_match(std::string_view text, std::string_view sought);

/// All spans in reverse, and filled up with spaces to `width` columns.
Styled reversed(Styled line, std::size_t width);

}  // namespace kmatrix::browse
