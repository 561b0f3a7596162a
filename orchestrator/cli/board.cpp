// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/board.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/text.h"

namespace kmatrix::cli {

using support::human_duration;

namespace {

struct Row {
  std::string kind, name, rest;
};

/// A time that changes each second needs no fractions.
std::string whole_seconds(support::Seconds time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(std::max(time, support::Seconds(0)));
  return whole < std::chrono::minutes(1) ? fmt::format("{} s", whole.count())
                                         : human_duration(whole);
}

std::string head(const BoardState& state) {
  std::string text = fmt::format("[{}/{}]", state.done, state.total);
  if (state.failed > 0) text += fmt::format(" {} failed,", state.failed);
  text += " " + whole_seconds(state.elapsed) + " so far";
  if (state.left) text += ", about " + whole_seconds(*state.left) + " left";
  return text;
}

Row row_of(const BoardState::Build& build) {
  const auto objects = build.expected > 0 ? fmt::format("{}/{}", build.objects, build.expected)
                                          : fmt::format("{}", build.objects);
  return {"build", build.kernel,
          fmt::format("{} objects, {}", objects, whole_seconds(build.since))};
}

Row row_of(const BoardState::Boot& boot) {
  // The case that runs counts: the first of five is 1/5.
  const auto count = boot.total > 0 && boot.case_name != "boot"
                         ? fmt::format("{}/{} ", std::min(boot.done + 1, boot.total), boot.total)
                         : "";
  return {"boot", boot.cell,
          fmt::format("{}{}, {}", count, boot.case_name, whole_seconds(boot.since))};
}

/// Of a name that is too long the end says more: it is what differs.
std::string end_of(const std::string& name, std::size_t width) {
  if (name.size() <= width) return name;
  return width <= 3 ? name.substr(name.size() - width)
                    : "..." + name.substr(name.size() - (width - 3));
}

std::string line_of(const Row& row, std::size_t name_width, std::size_t width) {
  auto line = fmt::format("  {:<5}  {:<{}}  {}", row.kind, end_of(row.name, name_width), name_width,
                          row.rest);
  if (line.size() > width) line.resize(width);
  return line;
}

/// Printable, and one column a byte: what a guest sends may be anything.
std::string ascii(const std::string& text) {
  std::string safe = support::printable(text);
  std::replace_if(
      safe.begin(), safe.end(), [](char each) { return each < ' ' || each > '~'; }, '?');
  return safe;
}

}  // namespace

std::vector<std::string> board_lines(const BoardState& state, std::size_t width,
                                     std::size_t height) {
  const std::size_t columns = std::max<std::size_t>(width, 2) - 1;
  const std::size_t most = std::max<std::size_t>(height, 2) - 1;
  std::vector<Row> rows;
  for (const auto& build : state.builds) rows.push_back(row_of(build));
  for (const auto& boot : state.boots) rows.push_back(row_of(boot));
  std::size_t names = 0, rests = 0;
  for (auto& row : rows) {
    row.name = ascii(row.name);
    row.rest = ascii(row.rest);
    names = std::max(names, row.name.size());
    rests = std::max(rests, row.rest.size());
  }
  // Names give way first, but keep a third of the line.
  constexpr std::size_t around = 11;
  const std::size_t room = columns > around + rests ? columns - around - rests : 0;
  names = std::min(names, std::max(room, columns / 3));
  std::vector<std::string> lines{head(state)};
  for (const auto& row : rows) {
    const bool all_fit = rows.size() + 1 <= most;
    if (!all_fit && lines.size() + 1 >= most) break;
    lines.push_back(line_of(row, names, columns));
  }
  if (const auto shown = lines.size() - 1; shown < rows.size() && most > 1)
    lines.push_back(fmt::format("  and {} more", rows.size() - shown));
  for (auto& line : lines)
    if (line.size() > columns) line.resize(columns);
  return lines;
}

}  // namespace kmatrix::cli
