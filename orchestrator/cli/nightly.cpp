// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/cache_words.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/nightly_run.h"
#include "cli/nightly_units.h"
#include "support/file.h"
#include "support/process.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

namespace fs = std::filesystem;

struct InstallOptions {
  NightlyOptions nightly;
  std::string at = "02:00", name = "kmatrix-nightly";
  fs::path folder;  ///< empty: where systemd looks for this user's units
  bool cron = false;
};

/// The program that runs, wherever it was found.
fs::path this_program() {
  std::error_code unknown;
  return fs::read_symlink("/proc/self/exe", unknown);
}

std::vector<std::string> nightly_command(const CommandLine& line, const InstallOptions& options) {
  const auto& nightly = options.nightly;
  std::vector<std::string> command{this_program().string(), "--db",
                                   fs::absolute(line.global.db).string(), "--cache",
                                   line.global.cache.string()};
  if (!line.global.uri.empty()) command.insert(command.end(), {"--uri", line.global.uri});
  command.insert(command.end(), {"nightly", "run"});
  for (const auto& file : nightly.files) command.push_back(fs::absolute(file).string());
  if (!nightly.keep.empty()) command.insert(command.end(), {"--keep", nightly.keep});
  if (!nightly.to.empty()) command.insert(command.end(), {"--to", nightly.to});
  if (!nightly.hook.empty()) command.insert(command.end(), {"--hook", nightly.hook});
  if (!nightly.publish.empty())
    command.insert(command.end(), {"--publish", fs::absolute(nightly.publish).string()});
  if (nightly.jobs > 0) command.insert(command.end(), {"--jobs", std::to_string(nightly.jobs)});
  if (nightly.boots > 0) command.insert(command.end(), {"--boots", std::to_string(nightly.boots)});
  return command;
}

fs::path unit_folder(const InstallOptions& options) {
  if (!options.folder.empty()) return options.folder;
  const char* const config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config == '/') return fs::path(config) / "systemd/user";
  const char* const home = std::getenv("HOME");
  return fs::path(home != nullptr ? home : "/") / ".config/systemd/user";
}

/// As sd_booted(3) decides it.
bool has_systemd() {
  std::error_code missing;
  return fs::is_directory("/run/systemd/system", missing) &&
         !support::find_program("systemctl").empty();
}

Result<NightlyUnits> units_of(const CommandLine& line, const InstallOptions& options) {
  NightlyUnits units;
  KMATRIX_TRY(set_time(options.at, units));
  if (!options.nightly.keep.empty() && !parse_size(options.nightly.keep))
    return support::input_error("--keep: '" + options.nightly.keep + "' is no size", {},
                                "20G or 500M");
  if (options.name.empty() || options.name.find_first_of("/ \n%@") != std::string::npos)
    return support::input_error("--name: '" + options.name + "' is no name of a unit");
  std::vector<std::string> names;
  for (const auto& file : options.nightly.files) {
    const auto read = read_experiment(line, {file, {}, {}, {}});
    if (!read.errors.empty()) return read.errors.front();
    names.push_back(read.experiment.name);
  }
  units.description = "kmatrix nightly: " + support::join(names, ", ");
  units.command = nightly_command(line, options);
  const char* const path = std::getenv("PATH");
  units.path = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  return units;
}

int install(const CommandLine& line, const InstallOptions& options) {
  const auto units = units_of(line, options);
  if (!units) return fail(units.error());
  if (options.cron || (options.folder.empty() && !has_systemd())) {
    say(options.cron ? "a line for `crontab -e`:"
                     : "systemd does not run here; a line for `crontab -e`:");
    fmt::print("{}", crontab_line(*units));
    return exit_good;
  }
  const auto folder = unit_folder(options);
  if (const auto made = support::make_folders(folder); !made) return fail(made.error());
  const auto service = folder / (options.name + ".service");
  const auto timer = folder / (options.name + ".timer");
  if (const auto written = support::write_file(service, service_text(*units)); !written)
    return fail(written.error());
  if (const auto written = support::write_file(timer, timer_text(*units)); !written)
    return fail(written.error());
  fmt::print("{}\n{}\n", service.string(), timer.string());
  say("switch it on: systemctl --user daemon-reload && systemctl --user enable --now " +
      options.name + ".timer");
  say("also while you are not logged in: loginctl enable-linger");
  say("a night by hand: systemctl --user start " + options.name + ".service");
  return exit_good;
}

void add_nightly_options(CLI::App* command, NightlyOptions& options) {
  command->add_option("FILE", options.files, "Experiments (YAML)")->required();
  command->add_option("--keep", options.keep,
                      "Prune the cache to this size afterwards, such as 100G");
  command->add_option("--publish", options.publish,
                      "Folder in which to write the results as pages (dashboard publish)");
  command->add_option("--to", options.to, "Address for the mails' To: line");
  command->add_option("--hook", options.hook,
                      "Command for /bin/sh that gets the results as JSON on its stdin");
  command->add_option("-j,--jobs", options.jobs, "make -j of each build")
      ->check(CLI::Range(1, 4096));
  command->add_option("--boots", options.boots, "Machines at a time")->check(CLI::Range(1, 1024));
}

}  // namespace

void add_nightly(CLI::App& app, CommandLine& line) {
  auto* command = app.add_subcommand("nightly", "Run experiments each night");
  command->footer("Example: kmatrix nightly install matrices/quickstart.yaml --at 02:00");
  command->require_subcommand(1);
  const auto wanted = std::make_shared<InstallOptions>();
  auto* install_command = add_command(
      *command, line, "install", "Write the systemd units (or the crontab line) that run it",
      "kmatrix nightly install matrices/quickstart.yaml --at 02:00 --keep 100G", wanted, install);
  add_nightly_options(install_command, wanted->nightly);
  install_command->add_option("--at", wanted->at, "Local time")->capture_default_str();
  install_command->add_option("--name", wanted->name, "Name of the units")->capture_default_str();
  install_command->add_option("--folder", wanted->folder,
                              "Folder for the units (default: systemd's for this user)");
  install_command->add_flag("--cron", wanted->cron, "Print a line for a crontab instead");
  const auto options = std::make_shared<NightlyOptions>();
  auto* run_command = add_command(
      *command, line, "run", "Spend one night: run, compare, report, prune",
      "kmatrix nightly run matrices/quickstart.yaml --hook ./notify", options, run_nightly);
  add_nightly_options(run_command, *options);
  add_json(run_command, line);
}

}  // namespace kmatrix::cli
