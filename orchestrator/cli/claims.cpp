// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/evaluate.h"
#include "cli/exit_code.h"
#include "cli/find_run.h"
#include "cli/selection.h"
#include "report/claims.h"
#include "report/words.h"

namespace kmatrix::cli {

namespace {

struct ClaimsOptions {
  std::string run;
  std::filesystem::path experiment;
};

/// The experiment as the run had it, or the file as it is now.
Result<ReadExperiment> experiment_of(const CommandLine& line, const store::RunRow& run,
                                     const std::filesystem::path& file) {
  RunOptions options;
  if (file.empty()) KMATRIX_TRY(apply_selection(run.selection, options));
  options.experiment.only.clear();
  options.experiment.file = file.empty() ? std::filesystem::path(run.experiment_file) : file;
  auto read = file.empty() ? read_experiment_text(line, run.experiment_text, options.experiment)
                           : read_experiment(line, options.experiment);
  if (read.errors.empty()) return read;
  auto error = read.errors.front();
  if (file.empty())
    error.context.push_back(
        fmt::format("while reading again what run {} was made from", run.id.value));
  return error;
}

/// Holds the claims of the experiment against the run, with what the cache has now.
Result<std::vector<store::ClaimRow>> evaluated(const CommandLine& line,
                                               const report::StoredRun& stored,
                                               const std::filesystem::path& file) {
  const auto read = experiment_of(line, stored.run, file);
  if (!read) return read.error();
  if (read->experiment.claims.empty())
    return support::input_error(
        fmt::format("run {} ({}) makes no claims", stored.run.id.value, stored.run.experiment), {},
        "write them under `claims:` in its file, and `kmatrix claims RUN --experiment FILE` holds "
        "them against the run (docs/claims.md)");
  Workshop workshop(line.global, 1, say, line.stop);
  return evaluate_claims(*read, stored, attribute(stored, read->experiment.reruns.confidence),
                         workshop);
}

/// What the run concluded when it ended counts for good: the cache and the files that its
/// experiment names may be gone by now.
Result<std::vector<store::ClaimRow>> claims_of(const CommandLine& line,
                                               const report::StoredRun& stored,
                                               const std::filesystem::path& file) {
  if (stored.run.rerun_of.value > 0)
    return support::input_error(
        fmt::format("run {} repeats a part of run {}, which is too little for claims",
                    stored.run.id.value, stored.run.rerun_of.value),
        {}, fmt::format("kmatrix claims {}", stored.run.rerun_of.value));
  if (file.empty() && stored.run.state == "done" && !stored.claims.empty()) return stored.claims;
  return evaluated(line, stored, file);
}

int claims(const CommandLine& line, const ClaimsOptions& options) {
  const auto stored = stored_run(line.global, options.run);
  if (!stored) return fail(stored.error());
  const auto rows = claims_of(line, *stored, options.experiment);
  if (!rows) return fail(rows.error());
  if (line.global.json) {
    auto document = report::claims_json(*rows);
    document["run"] = report::run_record(stored->run);
    fmt::print("{}\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print("run {} ({}), {}\n\n{}", stored->run.id.value,
               report::line_of(stored->run.experiment), report::claims_line(*rows),
               report::claims_text(*rows, line.global.colour));
  }
  return report::all_hold(*rows) ? exit_good : exit_tests_failed;
}

}  // namespace

void add_claims(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<ClaimsOptions>();
  auto* command =
      add_command(app, line, "claims", "Say which promises of the experiment hold in a run",
                  "kmatrix claims 3", options, claims);
  add_run_name(command, options->run);
  command
      ->add_option("--experiment", options->experiment,
                   "Hold the claims of this file against the run (default: what the run concluded)")
      ->type_name("FILE");
  add_json(command, line);
}

}  // namespace kmatrix::cli
