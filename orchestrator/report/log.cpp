// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "support/file.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

namespace fs = std::filesystem;

std::string lines_between(const std::string& text, std::int64_t first, std::int64_t last) {
  const auto lines = support::split_lines(text);
  std::string cut;
  for (auto i = std::max<std::int64_t>(first, 1);
       i <= last && i <= static_cast<std::int64_t>(lines.size()); ++i)
    cut += lines[static_cast<std::size_t>(i - 1)] + "\n";
  return cut;
}

fs::path console_file(const store::CellRow& cell, int boot) {
  return fs::path(cell.folder) / ("console-" + std::to_string(boot) + ".log");
}

/// A serial console ends its lines with CR LF.
std::string unix_lines(std::string_view text) {
  std::string lines;
  lines.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') lines += text[i];
  return lines;
}

}  // namespace

Result<std::vector<LogPiece>> log_of_cell(const store::Store& store, const store::CellRow& cell) {
  std::vector<LogPiece> pieces;
  if (cell.folder.empty()) {
    // Never booted: what there is to read is the build's log, or the reason.
    auto kernels = store.kernels(cell.run);
    if (!kernels) return kernels.error();
    for (const auto& kernel : *kernels) {
      if (kernel.id != cell.kernel || kernel.log.empty()) continue;
      auto text = support::read_file(kernel.log);
      if (!text) return text.error();
      pieces.push_back({"build of " + kernel.name, *text, kernel.log});
    }
    if (pieces.empty())
      pieces.push_back({cell.state, cell.reason + "\n" + cell.explanation + "\n", {}});
    return pieces;
  }
  for (int boot = 1; fs::exists(console_file(cell, boot)); ++boot) {
    auto text = support::read_file(console_file(cell, boot));
    if (!text) return text.error();
    pieces.push_back({"console of boot " + std::to_string(boot), *text, console_file(cell, boot)});
  }
  if (pieces.empty()) pieces.push_back({cell.state, cell.reason + "\n", {}});
  return pieces;
}

Result<std::vector<LogPiece>> log_of_case(const store::Store& store, const store::CellRow& cell,
                                          const std::string& name) {
  auto cases = store.cases(cell.run);
  if (!cases) return cases.error();
  std::vector<std::string> names;
  for (const auto& row : *cases) {
    if (row.cell != cell.id) continue;
    names.push_back(row.name);
    if (row.name != name) continue;
    std::vector<LogPiece> pieces{
        {row.name + ": " + row.outcome + (row.message.empty() ? "" : ": " + row.message), "", {}}};
    if (!row.output.empty()) {
      auto output = support::read_file(row.output);
      if (!output) return output.error();
      pieces.push_back({"output of its process", *output, row.output});
    }
    if (row.boot > 0 && row.first_line > 0) {
      auto text = support::read_file(console_file(cell, row.boot));
      if (!text) return text.error();
      pieces.push_back({fmt::format("console, lines {} to {}", row.first_line, row.last_line),
                        lines_between(*text, row.first_line, row.last_line),
                        console_file(cell, row.boot)});
    }
    return pieces;
  }
  return support::input_error("cell " + cell.name + " has no case '" + name + "'", {},
                              support::did_you_mean(name, names));
}

std::string log_text(const std::vector<LogPiece>& pieces) {
  std::string all;
  for (const auto& piece : pieces) {
    all += fmt::format("--- {}{}\n", support::printable(piece.title),
                       piece.file.empty() ? "" : " (" + piece.file.string() + ")");
    all += support::printable(unix_lines(piece.text));
    if (!piece.text.empty() && piece.text.back() != '\n') all += "\n";
  }
  return all;
}

}  // namespace kmatrix::report
