// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "build/kernel_builder.h"
#include "build/kernel_cache.h"
#include "plan/keys.h"
#include "plan/matrix.h"
#include "run/observer.h"
#include "source/tree_store.h"
#include "spec/experiment.h"

namespace kmatrix::run {

/// A kernel with its final .config and key, ready to be built or already in the cache.
struct PreparedKernel {
  KernelRecord record;
  source::TreeIdentity tree;  ///< whole: also what a tree that was removed is unpacked from
  plan::KernelKey key;
  std::vector<build::UnmetNeed> unmet;
  std::optional<build::ArtefactFiles> artefact;
};

struct Prepared {
  std::vector<PreparedKernel> kernels;                           ///< parallel to Matrix::kernels
  std::vector<Error> errors;                                     ///< if any, nothing may be built
  std::map<std::string, source::TreeIdentity> tests_trees = {};  ///< of Suite::tests_tree, by name
};

/// The patches of a kernel's series for its tree; none for `base`.
const std::vector<spec::Patch>& patches_of(const spec::Experiment& experiment,
                                           const plan::PlannedKernel& kernel);

/// All that is known of a kernel before its .config is made.
plan::RecipeInputs recipe_inputs(const spec::Experiment& experiment,
                                 const plan::PlannedKernel& kernel, const support::Digest& tree,
                                 const std::string& compiler);

/// Fetches trees, applies series and makes every .config, before the first object is compiled:
/// whatever is wrong with the experiment comes out here, all of it at once.
class Preparation {
 public:
  Preparation(const spec::Experiment& experiment, const plan::Matrix& matrix,
              source::TreeStore& trees, build::KernelBuilder& builder, build::KernelCache& cache)
      : experiment_(experiment), matrix_(matrix), trees_(trees), builder_(builder), cache_(cache) {}

  Prepared prepare(bool refresh_trees);

  /// What is known without fetching, patching or configuring: KernelRecords whose `why` says what
  /// would have to be done. Errors: toolchains that are not there.
  Prepared preview();

 private:
  const spec::Experiment& experiment_;
  const plan::Matrix& matrix_;
  source::TreeStore& trees_;
  build::KernelBuilder& builder_;
  build::KernelCache& cache_;
};

}  // namespace kmatrix::run
