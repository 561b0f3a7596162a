// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/bundle.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bundle/collect.h"
#include "bundle/slice.h"
#include "bundle/words.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/find_run.h"
#include "cli/rerun_plan.h"
#include "cli/selection.h"
#include "cli/stored_json.h"
#include "cli/workshop.h"
#include "run/prepare.h"
#include "run/sources.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

namespace fs = std::filesystem;

struct BundleOptions {
  std::string run, cell, case_name;
  fs::path out;
};

/// A cell with what it came to, and its experiment as it can be read now.
struct Subject {
  bundle::StoredCell stored;
  spec::Experiment experiment;
  plan::PlannedKernel kernel;
  plan::PlannedCell cell;
  std::string tests_description = {};  ///< of the tree that the suite's tests come from
};

Status check_state(const bundle::StoredCell& stored) {
  const auto& state = stored.cell.state;
  if (state == "done" || state == "unavailable" || state == "blocked") return {};
  return support::input_error(
      fmt::format("{} of run {} has no result to replay: it is {}", stored.cell.name,
                  stored.run.id.value, state),
      {},
      state == "infra_error" ? "`kmatrix rerun` tries it again" : "let its run come to its end");
}

Result<bundle::StoredCell> find_stored(const CommandLine& line, const BundleOptions& options) {
  auto store = store::Store::open_to_read(line.global.db);
  if (!store) return store.error();
  const auto run = find_run(*store, options.run);
  if (!run) return run.error();
  const auto cell = find_cell(*store, run->id, options.cell);
  if (!cell) return cell.error();
  const auto whole = report::read_run(*store, run->id);
  if (!whole) return whole.error();
  auto stored = bundle::cell_of(*whole, *cell, cell_parts_from(cell->inputs));
  KMATRIX_TRY(check_state(stored));
  if (options.case_name.empty()) return stored;
  std::vector<std::string> names;
  for (const auto& row : stored.cases) names.push_back(row.name);
  if (std::find(names.begin(), names.end(), options.case_name) != names.end()) return stored;
  return support::input_error("cell " + cell->name + " has no case '" + options.case_name + "'", {},
                              support::did_you_mean(options.case_name, names));
}

/// What of the kernel's inputs is no longer what the run had, in words.
std::string changes_since(const Subject& subject, const plan::RecipeInputs& now) {
  const auto& row = subject.stored.kernel;
  if (now.series.hex != row.series_digest)
    return "the patches of series '" + row.series + "' have changed since then";
  std::vector<std::string> changed;
  const auto before = requests_from(row.requests);
  for (const auto& each : now.symbols) {
    const auto same = [&](const StoredRequest& request) {
      return request.symbol == each.symbol && request.value == each.value;
    };
    if (std::none_of(before.begin(), before.end(), same)) changed.push_back(each.symbol);
  }
  const auto what = changed.empty() ? "" : " (" + support::join(changed, ", ") + ")";
  return "what its config is made of has changed since then" + what;
}

/// The experiment must still give the recipe that ran.
Status check_recipe(const Subject& subject) {
  const auto& row = subject.stored.kernel;
  const auto inputs = run::recipe_inputs(subject.experiment, subject.kernel,
                                         support::Digest{row.tree_digest}, row.compiler);
  if (plan::recipe_key(inputs).digest.hex == row.recipe_key) return {};
  return support::input_error(
      fmt::format("kernel {} of run {} can no longer be described: {}", row.name,
                  subject.stored.run.id.value, changes_since(subject, inputs)),
      {}, "put the files back as they were, or run it again and bundle that run");
}

/// The tree of the suite's tests must still be the one that ran: of it no version was recorded.
Status check_tests(const CommandLine& line, Subject& subject) {
  const auto& suite = *spec::find(subject.experiment.suites, subject.cell.suite);
  if (suite.tests_tree.empty()) return {};
  Workshop workshop(line.global, 1, say, line.stop);
  const auto tree =
      workshop.trees.identify(*spec::find(subject.experiment.trees, suite.tests_tree));
  if (!tree) return tree.error();
  subject.tests_description = tree->description;
  if (run::tests_digest(subject.experiment, *tree, suite).hex ==
      plan::values_called("tests", subject.stored.inputs))
    return {};
  return support::input_error(
      fmt::format("the tests of {} in run {} are no longer those of {}: it is {} now",
                  subject.cell.name, subject.stored.run.id.value, suite.tests_tree,
                  tree->description),
      {}, "run it again and bundle that run");
}

Result<Subject> find_subject(const CommandLine& line, bundle::StoredCell stored) {
  RunOptions options;
  KMATRIX_TRY(apply_selection(stored.run.selection, options));
  options.experiment.file = stored.run.experiment_file;
  auto read = read_experiment_text(line, stored.run.experiment_text, options.experiment);
  if (!read.errors.empty()) return read.errors.front();
  const auto cell =
      std::find_if(read.whole.cells.begin(), read.whole.cells.end(),
                   [&](const plan::PlannedCell& each) { return each.name == stored.cell.name; });
  if (cell == read.whole.cells.end())
    return support::input_error("the experiment no longer has the cell " + stored.cell.name);
  Subject subject{std::move(stored), std::move(read.experiment), read.whole.kernels[cell->kernel],
                  *cell};
  KMATRIX_TRY(check_recipe(subject));
  KMATRIX_TRY(check_tests(line, subject));
  return subject;
}

/// Reads the slice as a receiver will, and expects the very same kernel of it.
Status check_slice(const CommandLine& line, const Subject& subject, const bundle::Slice& slice) {
  auto folder = support::TempFolder::create(fs::temp_directory_path(), "kmatrix-bundle");
  if (!folder) return folder.error();
  for (const auto& [name, member] : slice.files) {
    KMATRIX_TRY(support::make_folders((folder->path() / name).parent_path()));
    KMATRIX_TRY(support::write_file(folder->path() / name, member.content));
  }
  // A tree that does not travel is a folder to be given.
  for (const auto& missing : slice.to_give) {
    const auto place = folder->path() / bundle::tree_place(missing.name);
    KMATRIX_TRY(support::make_folders(place.parent_path()));
    const auto* tree = spec::find(subject.experiment.trees, missing.name);
    KMATRIX_TRY(std::holds_alternative<spec::TarballOrigin>(tree->origin)
                    ? support::write_file(place, "")
                    : support::make_folders(place));
  }
  const auto read = read_experiment(line, {folder->path() / bundle::experiment_file, {}, {}, {}});
  if (!read.errors.empty()) return read.errors.front();
  const auto& row = subject.stored.kernel;
  if (read.matrix.cells.size() != 1 || read.matrix.cells.front().name != subject.cell.name)
    return support::infrastructure_error("internal: the bundle's experiment has other cells");
  const auto inputs = run::recipe_inputs(read.experiment, read.matrix.kernels.front(),
                                         support::Digest{row.tree_digest}, row.compiler);
  if (plan::recipe_key(inputs).digest.hex == row.recipe_key) return {};
  return support::infrastructure_error("internal: the bundle's experiment gives another kernel");
}

std::string read_me(const bundle::Manifest& manifest) {
  std::string missing;
  for (const auto& tree : manifest.to_give)
    missing +=
        fmt::format("\nThe tree '{}' is not in it ({}):\nit is given with --tree {}=ORIGIN.\n",
                    tree.name, tree.description, tree.name);
  return fmt::format(
      "{}\n\n"
      "A bundle of kmatrix: all that replays one cell of a kernel test matrix, but for the\n"
      "kernel's source and what is built from it.\n\n"
      "    kmatrix replay FILE          runs it again and says whether the outcome is the same\n"
      "    tar xf FILE                  unpacks it\n"
      "    kmatrix run experiment.yaml  runs the whole cell as an experiment of its own\n\n"
      "manifest.json says what was recorded, and the digest of every file.\n{}",
      bundle::title_of(manifest), missing);
}

void add_recipe(const CommandLine& line, const std::string& image, bundle::Bundle& bundle) {
  const auto name = "images/" + image + ".yaml";
  if (auto text = support::read_file(line.global.data / name); text && !image.empty())
    bundle.files[name].content = std::move(*text);
}

std::vector<bundle::Hidden> hidden_folders(const CommandLine& line, const Subject& subject) {
  const char* const home = std::getenv("HOME");
  return {{line.global.cache.string(), "CACHE"},
          {subject.stored.run.folder, "RUNS"},
          {line.global.data.string(), "KMATRIX"},
          {home == nullptr ? "" : home, "HOME"}};
}

Result<bundle::Bundle> make_bundle(const CommandLine& line, const Subject& subject,
                                   const std::string& case_name) {
  bundle::Bundle made;
  made.manifest = bundle::records_of(subject.stored);
  made.manifest.case_name = case_name;
  if (!case_name.empty())
    made.manifest.before = bundle::ran_before(subject.stored, case_name, belongs_to);
  auto slice = bundle::cut(subject.experiment, subject.kernel, subject.cell,
                           {subject.stored.kernel.tree_description, subject.stored.cell.accel,
                            bundle::title_of(made.manifest), subject.tests_description});
  if (!slice) return slice.error();
  KMATRIX_TRY(check_slice(line, subject, *slice));
  made.manifest.to_give = std::move(slice->to_give);
  made.files = std::move(slice->files);
  const auto* machine = spec::find(subject.experiment.machines, subject.cell.machine);
  const auto* config = spec::find(subject.experiment.configs, subject.kernel.config);
  add_recipe(line, machine->image, made);
  add_recipe(line, spec::find(subject.experiment.toolchains, config->toolchain)->image, made);
  bundle::add_evidence(subject.stored, hidden_folders(line, subject), made);
  made.files["README"].content = read_me(made.manifest);
  return made;
}

/// "run3-ftrace-direct.kmatrix", in the current folder.
fs::path default_name(const bundle::Manifest& manifest) {
  auto name = fmt::format("run{}-{}{}{}", manifest.run, manifest.cell.suite,
                          manifest.case_name.empty() ? "" : "-", manifest.case_name);
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || c == '+';
  };
  std::replace_if(
      name.begin(), name.end(), [&](char c) { return !is_plain(c); }, '-');
  return name.substr(0, 100) + ".kmatrix";
}

void tell(const CommandLine& line, const bundle::Bundle& bundle, const fs::path& file) {
  std::error_code unknown;
  const auto size = fs::file_size(file, unknown);
  const auto& manifest = bundle.manifest;
  if (line.global.json) {
    const nlohmann::ordered_json record{
        {"file", support::valid_utf8(file.string())},
        {"bytes", size},
        {"cell", support::valid_utf8(manifest.cell.name)},
        {"case", manifest.case_name.empty()
                     ? nlohmann::ordered_json()
                     : nlohmann::ordered_json(support::valid_utf8(manifest.case_name))},
        {"has_tree", manifest.to_give.empty()},
        {"files", bundle.files.size() + 1}};
    fmt::print("{}\n", record.dump(2));
    return;
  }
  fmt::print("{}\n", support::printable(file.string()));
  say(fmt::format("{} in {:.0f} KiB", bundle::title_of(manifest),
                  static_cast<double>(size) / 1024));
  for (const auto& tree : manifest.to_give)
    say(fmt::format("the tree {} ({}) is not in it: who replays it gives it with --tree {}=ORIGIN",
                    tree.name, tree.description, tree.name));
}

int make(const CommandLine& line, const BundleOptions& options) {
  auto stored = find_stored(line, options);
  if (!stored) return fail(stored.error());
  const auto subject = find_subject(line, std::move(*stored));
  if (!subject) return fail(subject.error());
  const auto made = make_bundle(line, *subject, options.case_name);
  if (!made) return fail(made.error());
  const auto file = options.out.empty() ? default_name(made->manifest) : options.out;
  if (const auto saved = bundle::save(*made, file); !saved) return fail(saved.error());
  tell(line, *made, file);
  return exit_good;
}

}  // namespace

void add_bundle(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<BundleOptions>();
  auto* command =
      add_command(app, line, "bundle", "Write one file with all that replays a cell elsewhere",
                  "kmatrix bundle latest ftrace-samples -o bug.kmatrix", options, make);
  command->add_option("RUN", options->run, "Number of the run, or latest")->required();
  command->add_option("CELL", options->cell, "Name of the cell, or a part that only it has")
      ->required();
  command->add_option("CASE", options->case_name, "The case that it is about (default: all)");
  command
      ->add_option("-o,--out", options->out, "File to write (default: runRUN-SUITE-CASE.kmatrix)")
      ->type_name("FILE");
  add_json(command, line);
}

}  // namespace kmatrix::cli
