// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>

#include "site/draw.h"
#include "site/frame.h"
#include "site/site.h"
#include "site/words.h"

// The kinds of pages. Each function gives nullopt if there is no such page.
namespace kmatrix::site {

/// A row of a query, by the names of its columns.
class Record {
 public:
  Record(const store::Rows& rows, std::size_t row) : rows_(rows), row_(row) {}
  std::string text(std::string_view column) const { return store::to_text(value(column)); }
  std::int64_t integer(std::string_view column) const {
    return static_cast<std::int64_t>(store::to_number(value(column)));
  }
  double real(std::string_view column) const { return store::to_number(value(column)); }

 private:
  const store::Value& value(std::string_view column) const {
    static const store::Value none;
    const int at = rows_.column(column);
    return at < 0 ? none : rows_.rows[row_][static_cast<std::size_t>(at)];
  }
  const store::Rows& rows_;
  std::size_t row_;
};

/// What a page is made of, before it has its frame.
struct Content {
  Frame frame;
  Html html;
};
using PageResult = Result<std::optional<Content>>;

PageResult home_page(Site& site, const Links& links);
PageResult run_page(Site& site, const Links& links, std::int64_t run);
PageResult cell_page(Site& site, const Links& links, std::int64_t cell);
PageResult result_page(Site& site, const Links& links, std::int64_t result);
PageResult kernel_page(Site& site, const Links& links, std::int64_t kernel);
PageResult drawn_dashboard(Site& site, const Links& links, const Dashboard& dashboard,
                           const Values& values);
/// The list of a dashboard's pages.
PageResult dashboard_list(Site& site, const Links& links, const Dashboard& dashboard);

// Parts that several of them have.

/// A run's own pages: the overview and every dashboard that has no parameter but the run.
std::vector<NavLink> tabs_of_run(const Site& site, const Links& links, std::int64_t run,
                                 const std::string& here);
/// "quickstart, run 3"
std::string run_label(const Record& run);
DrawContext context_of(const Site& site, const Links& links);
/// The name of the dashboard that has the parameters `suite` and `case_name`; "" if there is none.
std::string case_dashboard_of(const Site& site);

/// Makes the state of runs that their process left behind `interrupted`, and that of those which
/// kmatrix could not finish `not finished`.
void correct_states(const Site& site, store::Rows& runs);
/// Commands that a user may want to run, each with a button that copies it.
void write_commands(Html& html, const std::vector<std::string>& commands);
/// A heading with an id, so that it can be linked to.
void write_heading(Html& html, std::string_view title);
/// Incidents with their text, each with an anchor.
void write_incidents(Html& html, const store::Rows& incidents);
/// How the .config of kernel `b` differs from that of `a`; at most `limit` symbols. False: either
/// is not known.
bool write_config_diff(Html& html, Site& site, std::int64_t a, std::int64_t b, std::size_t limit);

}  // namespace kmatrix::site
