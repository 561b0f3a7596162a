// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/observer.h"

#include "build/kernel_cache.h"

namespace kmatrix::run {

std::vector<plan::ComposedSymbol> requests_of(const KernelRecord& record) {
  auto all = record.kernel->symbols;
  all.insert(all.end(), record.tree_symbols.begin(), record.tree_symbols.end());
  return all;
}

KernelResult result_of(std::size_t index, const build::BuildResult& built, support::Seconds took) {
  KernelResult result;
  result.index = index;
  result.built = built.artefact.has_value();
  result.failure = built.failure;
  result.cached = built.cached;
  result.damage = built.damage;
  result.took = took;
  if (!built.artefact) return result;
  if (auto info = build::KernelCache::info(*built.artefact)) result.info = *info;
  return result;
}

}  // namespace kmatrix::run
