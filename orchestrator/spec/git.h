// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "spec/experiment.h"
#include "support/result.h"

namespace kmatrix::spec {

/// The commits of a repository that are in TO and not in FROM: "FROM..TO".
struct GitRange {
  std::string repository, from, to;
  Location repository_at, range_at;
};

/// What the reading of an experiment asks git for: the seam to the processes behind it. Errors are
/// at the places of what they are about.
class GitReader {
 public:
  virtual ~GitReader() = default;
  /// Whether there are such a repository and revision. Good also where a fetch would have to tell.
  virtual Status check(const GitOrigin& origin) = 0;
  /// One patch a commit, oldest first. Commits that change nothing are left out.
  virtual Result<std::vector<Patch>> read_range(const GitRange& range) = 0;
};

/// Whether this names a repository elsewhere, by git's own rule: SCHEME://... or HOST:PATH.
bool is_url(const std::string& repository);

/// A URL of one of the schemes that git speaks itself, without control characters.
bool is_good_url(const std::string& url);

/// Fit to be given to git as a revision: printable, without blanks and "..", not an option.
bool is_revision(const std::string& text);

/// The two revisions of "FROM..TO"; both empty if it is not of that form.
GitRange split_range(const std::string& text);

}  // namespace kmatrix::spec
