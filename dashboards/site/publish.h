// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

#include "site/site.h"

namespace kmatrix::site {

/// Files that pages refer to.
struct Assets {
  std::filesystem::path folder;  ///< with style.css, page.js, draw.js and icon.svg
  std::filesystem::path charts;  ///< the library that draws charts; empty or an empty file: none
};
/// Is there a library that draws charts?
bool has_charts(const Assets& assets);
/// Name and content of each; an input error if one is not there.
Result<std::vector<SitePage>> read_assets(const Assets& assets);

struct Published {
  std::size_t pages = 0;
  std::uintmax_t bytes = 0;       ///< of all pages
  std::uintmax_t first_page = 0;  ///< bytes of index.html
};

/// Writes all pages to a folder, in place of an earlier site there: who looks at it sees the
/// earlier or the new one. A folder that has something else in it is an input error and stays as it
/// is.
Result<Published> publish(Site& site, const Assets& assets, const std::filesystem::path& folder);

}  // namespace kmatrix::site
