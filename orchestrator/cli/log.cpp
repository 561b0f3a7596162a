// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/log.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/find_run.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

void print(const std::vector<report::LogPiece>& pieces, bool json) {
  if (!json) {
    fmt::print("{}", report::log_text(pieces));
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
  auto store = store::Store::open_to_read(line.global.db);
  if (!store) return fail(store.error());
  const auto run = find_run(*store, options.run);
  if (!run) return fail(run.error());
  const auto cell = find_cell(*store, run->id, options.cell);
  if (!cell) return fail(cell.error());
  const auto pieces = options.case_name.empty()
                          ? report::log_of_cell(*store, *cell)
                          : report::log_of_case(*store, *cell, options.case_name);
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
