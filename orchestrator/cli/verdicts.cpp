// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/evaluate.h"
#include "cli/exit_code.h"
#include "cli/find_run.h"
#include "report/verdicts.h"
#include "report/words.h"

namespace kmatrix::cli {

namespace {

struct VerdictsOptions {
  std::string run;
  int confidence_percent = 95;
};

int verdicts(const CommandLine& line, const VerdictsOptions& options) {
  const auto stored = stored_run(line.global, options.run);
  if (!stored) return fail(stored.error());
  const auto attributed = attribute(*stored, options.confidence_percent / 100.0);
  if (line.global.json) {
    auto document = report::verdicts_json(attributed);
    document["run"] = report::run_record(stored->run);
    fmt::print("{}\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print("{}", report::verdicts_text(*stored, attributed, line.global.colour));
  }
  return exit_good;
}

}  // namespace

void add_verdicts(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<VerdictsOptions>();
  auto* command = add_command(app, line, "verdicts",
                              "Say what the series causes, what the config, and what is chance",
                              "kmatrix verdicts 3", options, verdicts);
  add_run_name(command, options->run);
  command
      ->add_option("--confidence", options->confidence_percent, "That a verdict needs, in percent")
      ->check(CLI::Range(80, 99))
      ->capture_default_str();
  add_json(command, line);
}

}  // namespace kmatrix::cli
