// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "plan/matrix.h"

namespace kmatrix::plan {

/// One who asks for symbols of a kernel. Of two requests of one asker for a symbol the later one
/// counts (`set` after fragments).
struct Asker {
  OriginKind kind = OriginKind::config;
  std::string name;  ///< "suite ftrace-direct"
  const std::vector<spec::SymbolRequest>* requests = nullptr;
  /// Its requests give way to contradicting ones of others: a suite that may be unavailable.
  bool yields = false;
  std::string tree = {};  ///< of the kernel: requests for another one are left out
};

struct Contradiction {
  ComposedSymbol first, second;
};

struct Composition {
  std::vector<ComposedSymbol> symbols;  ///< in the order of askers, each symbol once
  std::vector<Contradiction> contradictions;
};

/// Brings the requests of all askers together; pure.
Composition compose(const std::vector<Asker>& askers);

/// A fragment of the tree with what it asks for.
struct ReadFragment {
  PlannedFragment fragment;
  std::vector<spec::SymbolRequest> requests;
};

/// What fragments of the tree ask for beyond `symbols`, each symbol once: they give way to all that
/// is asked for already. Of several the last one counts. Pure.
std::vector<ComposedSymbol> tree_symbols(const std::vector<ReadFragment>& fragments,
                                         const std::vector<ComposedSymbol>& symbols);

/// The input Error for a contradiction, at the place of the later asker.
Error to_error(const Contradiction& contradiction);

}  // namespace kmatrix::plan
