// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/selftests.h"

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>

#include "build/artefact.h"
#include "build/bpf_build.h"
#include "build/build_log.h"
#include "build/signature.h"
#include "build/toolchain.h"
#include "build/workplace.h"
#include "cache/memo_file.h"
#include "support/digest.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::build {

namespace fs = std::filesystem;
using nlohmann::json;
using support::infrastructure_error;

namespace {

/// What the Makefiles of selftests and of modules outside of the tree read.
std::vector<std::string> source_folders(const SelftestsInputs& inputs) {
  std::vector<std::string> folders{"include",     "arch/" + inputs.kernel.arch + "/include",
                                   "scripts",     "tools/bpf",
                                   "tools/build", "tools/include",
                                   "tools/lib",   "tools/scripts"};
  // Targets of kselftest share files with each other, and which do is written down nowhere.
  const bool bpf = inputs.suite.runner == spec::RunnerKind::test_progs;
  folders.emplace_back(bpf ? bpf_folder : "tools/testing/selftests");
  if (inputs.kernel.arch == "x86_64") folders[1] = "arch/x86/include";
  return folders;
}

/// Names of what is built, by the kernel it is built for: a memo that says which entry it is.
fs::path memo_of(const fs::path& cache, const plan::KernelKey& key, const spec::Suite& suite,
                 const support::Digest& content) {
  support::Hasher hasher;
  hasher.field("kmatrix selftests memo", std::to_string(plan::selftests_version));
  hasher.field("kernel", key.digest.hex);
  hasher.field("runner", to_string(suite.runner));
  for (const auto& target : suite.targets) hasher.field("target", target);
  if (!content.hex.empty()) hasher.field("content", content.hex);
  return cache / "recipes" / ("selftests-" + hasher.finish().hex);
}

/// Name of the entry; empty if it was never built.
std::string name_in(const fs::path& memo) {
  return std::string(support::trim(cache::read_memo(memo).text.value_or("")));
}

Status copy_tree(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks, failure);
  if (failure)
    return infrastructure_error("cannot copy " + from.string() + ": " + failure.message());
  return {};
}

/// A build folder of the kernel as far as modules outside of the tree need one.
Status fill_build_folder(const ArtefactFiles& artefact, const fs::path& build) {
  const std::array<std::pair<fs::path, const char*>, 3> files{
      {{artefact.config, ".config"},
       {artefact.vmlinux, "vmlinux"},
       {artefact.symvers, "Module.symvers"}}};
  std::error_code failure;
  for (const auto& [from, name] : files) {
    if (!fs::exists(from, failure)) continue;
    fs::copy_file(from, build / name, failure);
    if (failure)
      return infrastructure_error("cannot copy " + from.string() + ": " + failure.message());
    fs::permissions(build / name, fs::perms::owner_write, fs::perm_options::add, failure);
  }
  return {};
}

Status write_lists(const BpfBuild& job, const fs::path& into) {
  const auto tests = job.tests();
  if (!tests) return tests.error();
  KMATRIX_TRY(support::write_file(into / "tests", support::join(*tests, "\n") + "\n"));
  const json blocked(job.blocked());
  return support::write_file(into / "blocked.json",
                             blocked.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

Result<bool> make_bpf(BpfBuild::Inputs inputs, const Sandbox& sandbox, const fs::path& into,
                      std::string& failure) {
  BpfBuild job(std::move(inputs), sandbox);
  const auto made = job.run();
  failure = job.failure();
  if (!made || !*made) return made;
  KMATRIX_TRY(job.collect(into / "files"));
  KMATRIX_TRY(write_lists(job, into));
  return true;
}

/// Keeps the log of a build that failed, and takes the first error from it if none is known.
Status keep_failure(const fs::path& log, BuildFailure& failure) {
  const auto text = support::read_file(log);
  if (!text) return text.error();
  if (const auto cause = outside_cause(*text)) return infrastructure_error(*cause);
  if (failure.first_error.empty()) failure.first_error = first_error(*text);
  return support::write_file(failure.log, *text);
}

}  // namespace

Result<support::Digest> selftests_digest(const SelftestsInputs& inputs, const fs::path& source,
                                         const std::string& compiler) {
  support::Hasher hasher;
  hasher.field("kmatrix selftests", std::to_string(plan::selftests_version));
  hasher.field("runner", to_string(inputs.suite.runner));
  for (const auto& target : inputs.suite.targets) hasher.field("target", target);
  hasher.field("arch", inputs.kernel.arch);
  hasher.field("compiler", compiler);
  std::error_code failure;
  for (const auto& folder : source_folders(inputs)) {
    if (!fs::is_directory(source / folder, failure)) continue;
    const auto digest = support::digest_folder(source / folder);
    if (!digest) return digest;
    hasher.field(folder, digest->hex);
  }
  const auto btf = section_digest(inputs.artefact.vmlinux, ".BTF");
  if (!btf) return btf;
  hasher.field("btf", btf->hex);
  for (const auto& file : {inputs.artefact.config, inputs.artefact.symvers}) {
    if (!fs::exists(file, failure)) continue;
    const auto digest = support::digest_file(file);
    if (!digest) return digest;
    hasher.field(file.filename().string(), digest->hex);
  }
  return hasher.finish();
}

bool KernelBuilder::has_selftests(const plan::KernelKey& key, const spec::Suite& suite,
                                  const support::Digest& content) const {
  const auto name = name_in(memo_of(options_.cache, key, suite, content));
  return !name.empty() && fs::exists(entries_.place({"selftests", name}));
}

Result<SelftestsResult> KernelBuilder::selftests(const SelftestsInputs& inputs) {
  SelftestsResult result;
  const auto memo = memo_of(options_.cache, inputs.key, inputs.suite, inputs.content);
  std::string name = name_in(memo);
  if (name.empty()) {
    const auto source = inputs.source();
    if (!source) return source.error();
    const auto compiler = identify(inputs.toolchain);
    if (!compiler) return compiler.error();
    const auto digest = selftests_digest(inputs, *source, *compiler);
    if (!digest) return digest.error();
    name = digest->hex;
  }
  bool failed = false;
  cache::Making making;
  making.label = "selftests of " + inputs.kernel.name;
  making.depth = cache::Depth::read;
  making.make = [&](const fs::path& scratch, const fs::path& into) -> Status {
    const auto made = make_selftests(inputs, scratch, into, result.failure);
    if (!made) return support::with_context(made, "while building " + making.label).error();
    failed = !*made;
    return failed ? Status(infrastructure_error(result.failure.first_error)) : Status();
  };
  const auto found = entries_.get({"selftests", name}, making);
  if (failed) return result;
  if (!found) return found.error();
  KMATRIX_TRY(cache::write_memo(memo, name));
  result.folder = found->path;
  result.cached = !found->made;
  return result;
}

Result<bool> KernelBuilder::make_selftests(const SelftestsInputs& inputs, const fs::path& scratch,
                                           const fs::path& into, BuildFailure& failure) {
  const auto source = inputs.source();
  if (!source) return source.error();
  const auto copy = scratch / "selftests";
  std::map<std::string, fs::path> over;
  if (inputs.suite.runner == spec::RunnerKind::test_progs) {
    KMATRIX_TRY(copy_tree(*source / bpf_folder, copy));
    over[bpf_folder] = copy;
  }
  const auto place = prepare(*source, inputs.toolchain, scratch, over);
  if (!place) return place.error();
  KMATRIX_TRY(fill_build_folder(inputs.artefact, place->build));
  KMATRIX_TRY(support::make_folders(into));
  const auto log_path = into / "build.log";
  std::ofstream log(log_path, std::ios::binary);
  const std::function<void(std::string_view)> hear = [&](std::string_view piece) {
    log << piece << std::flush;
  };
  const auto made = make_selftests(inputs, *place, copy, hear, into, failure);
  if (!made) return made;
  log.close();
  if (!log) return infrastructure_error("cannot write " + log_path.string());
  if (*made) {
    KMATRIX_TRY(write_protect(into));
  } else {
    failure.log = options_.cache / "failures" / ("selftests-" + inputs.key.digest.hex + ".log");
    KMATRIX_TRY(keep_failure(log_path, failure));
  }
  return made;
}

Result<bool> KernelBuilder::make_selftests(const SelftestsInputs& inputs, const Workplace& place,
                                           const fs::path& copy,
                                           const std::function<void(std::string_view)>& log,
                                           const fs::path& into, BuildFailure& failure) const {
  const bool bpf = inputs.suite.runner == spec::RunnerKind::test_progs;
  auto argv = make_command(inputs.kernel.arch, inputs.toolchain);
  argv.insert(argv.end(), {"-j" + std::to_string(options_.jobs), "modules_prepare"});
  if (!bpf) argv.emplace_back("headers");
  const auto ready = place.sandbox.run(argv, {}, log);
  if (!ready) return ready.error();
  if (*ready != 0) return false;
  if (!bpf) return make_kselftest(inputs, place, log, into);
  return make_bpf({copy, place.build, inputs.kernel.arch, inputs.toolchain, options_.jobs,
                   inputs.on_progress, log},
                  place.sandbox, into, failure.first_error);
}

/// One make for all targets; a target of which nothing can be installed fails the build.
Result<bool> KernelBuilder::make_kselftest(const SelftestsInputs& inputs, const Workplace& place,
                                           const std::function<void(std::string_view)>& log,
                                           const fs::path& into) const {
  auto argv = selftests_command(inputs.kernel.arch, inputs.toolchain);
  argv.insert(argv.end(), {"-C", "/src/tools/testing/selftests", "O=/build",
                           "TARGETS=" + support::join(inputs.suite.targets, " "),
                           "KSFT_INSTALL_PATH=/build/kselftest-files", "FORCE_TARGETS=1",
                           "-j" + std::to_string(options_.jobs), "install"});
  log("+ " + support::join(argv, " ") + "\n");
  const auto code = place.sandbox.run(argv, {}, log);
  if (!code) return code.error();
  if (*code != 0) return false;
  std::error_code failed;
  fs::rename(place.build / "kselftest-files", into / "files", failed);
  if (failed)
    return infrastructure_error("cannot keep the selftests that were built: " + failed.message());
  KMATRIX_TRY(support::write_file(into / "files" / "blocked.json", "{}\n"));
  return true;
}

}  // namespace kmatrix::build
