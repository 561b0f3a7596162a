// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/dashboards.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "build/dot_config.h"
#include "cli/run_lock.h"
#include "cli/stored_json.h"
#include "store/store.h"
#include "support/clock.h"

namespace kmatrix::cli {

namespace {

namespace fs = std::filesystem;

compare::FinalConfig read_config(const std::string& text, const std::string& requests) {
  compare::FinalConfig config;
  config.values = build::DotConfig(text).values();
  for (const auto& each : requests_from(requests))
    config.asked[each.symbol] = {each.value, each.asked_by, each.at};
  return config;
}

Result<std::vector<site::Dashboard>> read_dashboards(const std::vector<fs::path>& files) {
  std::vector<site::Dashboard> dashboards;
  for (const auto& file : files) {
    auto read = site::check_dashboard(file);
    if (!read.errors.empty()) {
      auto error = read.errors.front();
      if (read.errors.size() > 1)
        error.context.push_back(fmt::format("`kmatrix dashboard check {}` shows all {} problems",
                                            file.string(), read.errors.size()));
      return error;
    }
    dashboards.push_back(std::move(read.dashboard));
  }
  return dashboards;
}

}  // namespace

Result<std::vector<fs::path>> files_of_dashboards(const GlobalOptions& global,
                                                  const std::vector<fs::path>& folders) {
  auto files = site::dashboard_files(global.data / "dashboards");
  if (!files) return files;
  for (const auto& folder : folders) {
    const auto more = site::dashboard_files(folder);
    if (!more) return more;
    for (const auto& file : *more) {
      std::erase_if(*files, [&](const fs::path& known) { return known.stem() == file.stem(); });
      files->push_back(file);
    }
  }
  return files;
}

site::Assets assets_of(const GlobalOptions& global) {
  return {global.data / "dashboards" / "assets", global.charts};
}

Result<site::Site> open_site(const GlobalOptions& global, const std::vector<fs::path>& folders,
                             std::int64_t runs, bool live) {
  auto opened = store::Store::open_to_read(global.db);
  if (!opened) return opened.error();
  const auto store = std::make_shared<store::Store>(std::move(*opened));
  const auto files = files_of_dashboards(global, folders);
  if (!files) return files.error();
  auto dashboards = read_dashboards(*files);
  if (!dashboards) return dashboards.error();
  site::SiteOptions options;
  options.db = global.db;
  options.live = live;
  options.runs = runs;
  options.charts = site::has_charts(assets_of(global));
  options.made = fmt::format("kmatrix {}, {}", KMATRIX_VERSION,
                             support::iso_time(support::SystemClock().wall()));
  options.read_config = read_config;
  options.is_alive = [store](std::int64_t id) {
    auto run = store->run(store::RunId{id});
    if (!run) return false;
    notice_interruption(*run);
    return run->state == "running";
  };
  return site::Site::open(std::move(options), std::move(*dashboards));
}

Result<site::Published> publish_site(const GlobalOptions& global,
                                     const std::vector<fs::path>& folders, std::int64_t runs,
                                     const fs::path& out) {
  auto site = open_site(global, folders, runs, false);
  if (!site) return site.error();
  return site::publish(*site, assets_of(global), out);
}

}  // namespace kmatrix::cli
