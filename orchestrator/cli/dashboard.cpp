// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/dashboards.h"
#include "cli/error_json.h"
#include "cli/exit_code.h"
#include "site/publish.h"

namespace kmatrix::cli {

namespace {

namespace fs = std::filesystem;

struct DashboardOptions {
  std::vector<fs::path> files, folders;
  fs::path out;
  std::int64_t runs = published_runs;
};

int check(const CommandLine& line, const DashboardOptions& options) {
  auto files = options.files;
  if (files.empty()) {
    const auto found = files_of_dashboards(line.global, options.folders);
    if (!found) return fail(found.error());
    files = *found;
  }
  std::vector<Error> errors;
  for (const auto& file : files) {
    const auto read = site::check_dashboard(file);
    errors.insert(errors.end(), read.errors.begin(), read.errors.end());
    if (read.errors.empty() && !line.global.json)
      fmt::print("{}: good: {} panels\n", file.string(), read.dashboard.panels.size());
  }
  if (line.global.json) {
    nlohmann::ordered_json root{{"good", errors.empty()}, {"files", files.size()}};
    root["errors"] = nlohmann::ordered_json::array();
    for (const auto& error : errors) root["errors"].push_back(error_json(error));
    fmt::print("{}\n", root.dump(2));
    return errors.empty() ? exit_good : exit_bad_input;
  }
  return errors.empty() ? exit_good : fail(errors);
}

int publish(const CommandLine& line, const DashboardOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  auto site = open_site(line.global, options.folders, options.runs, false);
  if (!site) return fail(site.error());
  const auto published = site::publish(*site, assets_of(line.global), options.out);
  if (!published) return fail(published.error());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const auto index = (fs::absolute(options.out) / "index.html").lexically_normal();
  if (line.global.json) {
    fmt::print("{}\n", nlohmann::ordered_json({{"index", index.string()},
                                               {"pages", published->pages},
                                               {"bytes", published->bytes},
                                               {"first_page_bytes", published->first_page},
                                               {"seconds", took.count()},
                                               {"charts", site->options().charts}})
                           .dump(2));
    return exit_good;
  }
  if (!site->options().charts)
    fmt::print(stderr, "kmatrix: charts are left out: this kmatrix was built without node\n");
  fmt::print("{}\n", index.string());
  fmt::print(stderr, "{} pages, {:.1f} MB, {:.2f} s\n", published->pages,
             static_cast<double>(published->bytes) / 1e6, took.count());
  return exit_good;
}

void add_folders(CLI::App* command, DashboardOptions& options) {
  command->add_option("--dashboards", options.folders,
                      "Another folder with dashboards, besides those that kmatrix ships; may be "
                      "repeated");
}

}  // namespace

void add_dashboard(CLI::App& app, CommandLine& line) {
  auto* group = app.add_subcommand("dashboard", "Check dashboards; publish results as a web site");
  group->require_subcommand(1);
  group->footer("Example: kmatrix dashboard publish --out site");
  const auto options = std::make_shared<DashboardOptions>();
  auto* checks = add_command(*group, line, "check", "Say what is wrong with dashboards",
                             "kmatrix dashboard check my/dashboard.yaml", options, check);
  checks->add_option("FILE", options->files, "Files (default: all that publish would take)");
  add_folders(checks, *options);
  add_json(checks, line);
  auto* publishes =
      add_command(*group, line, "publish", "Write the results as pages that need no server",
                  "kmatrix dashboard publish --out site", options, publish);
  publishes->add_option("-o,--out", options->out, "Folder to write")->required();
  publishes->add_option("--runs", options->runs, "The newest so many runs; 0: all")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000000));
  add_folders(publishes, *options);
  add_json(publishes, line);
}

}  // namespace kmatrix::cli
