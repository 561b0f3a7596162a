// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/sources.h"

namespace kmatrix::run {

namespace {

/// The tree and series of a suite's selftests, in the form of a kernel.
plan::PlannedKernel source_of(const spec::Suite& suite) {
  plan::PlannedKernel source;
  source.tree = suite.tests_tree;
  source.series = suite.tests_series;
  return source;
}

}  // namespace

Result<std::filesystem::path> kernel_source(source::TreeStore& trees,
                                            const spec::Experiment& experiment,
                                            const plan::PlannedKernel& kernel,
                                            const PreparedKernel& prepared) {
  return trees.patched(*spec::find(experiment.trees, kernel.tree), prepared.tree,
                       patches_of(experiment, kernel));
}

Result<std::filesystem::path> tests_source(source::TreeStore& trees,
                                           const spec::Experiment& experiment,
                                           const plan::Matrix& matrix, const Prepared& prepared,
                                           std::size_t kernel, const spec::Suite& suite) {
  if (suite.tests_tree.empty())
    return kernel_source(trees, experiment, matrix.kernels[kernel], prepared.kernels[kernel]);
  return trees.patched(*spec::find(experiment.trees, suite.tests_tree),
                       prepared.tests_trees.at(suite.tests_tree),
                       patches_of(experiment, source_of(suite)));
}

support::Digest tests_digest(const spec::Experiment& experiment, const Prepared& prepared,
                             const spec::Suite& suite) {
  const auto tree = prepared.tests_trees.find(suite.tests_tree);
  if (tree == prepared.tests_trees.end()) return {};
  return tests_digest(experiment, tree->second, suite);
}

support::Digest tests_digest(const spec::Experiment& experiment, const source::TreeIdentity& tree,
                             const spec::Suite& suite) {
  return support::Hasher()
      .field("tree", tree.digest.hex)
      .field("series", plan::series_digest(patches_of(experiment, source_of(suite))).hex)
      .finish();
}

}  // namespace kmatrix::run
