// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "site/html.h"
#include "site/links.h"

namespace kmatrix::site {

/// A link of a navigation; the one that leads to the page itself has no address.
struct NavLink {
  std::string label, address;
  bool here = false;
};

/// What is around the content of every page.
struct Frame {
  std::string title;           ///< of the page, without the site's name
  std::vector<NavLink> top;    ///< dashboards of the whole store
  std::vector<NavLink> trail;  ///< where the page is: run, cell
  std::vector<NavLink> tabs;   ///< pages of the same run
  bool charts = false;         ///< the page has some
  std::string made;            ///< when, with which version
};

/// The content security policy of a page: nothing but the site's own files. A live page may ask its
/// server whether something is new.
std::string_view policy(bool live);

/// The whole page.
std::string framed(const Frame& frame, const Html& content, const Links& links);

}  // namespace kmatrix::site
