// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include "source/debian.h"
#include "spec/experiment.h"
#include "support/digest.h"
#include "support/result.h"

namespace kmatrix::source {

/// The digest of the tree that a package brings.
support::Digest tree_digest(const DebianPackage& package);

/// What packages were resolved to: cache/resolved/. By origin it says what an experiment means; by
/// tree digest it says where a tree that has once been resolved comes from, also after the origin
/// has been resolved afresh. A damaged entry counts as absent.
class PackageMemo {
 public:
  explicit PackageMemo(const std::filesystem::path& cache) : folder_(cache / "resolved") {}
  std::optional<DebianPackage> find(const spec::DebianOrigin& origin) const;
  std::optional<DebianPackage> find(const support::Digest& tree) const;
  Status remember(const spec::DebianOrigin& origin, const DebianPackage& package) const;

 private:
  std::filesystem::path file_for(const spec::DebianOrigin& origin) const;
  std::filesystem::path file_for(const support::Digest& tree) const;

  std::filesystem::path folder_;
};

}  // namespace kmatrix::source
