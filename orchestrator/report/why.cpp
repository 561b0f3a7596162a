// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/explain.h"
#include "report/words.h"

namespace kmatrix::report {

namespace {

using nlohmann::ordered_json;

const std::string not_recorded = "not recorded: the run is from an older kmatrix";

std::string reason_line(const std::string& why) {
  return "  " + line_of(why.empty() ? not_recorded : why) + "\n";
}

std::string kernel_lines(const Why& why) {
  const auto& kernel = why.kernel;
  std::string text = fmt::format("kernel {} in run {}: {}\n", line_of(kernel.name),
                                 kernel.run.value, line_of(kernel.state));
  if (kernel.state != "cached") return text + reason_line(kernel.why);
  if (!why.built) return text + "  it was in the cache; no run in this database built it\n";
  return text + fmt::format("  built in run {}: {}\n", why.built->run.value,
                            line_of(why.built->why.empty() ? not_recorded : why.built->why));
}

std::string cell_lines(const Why& why) {
  const auto& cell = *why.cell;
  const bool reused = cell.reused_run.value > 0;
  std::string text =
      fmt::format("cell {} in run {}: {}\n", line_of(cell.name), cell.run.value,
                  reused ? fmt::format("results of run {}", cell.reused_run.value) : cell.state);
  text += reason_line(cell.why);
  if (!cell.identical_to.empty())
    text += fmt::format("  identical to {}: kernel, modules, tests and machine are the same\n",
                        line_of(cell.identical_to));
  if (reused && why.made)
    text += fmt::format("  it ran in run {}: {}\n", cell.reused_run.value,
                        line_of(why.made->why.empty() ? not_recorded : why.made->why));
  if (why.last && !why.kernel_changes.empty()) {
    text += fmt::format("  the kernel since run {}:\n", why.last->row.run.value);
    for (const auto& change : why.kernel_changes) text += "    " + line_of(change) + "\n";
  }
  return text;
}

ordered_json run_of(const std::optional<store::KernelRow>& kernel) {
  if (!kernel) return nullptr;
  return kernel->run.value;
}

ordered_json cell_record(const Why& why) {
  if (!why.cell) return nullptr;
  const auto& cell = *why.cell;
  ordered_json last = nullptr;
  if (why.last)
    last = {{"run", why.last->row.run.value},
            {"state", text_or_null(why.last->row.state)},
            {"bad", text_or_null(why.last->bad)},
            {"incidents", why.last->incidents},
            {"inputs", parsed_or_null(why.last->row.inputs)}};
  return {{"name", text_or_null(cell.name)},
          {"state", text_or_null(cell.state)},
          {"why", text_or_null(cell.why)},
          {"reused_run", number_or_null(cell.reused_run.value)},
          {"why_in_reused_run", text_or_null(why.made ? why.made->why : "")},
          {"inputs", parsed_or_null(cell.inputs)},
          {"last", std::move(last)}};
}

}  // namespace

std::string why_text(const Why& why) {
  return (why.cell ? cell_lines(why) : "") + kernel_lines(why);
}

ordered_json why_json(const Why& why) {
  const auto& kernel = why.kernel;
  auto changes = ordered_json::array();
  for (const auto& change : why.kernel_changes) changes.push_back(text_or_null(change));
  return {{"run", kernel.run.value},
          {"cell", cell_record(why)},
          {"kernel",
           {{"name", text_or_null(kernel.name)},
            {"state", text_or_null(kernel.state)},
            {"why", text_or_null(kernel.why)},
            {"built_in_run",
             kernel.state == "built" ? ordered_json(kernel.run.value) : run_of(why.built)},
            {"why_built", text_or_null(kernel.state == "built" ? kernel.why
                                       : why.built             ? why.built->why
                                                               : "")},
            {"changes_since_last_cell", std::move(changes)}}}};
}

}  // namespace kmatrix::report
