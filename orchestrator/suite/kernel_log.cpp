// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/kernel_log.h"

#include <algorithm>

#include "support/text.h"

namespace kmatrix::suite {
namespace {

using support::count_front;
using support::is_digit;

/// Where the stamp ends that begins exactly here; 0: there is none.
std::size_t stamp_end(std::string_view line, std::size_t at) {
  const auto spaces = count_front(line.substr(at + 1), [](char c) { return c == ' '; });
  auto end = at + 1 + spaces;
  const auto seconds = count_front(line.substr(end), is_digit);
  end += seconds;
  if (seconds == 0 || spaces + seconds > 12 || line.substr(end, 1) != ".") return 0;
  ++end;
  const auto fraction = count_front(line.substr(end), is_digit);
  end += fraction;
  if (fraction != 6 || line.substr(end, 1) != "]") return 0;
  ++end;
  if (line.substr(end, 1) == "[") {  // CONFIG_PRINTK_CALLER
    const auto close = line.find(']', end);
    if (close != line.npos && close - end < 16) end = close + 1;
  }
  return line.substr(end, 1) == " " ? end + 1 : end;
}

}  // namespace

std::optional<Stamp> find_stamp(std::string_view line) {
  for (auto at = line.find('['); at != line.npos; at = line.find('[', at + 1))
    if (const auto end = stamp_end(line, at); end != 0) return Stamp{at, end};
  return std::nullopt;
}

std::vector<std::string> lines_without_log(std::string_view output) {
  std::vector<std::string> lines;
  std::string torn;
  for (auto& line : support::split_lines(output)) {
    if (line.ends_with('\r')) line.pop_back();  // through a terminal
    if (const auto stamp = find_stamp(line)) {
      torn.append(line, 0, stamp->begin);
      continue;
    }
    lines.push_back(torn + line);
    torn.clear();
  }
  if (!torn.empty()) lines.push_back(std::move(torn));
  return lines;
}

}  // namespace kmatrix::suite
