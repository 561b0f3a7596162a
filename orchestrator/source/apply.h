// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "source/patch_file.h"
#include "spec/experiment.h"
#include "support/process.h"
#include "support/result.h"

namespace kmatrix::source {

/// Applies patches to a source tree with `git apply`: no fuzz, all of a patch or nothing of it.
/// Files that it changes are replaced, never written to, so other hard links to them stay as they
/// are. The user's git configuration and repositories around the folder have no influence.
class PatchApplier {
 public:
  /// `scratch` is an existing folder for files of our own.
  PatchApplier(support::ProcessRunner& runner, std::filesystem::path scratch, std::stop_token stop)
      : runner_(runner), scratch_(std::move(scratch)), stop_(std::move(stop)) {}

  /// Applies the patches in order. Input errors name the patch's file and line: a hunk that does
  /// not apply, a name outside of the tree, a new link that leads out of it.
  Status apply(const std::vector<spec::Patch>& patches, const std::filesystem::path& folder);

  /// Whether they would apply to `tree`, tried on links to those files alone that they name: an
  /// error is known at once, without a copy of the tree that has to be removed again. Good does not
  /// promise that apply() will be.
  Status rehearse(const std::vector<spec::Patch>& patches, const std::filesystem::path& tree);

 private:
  Status change(const spec::Patch& patch, const PatchOutline& outline,
                const std::filesystem::path& folder);
  Result<support::Exit> git_apply(const std::filesystem::path& folder,
                                  const std::vector<std::string>& options);

  support::ProcessRunner& runner_;
  std::filesystem::path scratch_;
  std::stop_token stop_;
};

}  // namespace kmatrix::source
