// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/export.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "cli/commands.h"
#include "cli/find_run.h"
#include "report/junit.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

struct ExportOptions {
  std::string run, format, origin = "kmatrix";
  std::filesystem::path file;  ///< empty: stdout
};

const std::vector<std::string> formats = {"junit", "kcidb", "ktap", "csv", "json"};

Status check(const ExportOptions& options) {
  if (std::find(formats.begin(), formats.end(), options.format) == formats.end()) {
    const auto near = support::did_you_mean(options.format, formats);
    return support::input_error(
        fmt::format("unknown format '{}'", options.format), {},
        near.empty() ? "the formats are " + support::join(formats, ", ") : near);
  }
  const auto allowed = [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '_';
  };
  const auto& origin = options.origin;
  if (origin.empty() || !std::all_of(origin.begin(), origin.end(), allowed))
    return support::input_error(fmt::format("--origin: '{}' is not of a-z, 0-9 and '_'", origin));
  return {};
}

std::string exported(const report::StoredRun& run, const ExportOptions& options) {
  if (options.format == "junit") return report::junit_xml(run);
  if (options.format == "ktap") return report::ktap(run);
  if (options.format == "csv") return report::csv(run);
  if (options.format == "kcidb") return report::kcidb_json(run, options.origin).dump(2) + "\n";
  return report::show_json(run).dump(2) + "\n";
}

int export_run(const CommandLine& line, const ExportOptions& options) {
  if (const auto checked = check(options); !checked) return fail(checked.error());
  const auto stored = stored_run(line.global, options.run);
  if (!stored) return fail(stored.error());
  const std::string text = exported(*stored, options);
  return write_out(options.file, text);
}

}  // namespace

void add_export(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<ExportOptions>();
  auto* command =
      add_command(app, line, "export", "Write a run in a format of other programs",
                  "kmatrix export 3 --format junit -o results.xml", options, export_run);
  add_run_name(command, options->run);
  command->add_option("--format", options->format, "junit, kcidb, ktap, csv or json")->required();
  add_output(command, options->file);
  command->add_option("--origin", options->origin, "KCIDB's name of who tested: a-z, 0-9, _")
      ->capture_default_str();
}

}  // namespace kmatrix::cli
