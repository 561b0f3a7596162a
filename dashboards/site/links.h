// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace kmatrix::site {

/// Values of a dashboard's parameters, as text.
using Values = std::map<std::string, std::string, std::less<>>;

/// Which pages there are. A published site has some; a live one has all that are asked for.
struct PageSet {
  bool live = false;
  std::unordered_set<std::int64_t> runs, cells, kernels;
  std::unordered_set<std::int64_t> results;                         ///< with a page of their own
  std::map<std::string, std::set<Values>, std::less<>> dashboards;  ///< pages by name
};

/// Addresses of pages as a page at a depth writes them; "" for a page that is not there.
class Links {
 public:
  Links(const PageSet& pages, std::string_view path);
  const std::string& root() const { return root_; }  ///< "", "../" or "../../"
  bool live() const { return pages_.live; }
  std::string run(std::int64_t id) const;
  std::string cell(std::int64_t id) const;
  std::string kernel(std::int64_t id) const;
  /// The result's own page at the line that explains it, or its row in the cell's page.
  std::string result(std::int64_t id, std::int64_t cell) const;
  std::string incident(std::int64_t id, std::int64_t cell) const;
  std::string dashboard(const std::string& name, const Values& values = {}) const;

 private:
  const PageSet& pages_;
  std::string root_;
};

/// The file of a dashboard's page: "d/matrix/3.html".
std::string dashboard_path(const std::string& name, const Values& values);

}  // namespace kmatrix::site
