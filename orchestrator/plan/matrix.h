// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "spec/experiment.h"

namespace kmatrix::plan {

/// A symbol's value with the one who asked for it.
enum class OriginKind { machine, image, suite, config };
struct ComposedSymbol {
  std::string symbol, value;
  OriginKind kind = OriginKind::config;
  std::string asked_by;  ///< "suite ftrace-direct", "config clang-cfi"...
  Location at;
  bool optional = false;  ///< see spec::SymbolRequest
};

/// A fragment of the kernel's own tree, with the one who asked for it.
struct PlannedFragment {
  std::string path;
  OriginKind kind = OriginKind::config;
  std::string asked_by;
  Location at;
};

/// A kernel to build. Cells that differ only in machine (of one architecture) and suite share it.
struct PlannedKernel {
  std::string name;  ///< "v6.12/direct-calls/clang-cfi" (+ "/x86_64" if not arm64)
  std::string tree, series, config, arch;
  std::vector<ComposedSymbol> symbols;  ///< in order: machine, image, suites, config; each once
  std::vector<PlannedFragment> tree_fragments = {};  ///< in order: suites, config; each once
};

struct PlannedCell {
  std::string name;        ///< "v6.12/direct-calls/clang-cfi/arm64-tcg/ftrace-direct"
  std::size_t kernel = 0;  ///< index into Matrix::kernels
  std::string machine, suite;
  bool expect_unavailable = false;
  std::vector<std::size_t> ignore;  ///< indices into Experiment::ignore: those that mean this cell
};

struct Matrix {
  std::vector<PlannedKernel> kernels;
  std::vector<PlannedCell> cells;
};

/// What the machine of an architecture and the guest image need of a kernel:
/// images/config/*.config.
struct PlatformSymbols {
  std::string arch;
  std::vector<spec::SymbolRequest> machine, image;
};

/// Expands the axes (product, then include, then exclude; duplicates once, in axis order), and
/// composes each kernel's config. Errors, all at once: two that ask for different values of one
/// symbol (names both, with their places); an unknown architecture; an empty matrix.
struct Expanded {
  Matrix matrix;
  std::vector<Error> errors;
};
Expanded expand(const spec::Experiment& experiment, const std::vector<PlatformSymbols>& platforms);

}  // namespace kmatrix::plan
