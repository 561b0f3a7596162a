// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/build_log.h"

#include <algorithm>
#include <array>
#include <regex>

#include "support/process.h"
#include "support/text.h"

namespace kmatrix::build {

namespace {

constexpr std::size_t longest_error = 500, longest_counted = 200;

/// /src is our own invention; people know the path inside of the tree.
std::string shown(std::string_view line) {
  std::string text(support::trim(line));
  for (auto at = text.find("/src/"); at != std::string::npos; at = text.find("/src/", at)) {
    const bool begins_path =
        at == 0 || std::string_view(" \t:'\"(").find(text[at - 1]) != std::string_view::npos;
    begins_path ? text.erase(at, 5) : text.replace(at, 0, "");
    at += begins_path ? 0 : 5;
  }
  if (text.size() > longest_error) text.resize(longest_error);
  return support::valid_utf8(text);
}

bool contains(std::string_view line, std::string_view word) {
  return line.find(word) != std::string_view::npos;
}

/// An error message of a tool that names the culprit. What make says of the failure of such a tool
/// ("make[2]: *** [...] Error 1") is no news.
bool is_tool_error(std::string_view line) {
  static constexpr std::array<std::string_view, 8> marks{
      ": error: ",        ": fatal error: ",           ": Error: ", "ERROR: modpost: ",
      "error: objtool: ", ": undefined reference to ", "FAILED: ",  ": syntax error"};
  if (line.starts_with("  ")) return false;
  return line.starts_with("error: ") ||
         std::any_of(marks.begin(), marks.end(),
                     [&](std::string_view mark) { return contains(line, mark); });
}

bool is_make_error(std::string_view line) {
  return line.starts_with("make") && contains(line, ": *** ");
}

}  // namespace

void ObjectCounter::feed(std::string_view piece) {
  for (const char each : piece) {
    if (each != '\n') {
      if (line_.size() < longest_counted) line_ += each;
      continue;
    }
    const std::string_view line = line_;
    const bool object = line.starts_with("  CC ") || line.starts_with("  AS ");
    if (object && line.ends_with(".o")) ++count_;
    line_.clear();
  }
}

std::string first_error(std::string_view log) {
  const auto lines = support::split_lines(log);
  for (const auto& line : lines)
    if (is_tool_error(line)) return shown(line);
  for (const auto& line : lines)
    if (is_make_error(line) && !contains(line, "Error ")) return shown(line);
  return support::valid_utf8(support::last_lines(log, 5));
}

std::optional<std::string> outside_cause(std::string_view log) {
  if (contains(log, "No space left on device")) return "no space left on the cache's disk";
  if (contains(log, "Disk quota exceeded")) return "the disk quota is exceeded";
  for (const std::string_view mark :
       {"unable to execute command: Killed", "Killed signal terminated program", "] Killed",
        "] Error 137"})
    if (contains(log, mark)) return "the system killed a compiler, probably for want of memory";
  return std::nullopt;
}

}  // namespace kmatrix::build
