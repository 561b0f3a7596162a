// SPDX-License-Identifier: GPL-2.0-or-later
#include "browse/styled.h"

#include <locale.h>
#include <wchar.h>

#include <algorithm>
#include <cctype>

#include "support/text.h"

namespace kmatrix::browse {

using report::Tone;

namespace {

constexpr std::size_t tab_width = 8;

/// The C library knows how wide a character is, in a locale with Unicode alone.
class UnicodeLocale {
 public:
  UnicodeLocale() {
    static const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{});
    if (unicode != locale_t{}) before_ = uselocale(unicode);
  }
  ~UnicodeLocale() {
    if (before_ != locale_t{}) uselocale(before_);
  }
  UnicodeLocale(const UnicodeLocale&) = delete;
  UnicodeLocale& operator=(const UnicodeLocale&) = delete;

 private:
  locale_t before_{};
};

/// Bytes of the character at the beginning of valid UTF-8.
std::size_t length_of(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

struct Character {
  std::string_view bytes;
  std::size_t columns = 1;
  bool odd = false;  ///< to be shown as '?'
};

/// Takes the next character off the text.
Character next_of(std::string_view& text) {
  Character next{text.substr(0, length_of(text.front()))};
  text.remove_prefix(next.bytes.size());
  if (next.bytes.size() == 1) {
    next.odd = next.bytes[0] < ' ' || next.bytes[0] == 0x7F;
    return next;
  }
  mbstate_t state{};
  wchar_t wide = 0;
  const auto used = mbrtowc(&wide, next.bytes.data(), next.bytes.size(), &state);
  const int columns = used == next.bytes.size() ? wcwidth(wide) : -1;
  next.odd = columns < 1 || columns > 2;
  if (!next.odd) next.columns = static_cast<std::size_t>(columns);
  return next;
}

/// What report::coloured() writes before a text of this tone.
Tone tone_of_escape(std::string_view escape) {
  for (const auto tone : {Tone::good, Tone::bad, Tone::dim})
    if (report::coloured("x", tone, true).starts_with(escape)) return tone;
  return Tone::plain;
}

void add_text(Styled& line, std::string_view text, Tone tone, std::size_t& column) {
  if (text.empty()) return;
  std::string expanded;
  for (const char each : text) {
    const bool inner = (static_cast<unsigned char>(each) & 0xC0) == 0x80;
    const std::size_t spaces = each == '\t' ? tab_width - column % tab_width : 0;
    if (spaces > 0)
      expanded.append(spaces, ' ');
    else
      expanded += each;
    column += spaces > 0 ? spaces : inner ? 0 : 1;
  }
  line.push_back({std::move(expanded), {tone}});
}

char lower(char each) { return static_cast<char>(std::tolower(static_cast<unsigned char>(each))); }

bool has_capital(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char each) { return each >= 'A' && each <= 'Z'; });
}

std::size_t find_in(std::string_view text, std::string_view sought, std::size_t from) {
  if (from > text.size()) return std::string_view::npos;
  const bool exact = has_capital(sought);
  const auto found = std::search(
      text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), sought.begin(), sought.end(),
      [&](char a, char b) { return a == b || (!exact && lower(a) == b); });
  return found == text.end() && !sought.empty() ? std::string_view::npos
                                                : static_cast<std::size_t>(found - text.begin());
}

}  // namespace

Styled styled(std::string_view line) {
  Styled result;
  Tone tone = Tone::plain;
  std::size_t column = 0;
  while (!line.empty()) {
    const auto escape = line.find('\x1b');
    add_text(result, line.substr(0, escape), tone, column);
    if (escape == std::string_view::npos) break;
    line.remove_prefix(escape);
    const auto end = line.find('m');
    const auto length = end == std::string_view::npos ? line.size() : end + 1;
    tone = tone_of_escape(line.substr(0, length));
    line.remove_prefix(length);
  }
  return result;
}

std::vector<Styled> styled_lines(std::string_view text) {
  std::vector<Styled> lines;
  for (const auto& line : support::split_lines(text)) lines.push_back(styled(line));
  return lines;
}

std::string plain_text(const Styled& line) {
  std::string text;
  for (const auto& span : line) text += span.text;
  return text;
}

Styled cut(const Styled& line, std::size_t left, std::size_t width, bool unicode) {
  const UnicodeLocale locale;
  Styled part;
  std::size_t column = 0;
  const std::size_t right = left + width;
  for (const auto& span : line) {
    Span shown{"", span.look};
    std::string_view text = span.text;
    while (!text.empty() && column < right) {
      const auto each = next_of(text);
      const std::size_t begin = std::max(column, left);
      column += each.columns;
      if (column <= left) continue;
      if (begin + each.columns != column || column > right)
        shown.text.append(std::min(column, right) - begin, ' ');
      else if (each.odd || (!unicode && each.bytes.size() > 1))
        shown.text.append(each.columns, '?');
      else
        shown.text += each.bytes;
    }
    if (!shown.text.empty()) part.push_back(std::move(shown));
  }
  return part;
}

std::size_t columns_of(const Styled& line) {
  const UnicodeLocale locale;
  std::size_t columns = 0;
  for (const auto& span : line)
    for (std::string_view text = span.text; !text.empty();) columns += next_of(text).columns;
  return columns;
}

bool has_match(std::string_view text, std::string_view sought) {
  return !sought.empty() && find_in(text, sought, 0) != std::string_view::npos;
}

Styled with_matches(const Styled& line, std::string_view sought) {
  if (sought.empty()) return line;
  const auto whole = plain_text(line);
  std::vector<bool> matches(whole.size(), false);
  bool any = false;
  for (auto at = find_in(whole, sought, 0); at != std::string_view::npos;
       at = find_in(whole, sought, at + sought.size())) {
    std::fill_n(matches.begin() + static_cast<std::ptrdiff_t>(at), sought.size(), true);
    any = true;
  }
  if (!any) return line;
  Styled marked;
  std::size_t at = 0;
  for (const auto& span : line) {
    for (std::size_t i = 0; i < span.text.size();) {
      const bool match = matches[at + i];
      std::size_t end = i;
      while (end < span.text.size() && matches[at + end] == match) ++end;
      auto look = span.look;
      look.match = match;
      marked.push_back({span.text.substr(i, end - i), look});
      i = end;
    }
    at += span.text.size();
  }
  return marked;
}

Styled reversed(Styled line, std::size_t width) {
  const auto columns = columns_of(line);
  if (columns < width) line.push_back({std::string(width - columns, ' ')});
  for (auto& span : line) span.look.reverse = true;
  return line;
}

}  // namespace kmatrix::browse
