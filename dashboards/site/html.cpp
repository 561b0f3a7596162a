// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/digest.h"
#include "support/text.h"

namespace kmatrix::site {

namespace {

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F && c != '<' && c != '>' && c != '&' && c != '"' && c != '\'';
}

/// The code point of a sequence of three bytes that is known to be valid.
unsigned code_point(std::string_view three) {
  const auto bits = [&](std::size_t i) { return static_cast<unsigned char>(three[i]) & 0x3FU; };
  return ((static_cast<unsigned char>(three[0]) & 0xFU) << 12) | (bits(1) << 6) | bits(2);
}

/// Marks, embeddings, overrides and isolates of direction; spaces without width; line separators.
bool hides_or_turns(unsigned point) {
  return (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF || point == 0x061C;
}

void append_special(std::string& to, char c) {
  switch (c) {
    case '<':
      to += "&lt;";
      return;
    case '>':
      to += "&gt;";
      return;
    case '&':
      to += "&amp;";
      return;
    case '"':
      to += "&quot;";
      return;
    case '\'':
      to += "&#39;";
      return;
    case '\n':
    case '\t':
      to += c;
      return;
    default:
      to += "\xEF\xBF\xBD";
  }
}

/// A character of more than one byte at `at`; returns its length.
std::size_t append_wide(std::string& to, std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = std::min<std::size_t>(lead >= 0xF0   ? 4
                                                   : lead >= 0xE0 ? 3
                                                                  : 2,
                                                   text.size() - at);
  const auto character = text.substr(at, length);
  if (length == 3 && hides_or_turns(code_point(character)))
    to += fmt::format("[U+{:04X}]", code_point(character));
  else if (character == "\xD8\x9C")
    to += "[U+061C]";
  else
    to += character;
  return length;
}

}  // namespace

void append_escaped(std::string& to, std::string_view text) {
  std::size_t plain = 0;
  while (plain < text.size() && is_plain(text[plain])) ++plain;
  to.append(text, 0, plain);
  if (plain == text.size()) return;
  const bool is_ascii = std::all_of(text.begin(), text.end(),
                                    [](char c) { return static_cast<signed char>(c) >= 0; });
  const std::string valid = is_ascii ? std::string() : support::valid_utf8(text.substr(plain));
  const std::string_view rest = is_ascii ? text.substr(plain) : std::string_view(valid);
  for (std::size_t i = 0; i < rest.size();) {
    if (static_cast<unsigned char>(rest[i]) >= 0x80) {
      i += append_wide(to, rest, i);
      continue;
    }
    if (is_plain(rest[i]))
      to += rest[i];
    else
      append_special(to, rest[i]);
    ++i;
  }
}

std::string escaped(std::string_view text) {
  std::string escaped_text;
  append_escaped(escaped_text, text);
  return escaped_text;
}

Html& Html::real(double number) {
  text_ += fmt::format("{:.3f}", number);
  return *this;
}

Html& Html::json(std::string_view json) {
  for (const char c : json) {
    if (c == '<')
      text_ += "\\u003c";
    else if (c == '>')
      text_ += "\\u003e";
    else if (c == '&')
      text_ += "\\u0026";
    else
      text_ += c;
  }
  return *this;
}

std::string slug(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string kept;
  bool whole = !text.empty() && text.size() <= longest && text[0] != '.' && text[0] != '-';
  for (const char c : text.substr(0, longest)) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                      (c == '.' && !kept.empty());
    const bool upper = c >= 'A' && c <= 'Z';
    whole = whole && good;
    if (good)
      kept += c;
    else if (upper)
      kept += static_cast<char>(c - 'A' + 'a');
    else if (!kept.empty() && kept.back() != '-')
      kept += '-';
  }
  // A text that looks like a slug with a digest gets one of its own.
  if (whole && kept.find("--") == std::string::npos) return kept;
  while (!kept.empty() && kept.front() == '-') kept.erase(kept.begin());
  return kept + "--" + support::digest_of(text).hex.substr(0, 10);
}

std::string url_encoded(std::string_view text) {
  constexpr std::array<char, 16> digits = {'0', '1', '2', '3', '4', '5', '6', '7',
                                           '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
        c == '_' || c == '.' || c == '~') {
      encoded += c;
    } else {
      encoded += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return encoded;
}

}  // namespace kmatrix::site
