// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/site.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "site/page.h"

namespace kmatrix::site {

namespace {

/// More pages than these of one dashboard would be looked at by nobody.
constexpr std::size_t most_pages = 20'000;

Values values_of(const store::Rows& rows, std::size_t row, const Dashboard& dashboard) {
  Values values;
  for (const auto& parameter : dashboard.parameters)
    if (const int at = rows.column(parameter.name); at >= 0)
      values[parameter.name] = store::to_text(rows.rows[row][static_cast<std::size_t>(at)]);
    else
      values[parameter.name] = store::to_text(parameter.fallback.value_or(store::Value()));
  return values;
}

/// The dashboards of the whole store; those of a run are tabs of its page.
std::vector<NavLink> top_of(const Site& site, const Links& links) {
  std::vector<NavLink> top{{"Runs", links.root() + "index.html"}};
  for (const auto& dashboard : site.dashboards())
    if (dashboard.parameters.size() != 1 || !dashboard.has_parameter("run"))
      top.push_back({dashboard.title, links.dashboard(dashboard.name)});
  return top;
}

Result<std::optional<std::string>> finished(const Site& site, PageResult page, const Links& links) {
  if (!page) return page.error();
  if (!*page) return std::nullopt;
  auto& frame = (*page)->frame;
  frame.top = top_of(site, links);
  for (auto& link : frame.top) link.here = link.label == frame.title;
  frame.made = site.options().made;
  return framed(frame, (*page)->html, links);
}

/// The number in "cell/12.html"; nullopt if it is none.
std::optional<std::int64_t> number_in(const std::string& path, std::string_view folder) {
  constexpr std::string_view end = ".html";
  if (!path.starts_with(folder) || !path.ends_with(end)) return std::nullopt;
  const char* first = path.data() + folder.size();
  const char* last = path.data() + path.size() - end.size();
  std::int64_t number = 0;
  const auto parsed = std::from_chars(first, last, number);
  if (parsed.ec != std::errc() || parsed.ptr != last || number <= 0) return std::nullopt;
  return number;
}

}  // namespace

Result<Site> Site::open(SiteOptions options, std::vector<Dashboard> dashboards) {
  auto db = store::QueryConnection::open(options.db);
  if (!db) return db.error();
  std::stable_sort(dashboards.begin(), dashboards.end(), [](const auto& a, const auto& b) {
    return std::pair(a.order, a.name) < std::pair(b.order, b.name);
  });
  Site site(std::move(options), std::move(dashboards), std::move(*db));
  KMATRIX_TRY(site.find_pages());
  return site;
}

Status Site::find_pages() {
  pages_.live = options_.live;
  const auto limit = options_.runs > 0 ? options_.runs : std::int64_t{1} << 40;
  const auto runs =
      db_.run("SELECT id FROM run ORDER BY id DESC LIMIT :limit", {{"limit", limit}}, {1'000'000});
  if (!runs) return runs.error();
  for (const auto& row : runs->rows)
    run_ids_.push_back(static_cast<std::int64_t>(store::to_number(row[0])));
  first_run_ = run_ids_.empty() ? 0 : run_ids_.back();
  if (options_.live) return {};
  const auto take = [&](const char* query, std::vector<std::int64_t>& ids,
                        std::unordered_set<std::int64_t>& set) -> Status {
    const auto rows = db_.run(query, {{"first", first_run_}}, {100'000'000});
    if (!rows) return rows.error();
    for (const auto& row : rows->rows) {
      ids.push_back(static_cast<std::int64_t>(store::to_number(row[0])));
      set.insert(ids.back());
    }
    return {};
  };
  pages_.runs.insert(run_ids_.begin(), run_ids_.end());
  KMATRIX_TRY(take("SELECT id FROM cell WHERE run >= :first ORDER BY id", cell_ids_, pages_.cells));
  KMATRIX_TRY(
      take("SELECT id FROM kernel WHERE run >= :first ORDER BY id", kernel_ids_, pages_.kernels));
  // All that is to be said of the others is in the page of their cell.
  KMATRIX_TRY(
      take("SELECT case_result.id FROM cell JOIN case_result ON case_result.cell = cell.id "
           "WHERE cell.run >= :first AND outcome NOT IN ('passed', 'missing', 'blocked') "
           "ORDER BY cell.id",
           result_ids_, pages_.results));
  for (const auto& dashboard : dashboards_) KMATRIX_TRY(find_dashboard_pages(dashboard));
  return {};
}

Status Site::find_dashboard_pages(const Dashboard& dashboard) {
  const auto add = [&](Values values) {
    if (!pages_.dashboards[dashboard.name].insert(values).second) return;
    const auto path = dashboard_path(dashboard.name, values);
    dashboard_paths_[path] = {dashboard.name, values};
    dashboard_pages_.emplace_back(dashboard.name, std::move(values));
  };
  if (!dashboard.pages) {
    Values values;
    for (const auto& each : dashboard.parameters)
      values[each.name] = store::to_text(each.fallback.value_or(store::Value()));
    // A dashboard that has one page has the address without parameters.
    pages_.dashboards[dashboard.name].insert(Values());
    dashboard_paths_[dashboard_path(dashboard.name, {})] = {dashboard.name, std::move(values)};
    return {};
  }
  const auto rows = db_.run(dashboard.pages->sql, {{"first_run", first_run_}}, {most_pages});
  if (!rows) {
    auto error = rows.error();
    error.at = dashboard.pages->at;
    return error;
  }
  for (std::size_t i = 0; i < rows->rows.size(); ++i) add(values_of(*rows, i, dashboard));
  pages_.dashboards[dashboard.name].insert(Values());
  return {};
}

std::vector<std::string> Site::paths() const {
  std::vector<std::string> paths{"index.html"};
  const auto add = [&](const char* folder, const std::vector<std::int64_t>& ids) {
    for (const auto id : ids) paths.push_back(fmt::format("{}/{}.html", folder, id));
  };
  add("run", run_ids_);
  add("kernel", kernel_ids_);
  add("cell", cell_ids_);
  add("result", result_ids_);
  for (const auto& dashboard : dashboards_) paths.push_back(dashboard_path(dashboard.name, {}));
  for (const auto& [name, values] : dashboard_pages_) paths.push_back(dashboard_path(name, values));
  return paths;
}

Result<std::optional<std::string>> Site::dashboard_page(const std::string& path,
                                                        const Values& query) {
  const Links links(pages_, path);
  const auto finish = [&](PageResult page) { return finished(*this, std::move(page), links); };
  for (const auto& dashboard : dashboards_) {
    const bool is_own = path == dashboard_path(dashboard.name, {});
    if (options_.live && is_own) {
      if (dashboard.pages && query.empty()) return finish(dashboard_list(*this, links, dashboard));
      return finish(drawn_dashboard(*this, links, dashboard, query));
    }
    if (!options_.live && is_own && dashboard.pages)
      return finish(dashboard_list(*this, links, dashboard));
  }
  const auto found = dashboard_paths_.find(path);
  if (found == dashboard_paths_.end()) return std::nullopt;
  const auto& [name, values] = found->second;
  for (const auto& dashboard : dashboards_)
    if (dashboard.name == name) return finish(drawn_dashboard(*this, links, dashboard, values));
  return std::nullopt;
}

Result<std::optional<std::string>> Site::page(const std::string& path, const Values& query) {
  if (path.starts_with("d/")) return dashboard_page(path, query);
  const Links links(pages_, path);
  PageResult page{std::nullopt};
  if (path == "index.html") {
    page = home_page(*this, links);
  } else if (const auto run = number_in(path, "run/")) {
    page = run_page(*this, links, *run);
  } else if (const auto cell = number_in(path, "cell/")) {
    page = cell_page(*this, links, *cell);
  } else if (const auto result = number_in(path, "result/")) {
    page = result_page(*this, links, *result);
  } else if (const auto kernel = number_in(path, "kernel/")) {
    page = kernel_page(*this, links, *kernel);
  }
  return finished(*this, std::move(page), links);
}

const compare::FinalConfig* Site::config_of(std::int64_t kernel) {
  auto [found, is_new] = configs_.try_emplace(kernel);
  if (is_new && options_.read_config) {
    const auto rows = db_.run(
        "SELECT kernel_config.text, coalesce(config_request.text, '') FROM kernel "
        "JOIN kernel_config ON kernel_config.id = kernel.kernel_config "
        "LEFT JOIN config_request ON config_request.id = kernel.config_request "
        "WHERE kernel.id = :kernel",
        {{"kernel", kernel}});
    if (rows && !rows->rows.empty())
      found->second =
          options_.read_config(store::to_text(rows->rows[0][0]), store::to_text(rows->rows[0][1]));
  }
  return found->second ? &*found->second : nullptr;
}

}  // namespace kmatrix::site
