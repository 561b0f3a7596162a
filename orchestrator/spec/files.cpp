// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/files.h"

#include <fmt/format.h>

#include <algorithm>

#include "spec/mbox.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::spec {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest_patch = 16 << 20;
constexpr std::size_t longest_mbox = 64 << 20;
constexpr std::size_t longest_path = 300;  ///< in a message
/// A did-you-mean over a folder looks at so many names at most.
constexpr std::size_t most_names = 2'000;

/// Names in a folder, in byte order; empty if it cannot be read.
std::vector<std::string> names_in(const fs::path& folder, std::size_t most) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator each(folder.empty() ? fs::path(".") : folder, error);
  for (; !error && each != fs::directory_iterator() && names.size() < most; each.increment(error))
    names.push_back(each->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string hint_for_missing(const fs::path& path) {
  auto hint =
      support::did_you_mean(path.filename().string(), names_in(path.parent_path(), most_names));
  if (!hint.empty()) return hint;
  if (path.string().find('~') != std::string::npos)
    return "'~' is not expanded: write the path out";
  if (path.is_absolute()) return "";
  return "paths are relative to the experiment's file";
}

Error missing(const fs::path& path, const std::string& what, const Location& at) {
  return support::input_error(
      fmt::format("{} {} does not exist", what, quote(path.string(), longest_path)), at,
      hint_for_missing(path));
}

std::optional<Error> refuse(const fs::path& path, const std::string& what, bool folder,
                            const Location& at) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return missing(path, what, at);
  if (status.type() == fs::file_type::none)
    return support::input_error(fmt::format("{} {} cannot be read: {}", what,
                                            quote(path.string(), longest_path), error.message()),
                                at);
  const bool fits = folder ? fs::is_directory(status) : fs::is_regular_file(status);
  if (fits) return std::nullopt;
  return support::input_error(fmt::format("{} {} is {}", what, quote(path.string(), longest_path),
                                          fs::is_directory(status) ? "a folder" : "not a file"),
                              at, folder ? "a folder is expected" : "a file is expected");
}

std::vector<Patch> read_patch_folder(const fs::path& folder, const Location& at,
                                     Problems& problems) {
  std::vector<Patch> patches;
  bool none = true;
  for (const auto& name : names_in(folder, static_cast<std::size_t>(-1))) {
    if (!name.ends_with(".patch")) continue;
    none = false;
    auto content = read_input(folder / name, "patch", longest_patch, at);
    if (content)
      patches.push_back({folder / name, std::move(*content)});
    else
      problems.add(std::move(content).error());
  }
  if (none)
    problems.add(
        at,
        fmt::format("patch folder {} has no *.patch file", quote(folder.string(), longest_path)),
        "one patch a file, as `git format-patch` writes them; of an mbox name the file");
  return patches;
}

}  // namespace

bool stays_below(const fs::path& path) {
  return !path.empty() && path.is_relative() &&
         std::find(path.begin(), path.end(), "..") == path.end();
}

std::optional<std::string> path_in_tree(const YamlNode& name, Problems& problems) {
  constexpr std::string_view prefix = "tree:";
  if (!name.text.starts_with(prefix)) return std::nullopt;
  auto path = name.text.substr(prefix.size());
  if (stays_below(path)) return path;
  problems.add(name.at, fmt::format("{} is not a path below the tree", quote(path)));
  return "";
}

Result<std::string> read_input(const fs::path& file, const std::string& what, std::size_t most,
                               const Location& at) {
  if (auto refused = refuse(file, what, false, at)) return std::move(*refused);
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (!error && size > most)
    return support::input_error(fmt::format("{} {} is too large: {} bytes, at most {} are good",
                                            what, quote(file.string(), longest_path), size, most),
                                at);
  auto content = support::read_file(file);
  if (content) return content;
  return support::input_error(
      fmt::format("{} {} cannot be read: {}", what, quote(file.string(), longest_path),
                  content.error().message),
      at, content.error().hint);
}

std::vector<Patch> read_patches(const fs::path& path, const Location& at, Problems& problems) {
  std::error_code error;
  const auto type = fs::status(path, error).type();
  if (type == fs::file_type::directory) return read_patch_folder(path, at, problems);
  if (type == fs::file_type::not_found) {
    problems.add(missing(path, "patch folder or file", at));
    return {};
  }
  auto text = read_input(path, "patch file", longest_mbox, at);
  if (text) return parse_mbox(*text, path, at, problems);
  problems.add(std::move(text).error());
  return {};
}

void check_path(const fs::path& path, const std::string& what, bool folder, const Location& at,
                Problems& problems) {
  if (auto refused = refuse(path, what, folder, at)) problems.add(std::move(*refused));
}

}  // namespace kmatrix::spec
