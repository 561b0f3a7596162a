// SPDX-License-Identifier: GPL-2.0-or-later
#include "image/root_tree.h"

#include <algorithm>
#include <system_error>

#include "image/place.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::image {

namespace fs = std::filesystem;
using support::infrastructure_error;

namespace {
Error failed(const std::string& what, const fs::path& path, const std::error_code& why) {
  return infrastructure_error("cannot " + what + " " + path.string() + ": " + why.message());
}

bool is_really_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() == fs::file_type::directory;
}

/// Makes the folders above `place`. A link on the way is an error: it could lead to the host.
Status make_parents(const fs::path& root, const fs::path& place) {
  fs::path folder = root;
  for (const auto& name : place.parent_path()) {
    folder /= name;
    if (is_really_folder(folder)) continue;
    std::error_code failure;
    if (!fs::create_directory(folder, failure))
      return infrastructure_error("the recipe's path " + place.string() + " leads through " +
                                      folder.lexically_relative(root).string() +
                                      ", which is not a folder of the image",
                                  "write the path without links");
  }
  return {};
}

/// Paths of all entries below root that match, parents before children.
Result<std::vector<fs::path>> matches(const fs::path& root, const std::vector<std::string>& globs) {
  std::vector<fs::path> found;
  std::error_code failure;
  fs::recursive_directory_iterator walk(root, failure);
  for (const fs::recursive_directory_iterator end; !failure && walk != end;
       walk.increment(failure)) {
    const std::string path = walk->path().lexically_relative(root).string();
    const auto match = [&path](const auto& glob) { return support::glob_match(glob, path); };
    if (std::none_of(globs.begin(), globs.end(), match)) continue;
    found.push_back(walk->path());
    walk.disable_recursion_pending();
  }
  if (failure) return failed("read", root, failure);
  return found;
}

Status make_link(const fs::path& root, const std::string& place, const std::string& target) {
  KMATRIX_TRY(make_parents(root, place));
  std::error_code failure;
  if (!is_really_folder(root / place)) fs::remove(root / place, failure);
  fs::create_symlink(target, root / place, failure);
  if (failure) return failed("make the link", place, failure);
  return {};
}

Status make_file(const fs::path& root, const std::string& place, const std::string& content) {
  KMATRIX_TRY(make_parents(root, place));
  KMATRIX_TRY(support::write_file(root / place, content));
  std::error_code failure;
  const bool script = content.starts_with("#!");
  fs::permissions(root / place, fs::perms(script ? 0755 : 0644), failure);
  if (failure) return failed("set the mode of", place, failure);
  return {};
}

Status copy_one(const fs::directory_entry& entry, const fs::path& to) {
  std::error_code failure;
  const auto status = entry.symlink_status(failure);
  if (failure) return failed("read", entry.path(), failure);
  switch (status.type()) {
    case fs::file_type::symlink:
      fs::copy_symlink(entry.path(), to, failure);
      break;
    case fs::file_type::directory:
      fs::create_directory(to, failure);
      break;
    case fs::file_type::regular: {
      fs::copy_file(entry.path(), to, failure);
      const bool executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
      if (!failure) fs::permissions(to, fs::perms(executable ? 0755 : 0644), failure);
      break;
    }
    default:
      return infrastructure_error("cannot put " + entry.path().string() +
                                  " on a disk: it is neither a file, a folder nor a link");
  }
  if (failure) return failed("copy " + entry.path().string() + " to", to, failure);
  return {};
}
}  // namespace

Status apply_recipe(const Recipe& recipe, const fs::path& root) {
  auto unwanted = matches(root, recipe.remove);
  if (!unwanted) return std::move(unwanted).error();
  for (const auto& path : *unwanted) KMATRIX_TRY(support::remove_tree(path));
  for (const auto& [place, target] : recipe.links) KMATRIX_TRY(make_link(root, place, target));
  for (const auto& folder : recipe.folders) KMATRIX_TRY(make_parents(root, folder + "/."));
  for (const auto& [place, content] : recipe.files) KMATRIX_TRY(make_file(root, place, content));
  return {};
}

Status copy_item(const fs::path& from, const fs::path& to, std::stop_token stop) {
  KMATRIX_TRY(support::make_folders(to.parent_path()));
  std::error_code failure;
  const fs::directory_entry top(from, failure);
  if (failure || !top.exists(failure))
    return infrastructure_error("there is no " + from.string() + " to put on a disk");
  KMATRIX_TRY(copy_one(top, to));
  if (!is_really_folder(from)) return {};
  fs::recursive_directory_iterator walk(from, failure);
  for (const fs::recursive_directory_iterator end; !failure && walk != end;
       walk.increment(failure)) {
    if (stop.stop_requested()) return support::interrupted_error();
    KMATRIX_TRY(copy_one(*walk, to / walk->path().lexically_relative(from)));
  }
  if (failure) return failed("read", from, failure);
  return {};
}

Status link_folder(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  // Folders that are made here get the modes of those that they copy only through this attribute.
  fs::create_directory(to, from, failure);
  fs::recursive_directory_iterator walk(from, failure);
  for (const fs::recursive_directory_iterator end; !failure && walk != end;
       walk.increment(failure)) {
    const fs::path copy = to / walk->path().lexically_relative(from);
    if (is_really_folder(walk->path()))
      fs::create_directory(copy, walk->path(), failure);
    else
      fs::create_hard_link(walk->path(), copy, failure);
    if (failure) break;
  }
  if (failure) return failed("link " + from.string() + " to", to, failure);
  return {};
}

}  // namespace kmatrix::image
