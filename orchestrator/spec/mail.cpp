// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/mail.h"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "spec/problems.h"
#include "support/text.h"

namespace kmatrix::spec {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result) c = lower(c);
  return result;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/// The byte of "=XX" at the front of `text`.
std::optional<char> escaped(std::string_view text) {
  if (text.size() < 3 || text[0] != '=') return std::nullopt;
  const int high = hex_digit(text[1]), low = hex_digit(text[2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

/// Removes the first line of `rest` and returns it, without its end.
std::string_view take_line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  const auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

std::string_view without_cr(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// RFC 2045, 6.7. An escape that is none stays as it is, as everybody does it.
std::string decode_quoted_printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const bool last = text.find('\n') == std::string_view::npos;
    auto line = without_cr(take_line(text));
    // Blanks at the end of a line were added on the way.
    line = line.substr(0, line.find_last_not_of(" \t") + 1);
    const bool soft = line.ends_with('=');
    if (soft) line.remove_suffix(1);
    for (std::size_t i = 0; i < line.size(); ++i) {
      const auto byte = escaped(line.substr(i));
      result += byte ? *byte : line[i];
      if (byte) i += 2;
    }
    if (!soft && !last) result += '\n';
  }
  return result;
}

/// nullopt if there is anything but base64 and white space.
std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t' || c == '=') continue;
    const auto digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<unsigned>(digit);
    if ((count += 6) < 8) continue;
    count -= 8;
    result += static_cast<char>((bits >> count) & 0xff);
  }
  return result;
}

/// `text` in UTF-8; nullopt if the character set is not known or the text is not in it.
std::optional<std::string> to_utf8(std::string text, const std::string& charset) {
  if (charset.empty() || charset == "utf-8" || charset == "utf8" || charset == "us-ascii")
    return text;
  const iconv_t converter = iconv_open("UTF-8", charset.c_str());
  // NOLINTNEXTLINE(performance-no-int-to-ptr): POSIX's own sign of failure
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string result;
  char* in = text.data();
  std::size_t in_left = text.size();
  bool good = true;
  while (good && in_left > 0) {
    std::array<char, 4096> buffer{};
    char* out = buffer.data();
    std::size_t out_left = buffer.size();
    good = iconv(converter, &in, &in_left, &out, &out_left) != static_cast<std::size_t>(-1) ||
           errno == E2BIG;
    result.append(buffer.data(), buffer.size() - out_left);
  }
  iconv_close(converter);
  if (!good) return std::nullopt;
  return result;
}

/// The text of "=?charset?Q?text?=" at the front; removes it from `rest`.
std::optional<std::string> take_encoded_word(std::string_view& rest) {
  if (!rest.starts_with("=?")) return std::nullopt;
  const auto charset_end = rest.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 3 >= rest.size() ||
      rest[charset_end + 2] != '?')
    return std::nullopt;
  const auto begin = charset_end + 3;
  const auto end = rest.find("?=", begin);
  if (end == std::string_view::npos) return std::nullopt;
  const auto encoding = lower(rest[charset_end + 1]);
  std::string text(rest.substr(begin, end - begin));
  std::optional<std::string> decoded;
  if (encoding == 'q') {
    std::replace(text.begin(), text.end(), '_', ' ');
    // A blank at the end is the word's own here.
    decoded = decode_quoted_printable(text + ".");
    decoded->pop_back();
  } else if (encoding == 'b') {
    decoded = decode_base64(text);
  }
  if (decoded) decoded = to_utf8(*decoded, lower(rest.substr(2, charset_end - 2)));
  if (decoded) rest.remove_prefix(end + 2);
  return decoded;
}

/// A header's value with its encoded words decoded. Blanks between two of them do not count.
std::string decode_words(std::string_view text) {
  std::string result, blanks;
  bool after_word = false;
  while (!text.empty()) {
    if (const auto word = take_encoded_word(text)) {
      if (!after_word) result += blanks;
      result += *word;
      after_word = true;
      blanks.clear();
    } else if (text.front() == ' ' || text.front() == '\t') {
      blanks += text.front();
      text.remove_prefix(1);
    } else {
      result += blanks + text.front();
      text.remove_prefix(1);
      after_word = false;
      blanks.clear();
    }
  }
  return result;
}

struct Headers {
  std::string subject, content_type, encoding;
};

/// Reads the header lines off the front of `rest`, folded ones joined; returns how many lines.
int take_headers(std::string_view& rest, Headers& headers) {
  std::string* current = nullptr;
  int lines = 0;
  while (!rest.empty()) {
    const auto line = without_cr(take_line(rest));
    ++lines;
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') {
      if (current != nullptr) *current += " " + std::string(support::trim(line));
      continue;
    }
    const auto colon = line.find(':');
    const auto name = lower(line.substr(0, colon));
    current = name == "subject"                     ? &headers.subject
              : name == "content-type"              ? &headers.content_type
              : name == "content-transfer-encoding" ? &headers.encoding
                                                    : nullptr;
    if (current != nullptr && colon != std::string_view::npos)
      *current = support::trim(line.substr(colon + 1));
  }
  return lines;
}

/// "utf-8" of `text/plain; charset="UTF-8"; format=...`
std::string charset_of(const std::string& content_type) {
  const auto text = lower(content_type);
  const auto at = text.find("charset=");
  if (at == std::string::npos) return "";
  auto value = std::string_view(text).substr(at + 8);
  value = support::trim(value.substr(0, value.find(';')));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  return std::string(value);
}

/// A mail on the wire ends its lines with CR LF. A patch to a file that has such lines itself has
/// others too.
std::string without_wire_ends(std::string text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; ++at)
    if (at == 0 || text[at - 1] != '\r') return text;
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r' || i + 1 >= text.size() || text[i + 1] != '\n') result += text[i];
  return result;
}

std::optional<std::string> decode_body(std::string_view text, const std::string& encoding) {
  if (encoding == "quoted-printable") return decode_quoted_printable(text);
  if (encoding == "base64") return decode_base64(text);
  return std::string(text);
}

}  // namespace

bool is_header_line(std::string_view line) {
  const auto colon = line.find(':');
  return colon != std::string_view::npos && colon > 0 &&
         std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return c > ' ' && c < 127; });
}

Result<Mail> parse_mail(std::string_view text, const Location& at) {
  Headers headers;
  Mail mail;
  mail.body_line = 1 + take_headers(text, headers);
  mail.subject = decode_words(headers.subject);
  for (auto& c : mail.subject)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  const auto encoding = lower(headers.encoding);
  mail.recoded = encoding == "quoted-printable" || encoding == "base64";
  if (lower(headers.content_type).starts_with("multipart/"))
    return support::input_error("this mail has several parts, and its patch is one of them", at,
                                "`b4 am` writes each patch as a plain text");
  if (!mail.recoded && !encoding.empty() && encoding != "7bit" && encoding != "8bit" &&
      encoding != "binary")
    return support::input_error(
        fmt::format("this mail has an unknown encoding {}", quote(headers.encoding)), at);
  auto body = decode_body(text, encoding);
  if (!body) return support::input_error("the body of this mail is not in " + encoding, at);
  const auto charset = charset_of(headers.content_type);
  body = to_utf8(std::move(*body), charset);
  if (!body)
    return support::input_error(
        fmt::format("the body of this mail is not text in the character set {}", quote(charset)),
        at);
  mail.body = without_wire_ends(std::move(*body));
  return mail;
}

}  // namespace kmatrix::spec
