// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/find_run.h"
#include "report/email.h"

namespace kmatrix::cli {

namespace {

struct ReportOptions {
  std::string run, format = "email";
  std::filesystem::path file;  ///< empty: stdout
};

int report(const CommandLine& line, const ReportOptions& options) {
  if (options.format != "email")
    return fail(support::input_error(fmt::format("unknown format '{}'", options.format), {},
                                     "the only one is email; `kmatrix export` has others"));
  const auto stored = stored_run(line.global, options.run);
  if (!stored) return fail(stored.error());
  const std::string text = report::email_text(*stored);
  return write_out(options.file, text);
}

}  // namespace

void add_report(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<ReportOptions>();
  auto* command =
      add_command(app, line, "report", "Write about a run for a cover letter or a reply",
                  "kmatrix report 3 --format email", options, report);
  add_run_name(command, options->run);
  command->add_option("--format", options->format, "email")->capture_default_str();
  add_output(command, options->file);
}

}  // namespace kmatrix::cli
