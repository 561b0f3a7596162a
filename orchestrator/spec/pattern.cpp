// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "spec/fields.h"
#include "spec/sections.h"
#include "support/text.h"

namespace kmatrix::spec {

namespace {

std::regex expression(const std::string& pattern) {
  return std::regex(pattern.substr(1, pattern.size() - 2), std::regex::extended);
}

bool check_pattern(const std::string& text, const Location& at, Problems& problems) {
  if (!is_expression(text)) return true;
  try {
    (void)expression(text);
    return true;
  } catch (const std::regex_error& wrong) {
    problems.add(at, fmt::format("{} is no regular expression: {}", quote(text), wrong.what()),
                 "between slashes an extended regular expression is expected, as grep -E takes it");
    return false;
  }
}

}  // namespace

bool is_expression(const std::string& pattern) {
  return pattern.size() >= 3 && pattern.starts_with('/') && pattern.ends_with('/');
}

bool matches(const std::string& pattern, const std::string& name) {
  if (!is_expression(pattern)) return support::glob_match(pattern, name);
  try {
    return std::regex_search(name, expression(pattern));
  } catch (const std::regex_error&) {
    return false;  // of an experiment it was reported; a file of the tree may hold anything
  }
}

bool matches_any(const std::vector<std::string>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& pattern) { return matches(pattern, name); });
}

void read_patterns(const Field& field, std::vector<std::string>& into, Problems& problems) {
  for (const auto* node : read_texts(field, "a pattern or a list of patterns", problems))
    if (check_pattern(node->text, node->at, problems)) into.push_back(node->text);
}

}  // namespace kmatrix::spec
