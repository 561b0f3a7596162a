// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/experiment_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "plan/select.h"
#include "source/git_sources.h"
#include "spec/load.h"
#include "support/file.h"
#include "support/process.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

Result<std::vector<spec::SymbolRequest>> read_fragment(const std::filesystem::path& file) {
  auto text = support::read_file(file);
  if (!text) return text.error();
  return spec::parse_fragment(*text, file.string());
}

Result<plan::PlatformSymbols> platform(const std::filesystem::path& data, const std::string& arch) {
  const auto folder = data / "images/config" / arch;
  auto machine = read_fragment(folder / "machine.config");
  if (!machine) return machine.error();
  auto image = read_fragment(folder / "image.config");
  if (!image) return image.error();
  return plan::PlatformSymbols{arch, *machine, *image};
}

spec::LoadOptions load_options(const CommandLine& line, const ExperimentOptions& options) {
  spec::LoadOptions how;
  how.shipped = line.global.data / "matrices";
  for (const auto& text : options.trees) how.overrides.push_back({spec::Override::tree, text});
  for (const auto& text : options.series) how.overrides.push_back({spec::Override::series, text});
  return how;
}

ReadExperiment expanded(spec::Loaded loaded, const CommandLine& line,
                        const ExperimentOptions& options) {
  ReadExperiment read;
  read.experiment = std::move(loaded.experiment);
  read.errors = std::move(loaded.errors);
  if (!read.errors.empty()) return read;
  std::vector<plan::PlatformSymbols> platforms;
  for (const auto& machine : read.experiment.machines) {
    auto symbols = platform(line.global.data, machine.arch);
    if (!symbols) {
      read.errors.push_back(symbols.error());
      return read;
    }
    platforms.push_back(*symbols);
  }
  auto whole = plan::expand(read.experiment, platforms);
  read.whole = std::move(whole.matrix);
  read.errors = std::move(whole.errors);
  if (!read.errors.empty()) return read;
  auto selected = plan::select_cells(read.experiment, read.whole, options.only);
  if (!selected) {
    read.errors.push_back(selected.error());
  } else {
    read.matrix = std::move(*selected);
  }
  return read;
}

}  // namespace

void say(const std::string& text) {
  const bool live = isatty(STDERR_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  fmt::print(stderr, "{}==> {}\n", live ? "\r\x1b[K" : "", support::printable(text));
}

ReadExperiment read_experiment(const CommandLine& line, const ExperimentOptions& options,
                               bool refresh) {
  support::BoostProcessRunner runner;
  source::GitSources git(line.global.cache, runner, say, line.stop, refresh);
  auto how = load_options(line, options);
  how.git = &git;
  return expanded(spec::load(options.file, how), line, options);
}

ReadExperiment read_experiment_text(const CommandLine& line, const std::string& text,
                                    const ExperimentOptions& options) {
  support::BoostProcessRunner runner;
  source::GitSources git(line.global.cache, runner, say, line.stop, false);
  auto how = load_options(line, options);
  how.git = &git;
  return expanded(spec::load_text(text, options.file, how), line, options);
}

}  // namespace kmatrix::cli
