// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "image/image_store.h"
#include "machine/hypervisor.h"
#include "run/observer.h"
#include "run/prepare.h"
#include "source/tree_store.h"

namespace kmatrix::run {

/// Makes the machine of one cell as a run would boot it, its kernel, modules, selftests and root
/// disk. The references outlive it.
struct CellMachine {
  source::TreeStore& trees;
  build::KernelBuilder& builder;
  image::ImageStore& images;
  const support::Clock& clock;
  RunObserver& observer;         ///< hears of the build
  std::filesystem::path data;    ///< folder with images/
  std::filesystem::path agents;  ///< folder with kmatrix-agent-ARCH

  /// The matrix has this cell alone. nullopt: its kernel did not build, and the observer knows why.
  Result<std::optional<machine::Hardware>> make(const spec::Experiment& experiment,
                                                const plan::Matrix& matrix,
                                                const Prepared& prepared,
                                                const std::string& domain_name) const;

 private:
  Result<std::optional<build::ArtefactFiles>> kernel(const spec::Experiment& experiment,
                                                     const plan::PlannedKernel& planned,
                                                     const PreparedKernel& prepared,
                                                     const std::filesystem::path& source) const;
  /// The folder of a suite's selftests; "" if it has none that are built.
  Result<std::filesystem::path> selftests(const spec::Suite& suite,
                                          const build::SelftestsInputs& inputs) const;
};

}  // namespace kmatrix::run
