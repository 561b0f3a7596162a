// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kmatrix::source {

/// One "@@ -old_start,n +m,k @@" of a patch; `line` counts from 1 in the patch's text.
struct PatchHunk {
  int line = 0;
  long old_start = 0;
};

/// What a patch does to one file. Names are as `git apply -p1` sees them, empty for /dev/null.
struct PatchedFile {
  int line = 0;  ///< where its part begins
  std::string old_name, new_name;
  std::vector<PatchHunk> hunks;
};

/// A name that would be outside of the tree, and where it stands.
struct UnsafeName {
  int line = 0;
  std::string name;
};

struct PatchOutline {
  std::vector<PatchedFile> files;
  std::vector<UnsafeName> unsafe;  ///< absolute, with "..", or in .git
};

/// Where things are in a patch, for messages. It trusts nothing and understands what `git diff` and
/// `diff -u` write; git has the last word on whether it is a patch.
PatchOutline outline_patch(std::string_view text);

/// What `git apply` said when it failed, joined with the patch's own lines.
struct ApplyFailure {
  int line = 0;         ///< in the patch
  std::string message;  ///< "hunk 2 of 3 does not apply to arch/arm64/Kconfig"
};

ApplyFailure explain_failure(const PatchOutline& outline, std::string_view git_output);

}  // namespace kmatrix::source
