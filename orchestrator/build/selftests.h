// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "build/kernel_builder.h"
#include "plan/keys.h"
#include "plan/matrix.h"
#include "spec/experiment.h"

// Selftests of a kernel tree, compiled for the guests of one of its kernels: test_progs with its
// BPF objects and modules, or kselftest targets. An entry of the cache like a kernel; its folder
// has
//   tests           names of the tests, one a line
//   blocked.json    {"name": "why it could not be built"}
//   build.log
//   files/          for the guest: test_progs' folder, or INSTALL_PATH of kselftest
namespace kmatrix::build {

struct SelftestsInputs {
  const plan::KernelKey& key;
  const plan::PlannedKernel& kernel;
  const ArtefactFiles& artefact;
  const spec::Toolchain& toolchain;
  const spec::Suite& suite;
  const SourceFolder& source;      ///< of the selftests
  const support::Digest& content;  ///< of `source`; empty: that of the kernel
  const std::function<void(BuildProgress)>& on_progress;
};

struct SelftestsResult {
  std::optional<std::filesystem::path> folder;  ///< present if they could be built
  BuildFailure failure;                         ///< meaningful if not
  bool cached = false;
};

/// What the selftests of a suite depend on, given that of the kernel: their sources, the kernel's
/// types (BTF) and exported symbols, its .config, the toolchain. Two kernels of which all that is
/// the same share them.
Result<support::Digest> selftests_digest(const SelftestsInputs& inputs,
                                         const std::filesystem::path& source,
                                         const std::string& compiler);

}  // namespace kmatrix::build
