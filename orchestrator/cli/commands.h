// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "cli/command_line.h"

// One function and one file a command: it adds the command with its options to the program, and
// says what it does. Data goes to stdout, talk to stderr.
namespace kmatrix::cli {

void add_init(CLI::App& app, CommandLine& line);
void add_check(CLI::App& app, CommandLine& line);
void add_plan(CLI::App& app, CommandLine& line);
void add_run(CLI::App& app, CommandLine& line);
void add_runs(CLI::App& app, CommandLine& line);
void add_show(CLI::App& app, CommandLine& line);
void add_compare(CLI::App& app, CommandLine& line);
void add_claims(CLI::App& app, CommandLine& line);
void add_verdicts(CLI::App& app, CommandLine& line);
void add_log(CLI::App& app, CommandLine& line);
void add_why(CLI::App& app, CommandLine& line);
void add_config_diff(CLI::App& app, CommandLine& line);
void add_objects(CLI::App& app, CommandLine& line);
void add_rerun(CLI::App& app, CommandLine& line);
void add_bundle(CLI::App& app, CommandLine& line);
void add_replay(CLI::App& app, CommandLine& line);
void add_nightly(CLI::App& app, CommandLine& line);
void add_shell(CLI::App& app, CommandLine& line);
void add_doctor(CLI::App& app, CommandLine& line);
void add_cache(CLI::App& app, CommandLine& line);
void add_gc(CLI::App& app, CommandLine& line);
void add_history(CLI::App& app, CommandLine& line);
void add_flaky(CLI::App& app, CommandLine& line);
void add_incidents(CLI::App& app, CommandLine& line);
void add_diff(CLI::App& app, CommandLine& line);
void add_export(CLI::App& app, CommandLine& line);
void add_report(CLI::App& app, CommandLine& line);
void add_dashboard(CLI::App& app, CommandLine& line);
void add_serve(CLI::App& app, CommandLine& line);
void add_attach(CLI::App& app, CommandLine& line);
void add_browse(CLI::App& app, CommandLine& line);

}  // namespace kmatrix::cli
