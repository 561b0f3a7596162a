// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace kmatrix::support {

/// The candidate nearest to `word` by edit distance, or "" if none is near (more than a third of
/// its length away).
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "did you mean 'x'?" or "" (see nearest).
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::vector<std::string> split_lines(std::string_view text);
std::string_view trim(std::string_view text);

/// An ASCII digit, whatever the locale.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// How many characters at the front of `text` are of this kind.
template <class Is>
std::size_t count_front(std::string_view text, const Is& is) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is) - text.begin());
}

/// Shell-style match of a whole string: '*' (also across '/'), '?' and [abc].
bool glob_match(std::string_view pattern, std::string_view text);

/// Text that may come from a guest, made safe for a terminal: control characters and invalid
/// UTF-8 become \xNN; newline and tab stay.
std::string printable(std::string_view text);

/// `text` with invalid UTF-8 replaced by U+FFFD, so that it can be put into JSON.
std::string valid_utf8(std::string_view text);

/// Columns aligned with two spaces, no borders; a row may be shorter than the header.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header) : header_(std::move(header)) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string render() const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace kmatrix::support
