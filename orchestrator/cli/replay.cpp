// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bundle/bundle.h"
#include "bundle/collect.h"
#include "bundle/sameness.h"
#include "bundle/slice.h"
#include "bundle/words.h"
#include "cli/commands.h"
#include "cli/execute.h"
#include "cli/exit_code.h"
#include "cli/rerun_plan.h"
#include "cli/stored_json.h"
#include "cli/workshop.h"
#include "run/sources.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

namespace fs = std::filesystem;

struct ReplayOptions {
  fs::path file;
  std::vector<std::string> trees;
  bool any_tree = false, alone = false;
  int times = 1, jobs = 0;
};

/// Beside the database, as runs are: a replay can be resumed, looked into and bundled again.
fs::path bundle_folder(const fs::path& db, const support::Digest& digest) {
  fs::path folder = fs::absolute(db);
  folder.replace_extension(".bundles");
  return folder / digest.hex.substr(0, 16);
}

bool is_given(const ReplayOptions& options, const std::string& tree) {
  return std::any_of(options.trees.begin(), options.trees.end(),
                     [&](const std::string& each) { return each.starts_with(tree + "="); });
}

/// Another tree than the one that ran.
Status refuse_or_say(const std::string& words, const ReplayOptions& options) {
  if (!options.any_tree)
    return support::input_error(
        words, {},
        "a git revision, an archive and a folder are only the same if they are of the same kind; "
        "--any-tree replays on it nevertheless");
  say(words);
  return {};
}

/// A tree that is not in the bundle must have been given, or put where its experiment has it.
Status check_given(const bundle::Manifest& manifest, const ReplayOptions& options,
                   const fs::path& folder) {
  for (const auto& tree : manifest.to_give) {
    std::error_code missing;
    if (is_given(options, tree.name) || fs::exists(folder / bundle::tree_place(tree.name), missing))
      continue;
    return support::input_error(
        fmt::format("the bundle does not have the tree {}: {}", tree.name, tree.description), {},
        fmt::format("give it with --tree {}=ORIGIN: a folder, REPOSITORY@REVISION or an archive "
                    "with that content",
                    tree.name));
  }
  return {};
}

/// The content of the trees, before anything is made of them.
Status check_trees(const CommandLine& line, const bundle::Manifest& manifest,
                   const ReplayOptions& options, const ReadExperiment& read) {
  Workshop workshop(line.global, 1, say, line.stop);
  const auto* tree = spec::find(read.experiment.trees, manifest.kernel.tree);
  if (tree == nullptr) return support::input_error("the bundle's experiment lacks its tree");
  const auto identity = workshop.trees.identify(*tree);
  if (!identity) return identity.error();
  if (identity->digest.hex != manifest.kernel.tree_digest)
    KMATRIX_TRY(refuse_or_say(
        fmt::format("tree {} is not the one that ran: that was {}, and this is {}", tree->name,
                    manifest.kernel.tree_description, identity->description),
        options));
  const auto* suite = spec::find(read.experiment.suites, manifest.cell.suite);
  if (suite == nullptr || suite->tests_tree.empty()) return {};
  const auto tests = workshop.trees.identify(*spec::find(read.experiment.trees, suite->tests_tree));
  if (!tests) return tests.error();
  if (run::tests_digest(read.experiment, *tests, *suite).hex ==
      plan::values_called("tests", manifest.cell.inputs))
    return {};
  return refuse_or_say(fmt::format("the tests of tree {} are not those that ran: this is {}",
                                   suite->tests_tree, tests->description),
                       options);
}

Status check_cell(const bundle::Manifest& manifest, const ReadExperiment& read) {
  const auto is_asked = [&](const bundle::CaseRecord& each) {
    return each.name == manifest.case_name;
  };
  const bool has_case = manifest.case_name.empty() ||
                        std::any_of(manifest.cases.begin(), manifest.cases.end(), is_asked);
  if (has_case && read.matrix.cells.size() == 1 &&
      read.matrix.cells.front().name == manifest.cell.name)
    return {};
  return support::input_error("the bundle's experiment and its manifest are about different things",
                              {}, "it was damaged or changed; ask for it again");
}

Replay what_runs(const bundle::Loaded& loaded, const ReplayOptions& options) {
  const auto& manifest = loaded.bundle.manifest;
  Replay replay;
  replay.bundle = loaded.digest.hex;
  replay.of = bundle::title_of(manifest);
  replay.times = options.times;
  if (manifest.case_name.empty()) return replay;
  std::vector<std::string> names, chosen{manifest.case_name};
  for (const auto& each : manifest.cases) names.push_back(each.name);
  if (!options.alone) chosen.insert(chosen.end(), manifest.before.begin(), manifest.before.end());
  replay.skip = not_chosen(names, chosen);
  if (chosen.size() > 1)
    say(fmt::format(
        "{} case{} that ran before it on its machine run{} first; --alone leaves {} out",
        chosen.size() - 1, chosen.size() == 2 ? "" : "s", chosen.size() == 2 ? "s" : "",
        chosen.size() == 2 ? "it" : "them"));
  return replay;
}

/// What came of it, beside what was recorded.
int tell(const CommandLine& line, const bundle::Bundle& recorded, const store::Store& store,
         store::RunId run) {
  const auto whole = report::read_run(store, run);
  if (!whole) return fail(whole.error());
  const auto& cell = whole->cells.front();
  const auto stored = bundle::cell_of(*whole, cell, cell_parts_from(cell.inputs));
  const auto now = bundle::records_of(stored);
  const auto config = recorded.files.find("config");
  const std::string no_config;
  const auto& case_name = recorded.manifest.case_name;
  const auto asked = [&](const std::string& name) {
    return case_name.empty() || belongs_to(name, case_name);
  };
  const auto sameness = bundle::compare(
      {recorded.manifest, config == recorded.files.end() ? no_config : config->second.content},
      {now, stored.kernel.config_text}, asked);
  if (line.global.json)
    fmt::print("{}\n", bundle::sameness_json(recorded.manifest, sameness, run.value).dump(2));
  else
    fmt::print("{}",
               bundle::sameness_text(recorded.manifest, sameness, run.value, line.global.colour));
  if (sameness.infrastructure) return exit_infrastructure;
  return sameness.same ? exit_good : exit_tests_failed;
}

int replay(const CommandLine& line, const ReplayOptions& options) {
  const auto loaded = bundle::load(options.file);
  if (!loaded) return fail(loaded.error());
  const auto& manifest = loaded->bundle.manifest;
  const auto folder = bundle_folder(line.global.db, loaded->digest);
  if (const auto given = check_given(manifest, options, folder); !given) return fail(given.error());
  if (const auto unpacked = bundle::unpack(*loaded, folder); !unpacked)
    return fail(unpacked.error());
  RunOptions how;
  how.experiment = {folder / bundle::experiment_file, {}, options.trees, {}};
  how.jobs = options.jobs;
  how.again = true;
  how.replay = what_runs(*loaded, options);
  const auto read = read_experiment(line, how.experiment);
  if (!read.errors.empty()) return fail(read.errors);
  if (const auto good = check_cell(manifest, read); !good) return fail(good.error());
  if (const auto good = check_trees(line, manifest, options, read); !good)
    return fail(good.error());
  auto store = store::Store::open(line.global.db);
  if (!store) return fail(store.error());
  Screen screen(stderr, can_draw());
  return execute(
      line, how, read, *store, screen, std::nullopt,
      [&](store::RunId run, support::Seconds) { return tell(line, loaded->bundle, *store, run); });
}

}  // namespace

void add_replay(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<ReplayOptions>();
  auto* command = add_command(app, line, "replay",
                              "Run a bundle again, and say whether the outcome is the same",
                              "kmatrix replay bug.kmatrix --times 10", options, replay);
  command->add_option("FILE", options->file, "A file that `kmatrix bundle` wrote")->required();
  command->add_option("--tree", options->trees,
                      "NAME=ORIGIN in place of the bundle's: a folder, REPOSITORY@REVISION, an "
                      "archive or a Debian package");
  command->add_flag("--any-tree", options->any_tree,
                    "Replay even if the tree is not the one that ran");
  command->add_flag("--alone", options->alone,
                    "Run the case without those that ran before it on its machine");
  command->add_option("--times", options->times, "How often to run it")
      ->check(CLI::Range(1, 10'000));
  command->add_option("-j,--jobs", options->jobs, "make -j, if the kernel must be built")
      ->check(CLI::Range(1, 4096));
  add_json(command, line);
}

}  // namespace kmatrix::cli
