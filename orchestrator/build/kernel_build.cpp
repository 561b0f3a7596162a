// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/kernel_build.h"

#include <chrono>

#include "build/dot_config.h"
#include "build/object_counts.h"
#include "build/objects.h"
#include "build/toolchain.h"
#include "support/clock.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::build {

namespace fs = std::filesystem;
using support::infrastructure_error;

KernelBuild::KernelBuild(Inputs inputs, const Sandbox& sandbox)
    : inputs_(std::move(inputs)),
      sandbox_(sandbox),
      log_path_(inputs_.folder / "build.log"),
      log_(log_path_, std::ios::binary) {}

Result<std::optional<BuildFailure>> KernelBuild::run() {
  const auto begin = std::chrono::steady_clock::now();
  progress_.expected = ObjectCounts(inputs_.cache).expected(inputs_.kernel, inputs_.config_text);
  if (inputs_.on_progress) inputs_.on_progress(progress_);
  KMATRIX_TRY(support::write_file(inputs_.build / ".config", inputs_.config_text));
  const auto made = make_all();
  if (!made) return made.error();
  KMATRIX_TRY(check_log());
  if (!*made) return failure();
  KMATRIX_TRY(check_config());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  KMATRIX_TRY(success(took.count()));
  return std::optional<BuildFailure>();
}

Result<bool> KernelBuild::make_all() {
  const bool modules = DotConfig(inputs_.config_text).is("MODULES", "y");
  std::vector<std::string> goals{"-j" + std::to_string(inputs_.jobs),
                                 image_target(inputs_.kernel.arch).target};
  if (modules) goals.emplace_back("modules");
  auto made = make(goals);
  if (!made || !*made || !modules) return made;
  return make({"INSTALL_MOD_PATH=/build/out", "INSTALL_MOD_STRIP=1", "modules_install"});
}

Result<bool> KernelBuild::make(const std::vector<std::string>& goals) {
  auto argv = make_command(inputs_.kernel.arch, inputs_.toolchain);
  argv.insert(argv.end(), goals.begin(), goals.end());
  log_ << "+ " << support::join(argv, " ") << '\n';
  const auto code = sandbox_.run(argv, {}, [this](std::string_view piece) { hear(piece); });
  if (!code) return code.error();
  return *code == 0;
}

void KernelBuild::hear(std::string_view piece) {
  // At once, so that one can watch it.
  log_ << piece << std::flush;
  counter_.feed(piece);
  if (counter_.count() == progress_.done) return;
  progress_.done = counter_.count();
  if (inputs_.on_progress) inputs_.on_progress(progress_);
}

Status KernelBuild::check_log() {
  log_.close();
  if (!log_) return infrastructure_error("cannot write " + log_path_.string());
  return {};
}

/// An entry whose key says one .config and whose kernel was made of another would poison the cache.
Status KernelBuild::check_config() {
  const auto after = support::read_file(inputs_.build / ".config");
  if (!after) return after.error();
  if (*after == inputs_.config_text) return {};
  const auto before_lines = support::split_lines(inputs_.config_text);
  const auto after_lines = support::split_lines(*after);
  std::size_t i = 0;
  while (i < before_lines.size() && i < after_lines.size() && before_lines[i] == after_lines[i])
    ++i;
  return infrastructure_error(
      "the .config of " + inputs_.kernel.name + " changed while it was built, at '" +
          (i < after_lines.size() ? after_lines[i] : std::string("its end")) + "'",
      "a program that Kconfig asks for its version was changed: remove the recipes folder in " +
          inputs_.cache.string());
}

Result<std::optional<BuildFailure>> KernelBuild::failure() {
  const auto log = support::read_file(log_path_);
  if (!log) return log.error();
  if (const auto cause = outside_cause(*log)) return infrastructure_error(*cause);
  BuildFailure failure;
  failure.first_error = first_error(*log);
  failure.log = inputs_.cache / "failures" / (inputs_.key.digest.hex + ".log");
  KMATRIX_TRY(support::write_file(failure.log, *log));
  return std::optional(std::move(failure));
}

Status KernelBuild::success(double seconds) {
  const auto release = support::read_file(inputs_.build / "include/config/kernel.release");
  if (!release) return release.error();
  KMATRIX_TRY(collect(inputs_.build, inputs_.artefact, inputs_.kernel.arch, inputs_.config_text));
  const auto files = files_below(inputs_.artefact);
  KMATRIX_TRY(keep_objects(inputs_.build, files));
  BuildRecord record;
  record.key = inputs_.key.digest.hex;
  record.kernel = inputs_.kernel.name;
  record.tree = inputs_.kernel.tree;
  record.series = inputs_.kernel.series;
  record.config = inputs_.kernel.config;
  record.arch = inputs_.kernel.arch;
  record.toolchain = inputs_.toolchain.name;
  record.finished_at = support::iso_time(support::SystemClock().wall());
  record.info.release = support::trim(*release);
  record.info.compiler = DotConfig(inputs_.config_text).value_of("CC_VERSION_TEXT");
  std::erase(record.info.compiler, '"');
  record.info.objects = counter_.count();
  record.info.seconds = seconds;
  record.info.unreproducible = unreproducible_because(DotConfig(inputs_.config_text));
  KMATRIX_TRY(sign(files, record));
  KMATRIX_TRY(support::write_file(files.info, to_json(record)));
  std::error_code failed;
  fs::rename(log_path_, files.log, failed);
  if (failed) return infrastructure_error("cannot keep the build's log: " + failed.message());
  KMATRIX_TRY(write_protect(inputs_.artefact));
  return support::remove_tree(inputs_.cache / "failures" / (record.key + ".log"));
}

}  // namespace kmatrix::build
