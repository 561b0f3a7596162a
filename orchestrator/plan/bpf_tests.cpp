// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/bpf_tests.h"

#include <algorithm>

#include "support/text.h"

namespace kmatrix::plan {

namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::vector<std::string> tests_in(std::string_view source) {
  std::vector<std::string> tests;
  for (const auto& line : support::split_lines(source)) {
    std::string_view rest = line;
    constexpr std::string_view type = "void ", serial = "serial_", test = "test_";
    if (!rest.starts_with(type)) continue;
    rest.remove_prefix(type.size());
    if (rest.starts_with(serial)) rest.remove_prefix(serial.size());
    if (!rest.starts_with(test)) continue;
    rest.remove_prefix(test.size());
    const auto end = static_cast<std::size_t>(
        std::find_if_not(rest.begin(), rest.end(), is_word_character) - rest.begin());
    const auto tail = rest.substr(end);
    if (end > 0 && (tail.starts_with("(void)") || tail.starts_with("()")))
      tests.emplace_back(rest.substr(0, end));
  }
  return tests;
}

}  // namespace kmatrix::plan
