// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "build/kernel_builder.h"
#include "cache/cache.h"
#include "plan/keys.h"

namespace kmatrix::build {

/// What configuring gave the last time for the same RecipeKey.
struct Memo {
  plan::RecipeInputs inputs;
  plan::KernelKey key;
  std::string config_text;
  std::vector<UnmetNeed> unmet;
  std::vector<plan::ComposedSymbol> tree_symbols = {};  ///< see ConfiguredKernel
};

/// Look-ups in the cache: kernels/<key>/ and recipes/<recipe key>.json. A damaged memo counts as
/// absent. Artefacts that were found are kept from being removed while the object lives; their
/// content is not read.
class KernelCache {
 public:
  /// `objects`: artefacts of earlier versions, which have no objects, do not count.
  explicit KernelCache(std::filesystem::path cache, bool objects = false)
      : cache_(std::move(cache)),
        objects_(objects),
        entries_(std::make_unique<cache::Cache>(cache_, cache::Cache::Say(), std::stop_token())) {}
  std::optional<Memo> memo(const plan::RecipeKey& key) const;
  Status remember(const plan::RecipeKey& key, const std::string& kernel_name, const Memo& memo);
  /// The memo that was remembered last under this kernel name (for plan::differences).
  std::optional<Memo> latest(const std::string& kernel_name) const;
  std::optional<ArtefactFiles> artefact(const plan::KernelKey& key) const;
  static Result<BuildInfo> info(const ArtefactFiles& files);

 private:
  std::filesystem::path cache_;
  bool objects_;
  std::unique_ptr<cache::Cache> entries_;
};

}  // namespace kmatrix::build
