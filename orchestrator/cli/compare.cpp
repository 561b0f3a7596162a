// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/find_run.h"
#include "compare/compare.h"
#include "report/report.h"

namespace kmatrix::cli {

namespace {

struct CompareOptions {
  std::string run;
  std::vector<std::string> axes{"series"};
  std::vector<std::string> values;  ///< of the axes; empty: all
};

int compare(const CommandLine& line, const CompareOptions& options) {
  const auto axes = compare::parse_axes(options.axes);
  if (!axes) return fail(axes.error());
  auto stored = stored_run(line.global, options.run);
  if (!stored) return fail(stored.error());
  if (!options.values.empty()) {
    auto selected = compare::select(stored->cells, *axes, options.values);
    if (!selected) return fail(selected.error());
    stored->cells = std::move(*selected);
  }
  const auto comparison = compare::compare(stored->cells, stored->cases, stored->incidents, *axes);
  if (line.global.json) {
    fmt::print("{}\n", report::compare_json(comparison).dump(2));
  } else {
    fmt::print("{}", report::compare_text(comparison, line.global.colour));
  }
  return exit_good;
}

}  // namespace

void add_compare(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<CompareOptions>();
  auto* command =
      add_command(app, line, "compare", "Compare the cells of a run along an axis, or several",
                  "kmatrix compare --axis series", options, compare);
  add_run_name(command, options->run);
  command
      ->add_option("--axis", options->axes,
                   "tree, series, config, machine or suite; or several, such as tree,series")
      ->delimiter(',')
      ->capture_default_str();
  command
      ->add_option("--values", options->values,
                   "Only these values of the axis, in this order: v7.2/direct-calls,v7.3/base")
      ->delimiter(',');
  add_json(command, line);
}

}  // namespace kmatrix::cli
