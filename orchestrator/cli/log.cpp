// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/find_run.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

namespace fs = std::filesystem;

/// One piece of a log with a heading.
struct Piece {
  std::string title, text;
  fs::path file;
};

std::string lines_between(const std::string& text, std::int64_t first, std::int64_t last) {
  const auto lines = support::split_lines(text);
  std::string cut;
  for (auto i = std::max<std::int64_t>(first, 1);
       i <= last && i <= static_cast<std::int64_t>(lines.size()); ++i)
    cut += lines[static_cast<std::size_t>(i - 1)] + "\n";
  return cut;
}

fs::path console(const store::CellRow& cell, int boot) {
  return fs::path(cell.folder) / ("console-" + std::to_string(boot) + ".log");
}

Result<std::vector<Piece>> whole_cell(const store::Store& store, const store::CellRow& cell) {
  std::vector<Piece> pieces;
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
  for (int boot = 1; fs::exists(console(cell, boot)); ++boot) {
    auto text = support::read_file(console(cell, boot));
    if (!text) return text.error();
    pieces.push_back({"console of boot " + std::to_string(boot), *text, console(cell, boot)});
  }
  if (pieces.empty()) pieces.push_back({cell.state, cell.reason + "\n", {}});
  return pieces;
}

Result<std::vector<Piece>> one_case(const store::Store& store, const store::CellRow& cell,
                                    const std::string& name) {
  auto cases = store.cases(cell.run);
  if (!cases) return cases.error();
  std::vector<std::string> names;
  for (const auto& row : *cases) {
    if (row.cell != cell.id) continue;
    names.push_back(row.name);
    if (row.name != name) continue;
    std::vector<Piece> pieces{
        {row.name + ": " + row.outcome + (row.message.empty() ? "" : ": " + row.message), "", {}}};
    if (!row.output.empty()) {
      auto output = support::read_file(row.output);
      if (!output) return output.error();
      pieces.push_back({"output of its process", *output, row.output});
    }
    if (row.boot > 0 && row.first_line > 0) {
      auto text = support::read_file(console(cell, row.boot));
      if (!text) return text.error();
      pieces.push_back({fmt::format("console, lines {} to {}", row.first_line, row.last_line),
                        lines_between(*text, row.first_line, row.last_line),
                        console(cell, row.boot)});
    }
    return pieces;
  }
  return support::input_error("cell " + cell.name + " has no case '" + name + "'", {},
                              support::did_you_mean(name, names));
}

/// A serial console ends its lines with CR LF.
std::string unix_lines(std::string text) {
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;) text.erase(at, 1);
  return text;
}

void print(const std::vector<Piece>& pieces, bool json) {
  if (!json) {
    for (const auto& piece : pieces) {
      fmt::print("--- {}{}\n", support::printable(piece.title),
                 piece.file.empty() ? "" : " (" + piece.file.string() + ")");
      fmt::print("{}", support::printable(unix_lines(piece.text)));
      if (!piece.text.empty() && piece.text.back() != '\n') fmt::print("\n");
    }
    return;
  }
  nlohmann::ordered_json root;
  root["log"] = nlohmann::ordered_json::array();
  for (const auto& piece : pieces) {
    nlohmann::ordered_json file = nullptr;
    if (!piece.file.empty()) file = support::valid_utf8(piece.file.string());
    root["log"].push_back({{"title", support::valid_utf8(piece.title)},
                           {"file", file},
                           {"text", support::valid_utf8(piece.text)}});
  }
  fmt::print("{}\n", root.dump(2));
}

struct LogOptions {
  std::string run, cell, case_name;
};

int log(const CommandLine& line, const LogOptions& options) {
  auto store = store::Store::open(line.global.db);
  if (!store) return fail(store.error());
  const auto run = find_run(*store, options.run);
  if (!run) return fail(run.error());
  const auto cell = find_cell(*store, run->id, options.cell);
  if (!cell) return fail(cell.error());
  const auto pieces = options.case_name.empty() ? whole_cell(*store, *cell)
                                                : one_case(*store, *cell, options.case_name);
  if (!pieces) return fail(pieces.error());
  print(*pieces, line.global.json);
  return exit_good;
}

}  // namespace

void add_log(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<LogOptions>();
  auto* command =
      add_command(app, line, "log", "Print the log of a cell or of one of its cases",
                  "kmatrix log latest ftrace-samples ftrace-direct-modify", options, log);
  command->add_option("RUN", options->run, "Number of the run, or latest")->required();
  command->add_option("CELL", options->cell, "Name of the cell, or a part that only it has")
      ->required();
  command->add_option("CASE", options->case_name, "Name of the case");
  add_json(command, line);
}

}  // namespace kmatrix::cli
