// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "build/toolchain.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/first_experiment.h"
#include "source/git_survey.h"
#include "support/process.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

namespace fs = std::filesystem;

struct InitOptions {
  fs::path repository = ".";
  std::string range;
  fs::path file = "kmatrix.yaml";
};

/// The newest clang that is there with all its tools, else GCC for arm64.
FirstToolchain toolchain_here() {
  constexpr int newest = 25, oldest = 15;
  const auto is_here = [](const spec::Toolchain& toolchain) {
    return build::missing(build::toolchain_tools(toolchain)).empty();
  };
  spec::Toolchain llvm{"clang", spec::CompilerKind::llvm};
  for (int version = newest; version >= oldest; --version) {
    llvm.version = std::to_string(version);
    if (is_here(llvm)) return {"clang-" + llvm.version, "{llvm: " + llvm.version + "}", true};
  }
  llvm.version.clear();
  if (is_here(llvm)) return {"clang", "{llvm: true}", true};
  const spec::Toolchain gcc{"gcc", spec::CompilerKind::gcc, "", "aarch64-linux-gnu-"};
  return {"gcc", "{gcc: true, cross: aarch64-linux-gnu-}", is_here(gcc)};
}

/// Writes a file that must not be there yet.
Status write_new(const fs::path& file, const std::string& text) {
  const auto failed = [&](int number) {
    return support::input_error(
        fmt::format("cannot write {}: {}", file.string(), std::generic_category().message(number)));
  };
  std::FILE* const out = std::fopen(file.c_str(), "wx");
  if (out == nullptr && errno == EEXIST)
    return support::input_error(file.string() + " exists already", {},
                                "name another file: kmatrix init FILE");
  if (out == nullptr) return failed(errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
  const int number = errno;
  if (std::fclose(out) == 0 && written) return {};
  return failed(number);
}

int init(const CommandLine& line, const InitOptions& options) {
  support::BoostProcessRunner runner;
  const auto survey =
      source::survey(options.repository, options.range,
                     {options.range.empty() ? "--git" : "--range", 0, 0}, {runner, line.stop});
  if (!survey) return fail(survey.error());
  const auto toolchain = toolchain_here();
  std::error_code failure;
  const auto folder = fs::weakly_canonical(fs::absolute(options.file).parent_path(), failure);
  const auto text = first_experiment(*survey, toolchain, folder, options.file.filename().string());
  if (auto written = write_new(options.file, text); !written) return fail(written.error());
  ExperimentOptions experiment;
  experiment.file = options.file;
  const auto read = read_experiment(line, experiment);
  if (!read.errors.empty()) return fail(read.errors);
  fmt::print("{}: {} on {}: {} kernels, {} cells\n", options.file.string(),
             support::printable(survey->tip), survey->base_name, read.matrix.kernels.size(),
             read.matrix.cells.size());
  if (!toolchain.is_here)
    fmt::print(stderr,
               "kmatrix: there is no compiler for it yet: apt-get install clang lld llvm\n");
  fmt::print(stderr, "next: kmatrix run {}\n", options.file.string());
  return exit_good;
}

}  // namespace

void add_init(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<InitOptions>();
  auto* command =
      add_command(app, line, "init", "Write an experiment for commits of your own repository",
                  "kmatrix init --git ~/linux --range v6.12..my-branch mine.yaml", options, init);
  command->add_option("FILE", options->file, "File to write; must not exist")
      ->capture_default_str();
  command->add_option("--git", options->repository, "Repository")->capture_default_str();
  command->add_option("--range", options->range,
                      "FROM..TO (default: what HEAD has that its upstream branch has not, or else "
                      "the last tag)");
}

}  // namespace kmatrix::cli
