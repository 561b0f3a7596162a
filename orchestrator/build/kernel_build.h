// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "build/artefact.h"
#include "build/build_log.h"
#include "build/kernel_builder.h"
#include "build/sandbox.h"

namespace kmatrix::build {

/// One build from a .config to an artefact that can enter the cache.
class KernelBuild {
 public:
  struct Inputs {
    std::filesystem::path cache;
    std::filesystem::path folder;    ///< ours, on the cache's file system
    std::filesystem::path build;     ///< /build of the sandbox
    std::filesystem::path artefact;  ///< to make
    plan::KernelKey key;
    const plan::PlannedKernel& kernel;
    const std::string& config_text;
    const spec::Toolchain& toolchain;
    int jobs;
    const std::function<void(BuildProgress)>& on_progress;
  };
  KernelBuild(Inputs inputs, const Sandbox& sandbox);
  /// How the build failed, or none if the artefact is there.
  Result<std::optional<BuildFailure>> run();

 private:
  /// make with these goals; false if it failed.
  Result<bool> make(const std::vector<std::string>& goals);
  Result<bool> make_all();
  void hear(std::string_view piece);
  Status check_log();
  Status check_config();
  Result<std::optional<BuildFailure>> failure();
  Status success(double seconds);

  Inputs inputs_;
  const Sandbox& sandbox_;
  std::filesystem::path log_path_;
  std::ofstream log_;
  ObjectCounter counter_;
  BuildProgress progress_;
};

}  // namespace kmatrix::build
