// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "support/text.h"

namespace kmatrix::cli {
namespace {

void add_global(CLI::App& app, GlobalOptions& global) {
  global.db = default_db();
  global.cache = default_cache();
  global.data = KMATRIX_DATA_DIR;
  global.agents = KMATRIX_AGENT_DIR;
  global.charts = KMATRIX_CHARTS;
  app.add_option("--db", global.db, "Results database")->capture_default_str();
  app.add_option("--cache", global.cache, "Cache of sources, kernels and images")
      ->capture_default_str();
  app.add_option("--data", global.data,
                 "Folder with the images/ and dashboards/ that kmatrix ships");
  app.add_option("--uri", global.uri, "libvirt URI (default: a driver inside this process)");
}

/// CLI11 says of a word that is no command only that a command is missing.
std::string parse_problem(const CLI::App& app, const CLI::ParseError& error, int argc,
                          char** argv) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands({})) names.push_back(command->get_name());
  const std::string first = argc > 1 ? argv[1] : "";
  if (first.empty() || first[0] == '-' ||
      std::find(names.begin(), names.end(), first) != names.end())
    return error.what() + std::string(" (kmatrix --help shows the commands)");
  const auto hint = support::did_you_mean(first, names);
  return fmt::format("there is no command '{}' ({})", support::printable(first),
                     hint.empty() ? "kmatrix --help shows the commands" : hint);
}

int main_of(int argc, char** argv) {
  Interrupt interrupt;
  CommandLine line;
  line.stop = interrupt.token();
  line.manners = &interrupt.manners();
  line.global.colour = isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  CLI::App app{"kmatrix: an executable cover letter for kernel patch series", "kmatrix"};
  app.set_version_flag("--version", std::string("kmatrix ") + KMATRIX_VERSION);
  app.require_subcommand(1);
  app.footer("Example: kmatrix run matrices/quickstart.yaml && kmatrix compare --axis series");
  app.fallthrough();
  add_global(app, line.global);
  for (const auto add :
       {add_init,   add_check,       add_plan,   add_run,       add_rerun,   add_runs,
        add_show,   add_compare,     add_claims, add_verdicts,  add_objects, add_history,
        add_flaky,  add_incidents,   add_diff,   add_export,    add_report,  add_log,
        add_why,    add_config_diff, add_bundle, add_replay,    add_nightly, add_shell,
        add_doctor, add_cache,       add_gc,     add_dashboard, add_serve,   add_attach,
        add_browse})
    add(app, line);
  char** const dashes = std::find(argv, argv + argc, std::string_view("--"));
  if (dashes != argv + argc) line.rest.assign(dashes + 1, argv + argc);
  argc = static_cast<int>(dashes - argv);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& request) {
    return app.exit(request);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "kmatrix: error: {}\n", parse_problem(app, error, argc, argv));
    return exit_bad_input;
  }
  if (!line.rest.empty() && !line.takes_rest) {
    fmt::print(stderr, "kmatrix: error: only `kmatrix shell` takes a command after --\n");
    return exit_bad_input;
  }
  // It becomes part of machines, and of what processes in other folders are told.
  line.global.cache = std::filesystem::absolute(line.global.cache);
  return line.chosen();
}

}  // namespace
}  // namespace kmatrix::cli

int main(int argc, char** argv) {
  try {
    return kmatrix::cli::main_of(argc, argv);
  } catch (const std::exception& failure) {
    fmt::print(stderr, "kmatrix: error: internal: {}\n", failure.what());
    return kmatrix::cli::exit_infrastructure;
  }
}
