// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "cli/options.h"
#include "site/publish.h"
#include "site/site.h"

namespace kmatrix::cli {

/// The dashboards that kmatrix ships, and those of other folders. One of the same name takes the
/// place of an earlier one.
Result<std::vector<std::filesystem::path>> files_of_dashboards(
    const GlobalOptions& global, const std::vector<std::filesystem::path>& folders);

/// The site of the results database. A dashboard that is wrong is an input error.
Result<site::Site> open_site(const GlobalOptions& global,
                             const std::vector<std::filesystem::path>& folders, std::int64_t runs,
                             bool live);

site::Assets assets_of(const GlobalOptions& global);

/// Writes the site of the newest `runs` runs (0: of all) to a folder.
Result<site::Published> publish_site(const GlobalOptions& global,
                                     const std::vector<std::filesystem::path>& folders,
                                     std::int64_t runs, const std::filesystem::path& out);

/// How many runs a site has unless it is told otherwise.
inline constexpr std::int64_t published_runs = 30;

}  // namespace kmatrix::cli
