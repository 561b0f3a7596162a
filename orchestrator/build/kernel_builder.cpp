// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/kernel_builder.h"

#include <thread>

#include "build/artefact.h"
#include "build/kernel_build.h"
#include "build/toolchain.h"
#include "build/workplace.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::build {

namespace fs = std::filesystem;

KernelBuilder::KernelBuilder(Options options, support::ProcessRunner& runner, std::stop_token stop)
    : options_(std::move(options)),
      runner_(runner),
      stop_(std::move(stop)),
      entries_(options_.cache, options_.say, stop_) {
  if (options_.jobs <= 0)
    options_.jobs = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

Result<const KernelBuilder::Known*> KernelBuilder::know(const spec::Toolchain& toolchain,
                                                        bool make) {
  const std::string name = toolchain.image + " " + toolchain_tools(toolchain).front().program;
  const std::scoped_lock held(known_mutex_);
  if (const auto known = known_.find(name); known != known_.end()) return &known->second;
  Known known;
  if (!toolchain.image.empty()) {
    auto system = options_.systems(toolchain, make);
    if (!system) return system.error();
    if (!*system) return nullptr;
    known.system = std::move(**system);
  }
  auto identity = identify_toolchain(toolchain, known.system, runner_, stop_);
  if (!identity) return identity.error();
  known.identity = std::move(*identity);
  return &known_.emplace(name, std::move(known)).first->second;
}

Result<std::string> KernelBuilder::identify(const spec::Toolchain& toolchain) {
  const auto known = know(toolchain, true);
  if (!known) return known.error();
  return (*known)->identity;
}

Result<std::optional<std::string>> KernelBuilder::identify_cheaply(
    const spec::Toolchain& toolchain) {
  const auto known = know(toolchain, false);
  if (!known) return known.error();
  if (*known == nullptr) return std::optional<std::string>();
  return std::optional((*known)->identity);
}

Result<KernelBuilder::Workplace> KernelBuilder::prepare(
    const fs::path& source, const spec::Toolchain& toolchain, const fs::path& folder,
    const std::map<std::string, fs::path>& over) {
  const auto known = know(toolchain, true);
  if (!known) return known.error();
  const auto& [system, identity] = **known;
  auto absent = missing(build_tools(), system);
  if (!system.is_host() && !absent.empty()) return absent_error(toolchain, absent.front());
  if (absent.empty()) absent = missing({{"bwrap", "bubblewrap"}});
  if (!absent.empty())
    return support::infrastructure_error("this machine has no " + absent.front().program,
                                         "apt-get install " + absent.front().package);
  const fs::path build = folder / "build";
  KMATRIX_TRY(support::make_folders(build));
  Sandbox sandbox(system, {source, build, options_.cache / "ccache", over}, identity, runner_,
                  stop_);
  return Workplace{build, std::move(sandbox)};
}

Result<BuildResult> KernelBuilder::build(const plan::KernelKey& key, const SourceFolder& source,
                                         const plan::PlannedKernel& kernel,
                                         const std::string& config_text,
                                         const spec::Toolchain& toolchain,
                                         const std::function<void(BuildProgress)>& on_progress) {
  BuildResult result;
  bool failed = false;
  cache::Making making;
  making.label = kernel.name;
  making.depth = cache::Depth::read;
  making.adopt = complete_artefact;
  if (options_.objects) making.lacks = lacks_objects;
  making.make = [&](const fs::path& scratch, const fs::path& artefact) -> Status {
    const auto folder = source();
    if (!folder) return folder.error();
    const auto place = prepare(*folder, toolchain, scratch);
    if (!place) return place.error();
    KernelBuild job({options_.cache, scratch, place->build, artefact, key, kernel, config_text,
                     toolchain, options_.jobs, on_progress},
                    place->sandbox);
    auto failure = job.run();
    if (!failure)
      return support::with_context(std::move(failure), "while building " + kernel.name).error();
    if (!*failure) return {};
    failed = true;
    result.failure = std::move(**failure);
    return support::infrastructure_error(result.failure.first_error);
  };
  const auto found = entries_.get({"kernels", key.digest.hex}, making);
  if (failed) return result;
  if (!found) return found.error();
  result.artefact = files_below(found->path);
  result.cached = !found->made;
  result.damage = found->damage;
  return result;
}

}  // namespace kmatrix::build
