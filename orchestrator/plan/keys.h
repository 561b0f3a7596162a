// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <string>
#include <utility>
#include <vector>

#include "plan/matrix.h"
#include "support/digest.h"

namespace kmatrix::plan {

/// Raised when kmatrix itself builds differently (flags, sandbox): old artefacts no longer match.
inline constexpr int recipe_version = 1;

/// Raised when kmatrix builds selftests differently: those in the cache no longer count.
inline constexpr int selftests_version = 2;

/// Raised when kmatrix runs or judges cases differently: earlier results are not reused.
inline constexpr int cell_version = 1;

/// Content address of a kernel artefact. Same key, no build.
struct KernelKey {
  support::Digest digest;
  auto operator<=>(const KernelKey&) const = default;
};

/// Everything known about a kernel before its .config has been made. It names a memo in the cache
/// that says which KernelKey came out of it, so that an unchanged kernel costs no Kconfig run.
struct RecipeInputs {
  support::Digest tree;
  support::Digest series;  ///< of the patches' contents in order; empty for base
  std::string arch, base_config;
  std::vector<ComposedSymbol> symbols;      ///< symbol and value count; origin and order do not
  std::vector<spec::SymbolRequest> expect;  ///< likewise
  std::string compiler;                     ///< identity: version lines of compiler and linker
  std::vector<std::string> tree_fragments = {};  ///< paths, in order; their content is the tree's
};

struct RecipeKey {
  support::Digest digest;
  auto operator<=>(const RecipeKey&) const = default;
};

/// All that a cell's results can be expected to depend on. Deadlines do not count: what passed in
/// less time would pass in more.
struct CellInputs {
  KernelKey kernel;
  const spec::Machine& machine;
  const spec::Suite& suite;
  support::Digest image, agent, guest_scripts;
  std::string hypervisor;                                           ///< libvirt URI
  std::vector<std::pair<std::string, support::Digest>> files = {};  ///< of the suite, by name
  support::Digest tests = {};  ///< of tree and series that they come from; empty: the kernel's own
};
/// The inputs as named texts, in the order in which they are hashed; a name may come again.
using CellParts = std::vector<std::pair<std::string, std::string>>;
CellParts cell_parts(const CellInputs& inputs);
support::Digest cell_key(const CellParts& parts);

/// All values of one name, joined by ", ".
std::string values_called(const std::string& name, const CellParts& parts);

/// Of the ignore entries that mean a cell, in order; empty for none. It is no part of the cell's
/// key: only the results of a cell in which something was ignored depend on it.
support::Digest ignore_key(const spec::Experiment& experiment, const PlannedCell& cell);

support::Digest series_digest(const std::vector<spec::Patch>& patches);
RecipeKey recipe_key(const RecipeInputs& inputs);
KernelKey kernel_key(const RecipeInputs& inputs, const support::Digest& final_config);

/// Why a kernel of the same name must be built again: one phrase for each input that differs from
/// the last time ("series changed", "CFI_CLANG y -> n", "compiler changed: ... -> ...").
std::vector<std::string> differences(const RecipeInputs& before, const RecipeInputs& now);

/// Likewise for a cell ("kernel changed: 0a1b2c3d4e5f -> ...", "memory_mib 1024 -> 512").
std::vector<std::string> differences(const CellParts& before, const CellParts& now);

}  // namespace kmatrix::plan
