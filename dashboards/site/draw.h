// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "site/dashboard.h"
#include "site/html.h"
#include "site/links.h"
#include "store/query.h"

// How rows of a query become HTML. Some names of columns mean something (docs/dashboards.md): an id
// is not shown but makes a link of the column beside it, "outcome" has its colour and sign,
// "seconds" is a duration.
namespace kmatrix::site {

struct DrawContext {
  const Links& links;
  bool charts = false;         ///< the site has the library that draws them
  std::string case_dashboard;  ///< name of the dashboard that a suite and a case lead to
};

/// A panel with its title. An Error of its query is said in its place.
void draw_panel(Html& html, const Panel& panel, const Result<store::Rows>& rows,
                const DrawContext& context);

/// The parts of it.
void draw_table(Html& html, const store::Rows& rows, std::size_t limit, const DrawContext& context);
void draw_grid(Html& html, const Panel& panel, const store::Rows& rows, const DrawContext& context);
void draw_chart(Html& html, const Panel& panel, const store::Rows& rows,
                const DrawContext& context);

/// "the first 1,000 of 2,345 rows" if some are left out.
void say_cut(Html& html, std::size_t shown, std::size_t all, bool more);

}  // namespace kmatrix::site
