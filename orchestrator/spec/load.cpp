// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/load.h"

#include <fmt/format.h>

#include "spec/document.h"
#include "spec/files.h"
#include "spec/overrides.h"
#include "spec/sections.h"
#include "spec/test_sources.h"
#include "support/digest.h"

namespace kmatrix::spec {

namespace {

constexpr std::size_t longest_experiment = 1 << 20;
constexpr const char* format = "1";

/// Says which format the file has. Another format than ours has other keys, so nothing more is said
/// about such a file.
bool check_format(const YamlNode& root, Problems& problems) {
  const auto* node = root.find("kmatrix");
  if (node != nullptr && node->kind == NodeKind::scalar && node->text == format) return true;
  if (node == nullptr)
    problems.add(root.at, "this is no experiment: the line 'kmatrix: 1' is missing",
                 "it says which format the file has");
  else
    report_type({node, "kmatrix"}, "the format number 1", problems,
                "this kmatrix knows no other format");
  return node == nullptr;
}

void read_sections(const YamlNode& root, Reading reading, Experiment& experiment) {
  const Fields fields(root, "the experiment", keys::experiment, reading.problems);
  const auto name = fields.required("name");
  if (const auto text = read_text(name, "a name", reading.problems)) {
    check_name(*text, name.node->at, "an experiment", reading.problems);
    experiment.name = *text;
  }
  experiment.description =
      read_text(fields.optional("description"), "a text", reading.problems).value_or("");
  experiment.trees = read_trees(fields.required("trees").node, reading);
  experiment.series = read_series(fields.optional("series").node, reading);
  experiment.toolchains = read_toolchains(fields.required("toolchains").node, reading);
  experiment.configs = read_configs(fields.required("configs").node, reading);
  experiment.machines = read_machines(fields.required("machines").node, reading);
  experiment.suites = read_suites(fields.required("suites").node, reading);
  read_axes(fields.optional("axes").node, reading, experiment);
  experiment.expect = read_expectations(fields.optional("expect").node, reading);
  experiment.ignore = read_ignores(fields.optional("ignore").node, reading);
  experiment.claims = read_claims(fields.optional("claims").node, reading);
  experiment.reruns = read_reruns(fields.optional("reruns").node, reading);
  resolve_test_sources(experiment, reading.problems);
}

void parse_experiment(Experiment& experiment, const LoadOptions& options, Problems& problems) {
  const auto file = experiment.file.string();
  experiment.digest = support::digest_of(experiment.text);
  auto root = parse_document(experiment.text, file, problems);
  if (!root) return;
  if (root->kind != NodeKind::map) {
    const YamlNode whole{.kind = root->kind, .text = root->text, .at = {file, 1, 1}};
    return report_type({&whole, "the experiment"}, "a mapping that begins with 'kmatrix: 1'",
                       problems);
  }
  if (!check_format(*root, problems)) return;
  experiment.overrides = apply_overrides(*root, options.overrides, problems);
  read_sections(
      *root,
      {experiment.file.parent_path(), names_of(*root), problems, options.shipped, options.git},
      experiment);
}

}  // namespace

Loaded load(const std::filesystem::path& file, const LoadOptions& options) {
  auto text = read_input(file, "experiment", longest_experiment, {file.string(), 0, 0});
  if (text) return load_text(std::move(*text), file, options);
  Loaded loaded;
  loaded.experiment.file = file;
  loaded.errors.push_back(std::move(text).error());
  return loaded;
}

Loaded load_text(std::string text, const std::filesystem::path& file, const LoadOptions& options) {
  Problems problems;
  Loaded loaded;
  loaded.experiment.file = file;
  loaded.experiment.text = std::move(text);
  try {
    parse_experiment(loaded.experiment, options, problems);
  } catch (const std::exception& error) {
    problems.add({file.string(), 0, 0}, std::string("cannot read the file: ") + error.what());
  }
  loaded.errors = problems.take(file.string());
  return loaded;
}

}  // namespace kmatrix::spec
