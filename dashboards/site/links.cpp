// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/links.h"

#include <fmt/format.h>

#include <algorithm>

#include "site/html.h"

namespace kmatrix::site {

Links::Links(const PageSet& pages, std::string_view path) : pages_(pages) {
  for (auto depth = std::count(path.begin(), path.end(), '/'); depth > 0; --depth) root_ += "../";
}

std::string Links::run(std::int64_t id) const {
  if (!pages_.live && !pages_.runs.contains(id)) return {};
  return fmt::format("{}run/{}.html", root_, id);
}

std::string Links::cell(std::int64_t id) const {
  if (!pages_.live && !pages_.cells.contains(id)) return {};
  return fmt::format("{}cell/{}.html", root_, id);
}

std::string Links::kernel(std::int64_t id) const {
  if (!pages_.live && !pages_.kernels.contains(id)) return {};
  return fmt::format("{}kernel/{}.html", root_, id);
}

std::string Links::result(std::int64_t id, std::int64_t cell_id) const {
  if (pages_.results.contains(id) || (pages_.live && id != 0))
    return fmt::format("{}result/{}.html#hit", root_, id);
  const auto page = cell(cell_id);
  return page.empty() || id == 0 ? page : fmt::format("{}#r{}", page, id);
}

std::string Links::incident(std::int64_t id, std::int64_t cell_id) const {
  const auto page = cell(cell_id);
  return page.empty() ? page : fmt::format("{}#i{}", page, id);
}

std::string Links::dashboard(const std::string& name, const Values& values) const {
  if (pages_.live) {
    std::string query;
    for (const auto& [key, value] : values)
      query += (query.empty() ? "?" : "&") + url_encoded(key) + "=" + url_encoded(value);
    return fmt::format("{}d/{}.html{}", root_, name, query);
  }
  const auto found = pages_.dashboards.find(name);
  if (found == pages_.dashboards.end() || !found->second.contains(values)) return {};
  return root_ + dashboard_path(name, values);
}

std::string dashboard_path(const std::string& name, const Values& values) {
  if (values.empty()) return "d/" + name + ".html";
  std::string joined;
  for (const auto& [key, value] : values) joined += (joined.empty() ? "" : "\x1F") + value;
  return "d/" + name + "/" + slug(joined) + ".html";
}

}  // namespace kmatrix::site
