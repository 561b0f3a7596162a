// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>

#include "machine/console_report.h"
#include "support/text.h"

namespace kmatrix::machine {
namespace {

constexpr std::size_t longest_title = 200;
/// What compilers append to a function's name.
constexpr std::array<std::string_view, 6> suffixes = {".isra.", ".constprop.", ".part.",
                                                      ".llvm.", ".cold.",      ".cold"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

std::size_t hex_run(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with("0x")) return 0;
  std::size_t end = at + 2;
  while (end < text.size() && is_hex(text[end])) ++end;
  return end - at > 2 ? end - at : 0;
}

/// Length of "+0x4/0x20" or "+0x4" at `at`, or 0.
std::size_t offset_run(std::string_view text, std::size_t at) {
  if (text[at] != '+') return 0;
  const auto first = hex_run(text, at + 1);
  if (first == 0) return 0;
  const auto slash = at + 1 + first;
  if (slash >= text.size() || text[slash] != '/') return 1 + first;
  const auto second = hex_run(text, slash + 1);
  return second == 0 ? 1 + first : 1 + first + 1 + second;
}

/// Length of ":12" at `at` of "fs/file.c:12", or 0: a series that adds lines to a file moves all
/// that follows, and makes no other incident of it.
std::size_t line_number_run(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 4> ends = {".c", ".h", ".S", ".rs"};
  const auto before = text.substr(0, at);
  if (text[at] != ':' ||
      std::none_of(ends.begin(), ends.end(), [&](auto end) { return before.ends_with(end); }))
    return 0;
  auto end = at + 1;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at > 1 ? end - at : 0;
}

/// "kmalloc-64": part of a name.
bool continues_name(std::string_view before) {
  return before.size() > 1 && before.back() == '-' && is_word(before[before.size() - 2]);
}

/// Length of ".isra.0", ".llvm.123" and the like at `at`, or 0.
std::size_t suffix_run(std::string_view text, std::size_t at) {
  for (const auto suffix : suffixes) {
    if (!text.substr(at).starts_with(suffix)) continue;
    auto end = at + suffix.size();
    while (end < text.size() && is_digit(text[end])) ++end;
    return end == text.size() || !is_word(text[end]) ? end - at : 0;
  }
  return 0;
}

std::string stable_word(std::string_view before, std::string_view word) {
  const bool all_hex = std::all_of(word.begin(), word.end(), is_hex);
  const auto digits = std::find_if_not(word.begin(), word.end(), is_digit);
  constexpr std::size_t address = 8;
  if (digits == word.begin()) {
    const bool has_digit = std::any_of(word.begin(), word.end(), is_digit);
    return all_hex && has_digit && word.size() >= address ? "X" : std::string(word);
  }
  if (digits == word.end() || std::string_view(digits, word.end()) == "s") {
    if (continues_name(before)) return std::string(word);
    return word.size() >= address ? "X" : "N" + std::string(digits, word.end());
  }
  return all_hex && word.size() >= address ? "X" : std::string(word);
}

}  // namespace

std::string stable_text(std::string_view text) {
  const auto trimmed = support::trim(text.substr(0, 1024));
  std::string result;
  for (std::size_t at = 0; at < trimmed.size() && result.size() < longest_title;) {
    if (const auto offset = offset_run(trimmed, at); offset != 0) {
      at += offset;
    } else if (const auto hex = hex_run(trimmed, at); hex != 0) {
      result += 'X';
      at += hex;
    } else if (const auto suffix = suffix_run(trimmed, at); suffix != 0) {
      at += suffix;
    } else if (const auto number = line_number_run(trimmed, at); number != 0) {
      at += number;
    } else if (is_word(trimmed[at])) {
      auto end = at;
      while (end < trimmed.size() && is_word(trimmed[end])) ++end;
      result += stable_word(trimmed.substr(0, at), trimmed.substr(at, end - at));
      at = end;
    } else {
      result += trimmed[at++];
    }
  }
  result.resize(std::min(result.size(), longest_title));
  return support::printable(result);
}

std::string symbol_name(std::string_view text) {
  const auto plus = text.find("+0x");
  auto name = text.substr(0, plus);
  name = name.substr(0, name.find_first_of(" \t,;)"));
  if (name.empty() || is_digit(name[0])) return {};
  for (const auto suffix : suffixes) name = name.substr(0, name.find(suffix));
  auto result = std::string(name);
  const auto open = plus == text.npos ? text.npos : text.find(" [", plus);
  if (open != text.npos && text.find(' ', plus) == open) {
    const auto module = text.substr(open + 2);
    const auto end = module.find_first_of(" ]");
    if (end != module.npos) result += " [" + std::string(module.substr(0, end)) + "]";
  }
  result.resize(std::min(result.size(), longest_title));
  return support::printable(result);
}

}  // namespace kmatrix::machine
