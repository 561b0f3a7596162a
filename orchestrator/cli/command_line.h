// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/interrupt.h"
#include "cli/options.h"

namespace kmatrix::cli {

/// What the commands share: the options that all of them have, and what was chosen.
struct CommandLine {
  GlobalOptions global;
  std::stop_token stop;            ///< of SIGINT, SIGTERM and SIGHUP
  StopManners* manners = nullptr;  ///< how a stop is told; never null in a command
  std::function<int()> chosen;     ///< does what was asked for; returns the exit code
  std::vector<std::string> rest;   ///< what follows "--": a command for somebody else
  bool takes_rest = false;         ///< the chosen command knows what to do with it
};

/// The part of an experiment file that a command is about.
struct ExperimentOptions {
  std::filesystem::path file;
  std::vector<std::string> only;           ///< "axis=value[,value...]"
  std::vector<std::string> trees, series;  ///< "NAME=ORIGIN" in place of the file's
};

/// Adds a command. `does` runs after everything was parsed, with `options` as parsed.
template <class Options>
CLI::App* add_command(CLI::App& app, CommandLine& line, const std::string& name,
                      const std::string& description, const std::string& example,
                      const std::shared_ptr<Options>& options,
                      int (*does)(const CommandLine&, const Options&)) {
  auto* command = app.add_subcommand(name, description);
  command->footer("Example: " + example);
  command->callback([&line, options, does] {
    line.chosen = [&line, options, does] { return does(line, *options); };
  });
  return command;
}

/// FILE, --only, --tree and --series.
inline void add_experiment(CLI::App* command, ExperimentOptions& options) {
  command->add_option("FILE", options.file, "Experiment (YAML)")->required();
  command->add_option("--only", options.only,
                      "Only cells with AXIS=VALUE[,VALUE...]; may be repeated");
  command->add_option("--tree", options.trees,
                      "NAME=ORIGIN in place of the file's: a folder, REPOSITORY@REVISION, an "
                      "archive or a Debian package; may be repeated");
  command->add_option("--series", options.series,
                      "NAME=ORIGIN in place of the file's: a folder of patches, an mbox or "
                      "REPOSITORY:FROM..TO; may be repeated");
}

inline void add_json(CLI::App* command, CommandLine& line) {
  command->add_flag("--json", line.global.json, "Print JSON");
}

/// -o FILE: where a text goes (empty: stdout), as write_out() takes it.
inline void add_output(CLI::App* command, std::filesystem::path& file) {
  command->add_option("-o,--output", file, "File to write (default: stdout)")->type_name("FILE");
}

/// `run` as the user writes it: a number, or "" for the latest.
inline void add_run_name(CLI::App* command, std::string& run) {
  command->add_option("RUN", run, "Number of the run (default: the latest)");
}

}  // namespace kmatrix::cli
