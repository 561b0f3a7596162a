// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "support/process.h"
#include "support/result.h"

namespace kmatrix::image {

/// Where the packages come from, as this machine's own apt is configured.
struct PackageSource {
  std::string mirror;                    ///< URI of a Debian archive
  std::vector<std::string> apt_options;  ///< 'Acquire::http::Proxy "...";' and the like
};

Result<PackageSource> package_source(const std::string& suite, support::ProcessRunner& runner,
                                     std::stop_token stop);

/// Format of the lines that choose_mirror reads, for `apt-get indextargets --format`.
inline constexpr char mirror_format[] =
    "$(CREATED_BY)|$(ORIGIN)|$(LABEL)|$(CODENAME)|$(RELEASE)|$(REPO_URI)";

/// The archive that has the suite, or any Debian archive, since those have all current suites; ""
/// if there is none. What apt does not know yet stays "$(NAME)" in its lines.
std::string choose_mirror(std::string_view lines, std::string_view suite);

/// Those of `apt-config dump` that decide how files are fetched.
std::vector<std::string> fetch_options(std::string_view dump);

}  // namespace kmatrix::image
