// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/publish.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <system_error>

#include "support/file.h"

namespace kmatrix::site {

namespace {

namespace fs = std::filesystem;

/// In each folder that we wrote.
constexpr const char* marker = ".kmatrix-site";

Error failed(const char* what, const fs::path& path, int number) {
  return support::infrastructure_error(fmt::format("cannot {} {}: {}", what, path.string(),
                                                   std::generic_category().message(number)));
}

/// Nobody sees the folder yet, so a file need not appear as a whole.
Status write_plain(const fs::path& file, std::string_view text) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return failed("create", file, errno);
  Status status;
  while (!text.empty() && status) {
    const ssize_t count = write(fd, text.data(), text.size());
    if (count >= 0)
      text.remove_prefix(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      status = failed("write", file, errno);
  }
  if (close(fd) != 0 && status) status = failed("write", file, errno);
  return status;
}

Status check_folder(const fs::path& folder) {
  std::error_code failure;
  if (!fs::exists(folder, failure)) return {};
  if (!fs::is_directory(folder, failure))
    return support::input_error(fmt::format("{} is no folder", folder.string()));
  if (fs::is_empty(folder, failure) || fs::exists(folder / marker, failure)) return {};
  return support::input_error(
      fmt::format("the folder {} has something else in it than a site of kmatrix", folder.string()),
      {}, "name a folder that is empty or not there");
}

/// Puts the new site in the place of the old one.
Status put_in_place(const fs::path& made, const fs::path& folder) {
  std::error_code failure;
  const fs::path old = made.string() + ".old";
  if (fs::exists(folder, failure)) fs::rename(folder, old, failure);
  if (!failure) fs::rename(made, folder, failure);
  if (failure) {
    const int number = failure.value();
    if (fs::exists(old, failure) && !fs::exists(folder, failure)) fs::rename(old, folder, failure);
    return failed("put the site in place of", folder, number);
  }
  return support::remove_tree(old);
}

Result<Published> write_pages(Site& site, const fs::path& folder) {
  Published published;
  std::set<fs::path> folders{folder};
  for (const auto& path : site.paths()) {
    const auto text = site.page(path);
    if (!text)
      return support::with_context(Result<Published>(text.error()), "while making " + path);
    if (!*text) continue;
    const auto file = folder / path;
    if (folders.insert(file.parent_path()).second)
      KMATRIX_TRY(support::make_folders(file.parent_path()));
    KMATRIX_TRY(write_plain(file, **text));
    if (published.pages == 0) published.first_page = (*text)->size();
    ++published.pages;
    published.bytes += (*text)->size();
  }
  return published;
}

}  // namespace

bool has_charts(const Assets& assets) {
  std::error_code failure;
  const auto size = fs::file_size(assets.charts, failure);
  return !assets.charts.empty() && !failure && size > 0;
}

Result<std::vector<SitePage>> read_assets(const Assets& assets) {
  std::vector<SitePage> files;
  for (const char* name : {"style.css", "page.js", "draw.js", "icon.svg"}) {
    auto text = support::read_file(assets.folder / name);
    if (!text) return support::input_error(text.error().message, {}, "--data FOLDER has them");
    files.push_back({name, std::move(*text)});
  }
  if (!has_charts(assets)) return files;
  auto charts = support::read_file(assets.charts);
  if (!charts) return charts.error();
  files.push_back({"charts.js", std::move(*charts)});
  return files;
}

Result<Published> publish(Site& site, const Assets& assets, const fs::path& given) {
  auto folder = fs::absolute(given).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  KMATRIX_TRY(check_folder(folder));
  const auto files = read_assets(assets);
  if (!files) return files.error();
  KMATRIX_TRY(support::make_folders(folder.parent_path()));
  auto temporary = support::TempFolder::create(folder.parent_path(), ".kmatrix-site-");
  if (!temporary) return temporary.error();
  const auto made = temporary->path() / "site";
  KMATRIX_TRY(support::make_folders(made));
  KMATRIX_TRY(write_plain(made / marker, "made by kmatrix dashboard publish\n"));
  for (const auto& file : *files) KMATRIX_TRY(write_plain(made / file.path, file.text));
  auto published = write_pages(site, made);
  if (!published) return published;
  KMATRIX_TRY(put_in_place(made, folder));
  return published;
}

}  // namespace kmatrix::site
