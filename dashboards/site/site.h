// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compare/config_diff.h"
#include "site/dashboard.h"
#include "site/html.h"
#include "site/links.h"
#include "site/log.h"
#include "store/query.h"

namespace kmatrix::site {

struct SiteOptions {
  std::filesystem::path db;
  bool live = false;
  std::int64_t runs = 30;  ///< the newest so many have pages; 0: all
  bool charts = false;     ///< charts.js is there
  std::string made;        ///< for the foot of each page
  /// A .config and who asked for what in it, as the store has them.
  std::function<compare::FinalConfig(const std::string& text, const std::string& requests)>
      read_config;
  /// Is the process there of a run that is stored as running?
  std::function<bool(std::int64_t run)> is_alive;
};

struct SitePage {
  std::string path, text;
};

/// The pages of a results database. Each is made when it is asked for, by its path
/// ("run/3.html"); publishing asks for all of them.
class Site {
 public:
  /// The database must be of the newest schema (Store::open sees to that).
  static Result<Site> open(SiteOptions options, std::vector<Dashboard> dashboards);

  /// All pages of a published site: index.html first.
  std::vector<std::string> paths() const;
  /// nullopt: there is no such page. `query`: parameters of a dashboard on a live site.
  Result<std::optional<std::string>> page(const std::string& path, const Values& query = {});
  /// Changes when the store does.
  Result<std::int64_t> version() { return db_.data_version(); }

  // What the pages are made with.
  store::QueryConnection& db() { return db_; }
  LogReader& logs() { return logs_; }
  const SiteOptions& options() const { return options_; }
  const std::vector<Dashboard>& dashboards() const { return dashboards_; }
  const PageSet& pages() const { return pages_; }
  std::int64_t first_run() const { return first_run_; }  ///< the oldest that has pages
  /// The final .config of a kernel; nullptr if it is not known. Kept, for reading one takes time.
  const compare::FinalConfig* config_of(std::int64_t kernel);

 private:
  Site(SiteOptions options, std::vector<Dashboard> dashboards, store::QueryConnection db)
      : options_(std::move(options)), dashboards_(std::move(dashboards)), db_(std::move(db)) {}
  Status find_pages();
  Status find_dashboard_pages(const Dashboard& dashboard);
  Result<std::optional<std::string>> dashboard_page(const std::string& path, const Values& query);

  SiteOptions options_;
  std::vector<Dashboard> dashboards_;
  store::QueryConnection db_;
  LogReader logs_;
  PageSet pages_;
  std::int64_t first_run_ = 0;
  std::vector<std::int64_t> run_ids_, cell_ids_, kernel_ids_, result_ids_;
  std::vector<std::pair<std::string, Values>> dashboard_pages_;  ///< name, parameters
  std::map<std::string, std::pair<std::string, Values>> dashboard_paths_;
  std::map<std::int64_t, std::optional<compare::FinalConfig>> configs_;
};

}  // namespace kmatrix::site
