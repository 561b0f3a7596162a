// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/find_run.h"
#include "cli/stored_json.h"
#include "report/explain.h"

namespace kmatrix::cli {

namespace {

struct WhyOptions {
  std::string name, run;
};

/// What a stored kernel was made of, as far as the database knows.
plan::RecipeInputs inputs_of(const store::KernelRow& kernel) {
  plan::RecipeInputs inputs;
  inputs.tree = {kernel.tree_digest};
  inputs.series = {kernel.series_digest};
  inputs.arch = kernel.arch;
  inputs.compiler = kernel.compiler;
  for (const auto& each : requests_from(kernel.requests))
    inputs.symbols.push_back({each.symbol, each.value, {}, each.asked_by, {}});
  return inputs;
}

Result<store::KernelRow> kernel_of(const store::Store& store, const store::CellRow& cell) {
  auto kernels = store.kernels(cell.run);
  if (!kernels) return kernels.error();
  for (auto& kernel : *kernels)
    if (kernel.id == cell.kernel) return std::move(kernel);
  return support::infrastructure_error("the database has no kernel of cell " + cell.name);
}

/// A name may be that of a kernel or of a cell; kernels' names are the beginnings of their cells'
/// names, and only a whole one counts before a cell.
Result<report::Why> find_subject(const store::Store& store, store::RunId run,
                                 const std::string& name) {
  report::Why why;
  auto kernel = find_kernel(store, run, name);
  auto cell = find_cell(store, run, name);
  if (!kernel && !cell) return cell.error();
  if (!cell || (kernel && kernel->name == name)) {
    why.kernel = std::move(*kernel);
    return why;
  }
  auto its_kernel = kernel_of(store, *cell);
  if (!its_kernel) return its_kernel.error();
  why.kernel = std::move(*its_kernel);
  why.cell = std::move(*cell);
  return why;
}

Status add_cell_story(const store::Store& store, const store::RunRow& run, report::Why& why) {
  const auto& cell = *why.cell;
  auto last = store.last_cell(run.experiment, cell.name, run.id);
  if (!last) return last.error();
  why.last = std::move(*last);
  if (cell.reused_run.value > 0) {
    auto cells = store.cells(cell.reused_run);
    if (!cells) return cells.error();
    for (auto& each : *cells)
      if (each.cell_key == cell.cell_key) why.made = std::move(each);
  }
  if (!why.last) return {};
  const auto before = kernel_of(store, why.last->row);
  if (!before) return before.error();
  if (before->kernel_key == why.kernel.kernel_key) return {};
  why.kernel_changes = plan::differences(inputs_of(*before), inputs_of(why.kernel));
  if (why.kernel_changes.empty())
    why.kernel_changes = {fmt::format("its .config: kmatrix config-diff {0}:{2} {1}:{2}",
                                      before->run.value, why.kernel.run.value, why.kernel.name)};
  return {};
}

Result<report::Why> explain(const WhyOptions& options, const GlobalOptions& global) {
  auto store = store::Store::open_to_read(global.db);
  if (!store) return store.error();
  const auto run = find_run(*store, options.run);
  if (!run) return run.error();
  auto why = find_subject(*store, run->id, options.name);
  if (!why) return why;
  if (why->kernel.state == "cached") {
    auto built = store->build_of(why->kernel.kernel_key, run->id);
    if (!built) return built.error();
    why->built = std::move(*built);
  }
  if (why->cell) KMATRIX_TRY(add_cell_story(*store, *run, *why));
  return why;
}

int why(const CommandLine& line, const WhyOptions& options) {
  const auto answer = explain(options, line.global);
  if (!answer) return fail(answer.error());
  if (line.global.json) {
    fmt::print("{}\n", report::why_json(*answer).dump(2));
  } else {
    fmt::print("{}", report::why_text(*answer));
  }
  return exit_good;
}

}  // namespace

void add_why(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<WhyOptions>();
  auto* command = add_command(app, line, "why", "Say why a kernel was built or a cell was run",
                              "kmatrix why v6.12/base/clang-cfi", options, why);
  command
      ->add_option("NAME", options->name,
                   "Name of a cell or kernel, or a part that only one of them has")
      ->required();
  add_run_name(command, options->run);
  add_json(command, line);
}

}  // namespace kmatrix::cli
