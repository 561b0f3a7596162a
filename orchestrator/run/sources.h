// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>

#include "run/prepare.h"

namespace kmatrix::run {

/// Folder of the patched tree that a kernel is built from; unpacked if it is not there.
Result<std::filesystem::path> kernel_source(source::TreeStore& trees,
                                            const spec::Experiment& experiment,
                                            const plan::PlannedKernel& kernel,
                                            const PreparedKernel& prepared);

/// Likewise, of the tree that a suite's selftests come from: the kernel's, or the one that the
/// suite names. `kernel`: index into Matrix::kernels.
Result<std::filesystem::path> tests_source(source::TreeStore& trees,
                                           const spec::Experiment& experiment,
                                           const plan::Matrix& matrix, const Prepared& prepared,
                                           std::size_t kernel, const spec::Suite& suite);

/// Content of the tree and series that a suite's selftests come from; empty: the kernel's own.
support::Digest tests_digest(const spec::Experiment& experiment, const Prepared& prepared,
                             const spec::Suite& suite);

/// Likewise, of a suite that names a tree; `tree` is what that tree is.
support::Digest tests_digest(const spec::Experiment& experiment, const source::TreeIdentity& tree,
                             const spec::Suite& suite);

}  // namespace kmatrix::run
