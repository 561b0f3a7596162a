// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/console_line.h"

#include <charconv>
#include <string>

namespace kmatrix::machine {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  return at;
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

double number(std::string_view digits) {
  double value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

/// "[    1.234567]" at the front of `text`: its length, or 0.
std::size_t parse_time(std::string_view text, double& seconds) {
  constexpr std::size_t longest = 32;
  if (text.empty() || text[0] != '[') return 0;
  const auto whole = skip_spaces(text, 1);
  const auto point = skip_digits(text, whole);
  if (point == whole || point >= text.size() || text[point] != '.') return 0;
  const auto end = skip_digits(text, point + 1);
  if (end != point + 7 || end >= text.size() || text[end] != ']' || end > longest) return 0;
  seconds = number(text.substr(whole, point - whole)) + number(text.substr(point + 1, 6)) / 1e6;
  return end + 1;
}

/// "[   T12]" at the front of `text`: its length, or 0.
std::size_t parse_caller(std::string_view text, std::string_view& caller) {
  constexpr std::size_t most_digits = 10;
  if (text.empty() || text[0] != '[') return 0;
  const auto begin = skip_spaces(text, 1);
  if (begin >= text.size() || (text[begin] != 'T' && text[begin] != 'C')) return 0;
  const auto end = skip_digits(text, begin + 1);
  const auto digits = end - begin - 1;
  if (digits == 0 || digits > most_digits || end >= text.size() || text[end] != ']') return 0;
  caller = text.substr(begin, end - begin);
  return end + 1;
}

/// Where the time begins; npos if the line has none.
std::size_t find_time(std::string_view line, double& seconds) {
  for (auto at = line.find('['); at != line.npos; at = line.find('[', at + 1))
    if (parse_time(line.substr(at), seconds) != 0) return at;
  return line.npos;
}

std::string_view without_level(std::string_view text) {
  if (text.size() < 3 || text[0] != '<') return text;
  const auto end = skip_digits(text, 1);
  if (end == 1 || end > 4 || end >= text.size() || text[end] != '>') return text;
  return text.substr(end + 1);
}

}  // namespace

KernelLine parse_kernel_line(std::string_view line) {
  KernelLine result;
  double seconds = 0;
  auto text = line;
  if (const auto at = find_time(line, seconds); at != line.npos) {
    result.seconds = seconds;
    text = line.substr(at);
    text.remove_prefix(parse_time(text, seconds));
  } else {
    text = without_level(text);
  }
  text.remove_prefix(parse_caller(text, result.caller));
  if ((result.seconds || !result.caller.empty()) && !text.empty() && text[0] == ' ')
    text.remove_prefix(1);
  result.text = without_level(text);
  return result;
}

std::optional<Marker> parse_marker(std::string_view text) {
  constexpr std::string_view name = "kmatrix: ", start = "START ", end = "END ";
  if (!text.starts_with(name)) return std::nullopt;
  text.remove_prefix(name.size());
  Marker marker;
  marker.start = text.starts_with(start);
  if (!marker.start && !text.starts_with(end)) return std::nullopt;
  text.remove_prefix(marker.start ? start.size() : end.size());
  const auto* last = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), last, marker.seq);
  if (error != std::errc{} || stop == text.data()) return std::nullopt;
  if (stop != last && *stop != ' ') return std::nullopt;
  return marker;
}

}  // namespace kmatrix::machine
