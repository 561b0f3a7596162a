// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/bundle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "spec/document.h"
#include "spec/files.h"
#include "spec/git.h"
#include "spec/problems.h"
#include "support/file.h"

namespace kmatrix::bundle {

namespace fs = std::filesystem;

namespace {

constexpr const char* manifest_file = "manifest.json";

Error damaged(const std::string& why) {
  return support::input_error(why, {}, "it was damaged or changed; ask for it again");
}

Status check_files(const Bundle& bundle) {
  for (const auto& file : bundle.manifest.files) {
    const auto found = bundle.files.find(file.path);
    if (found == bundle.files.end()) return damaged(file.path + " lacks");
    const auto& content = found->second.content;
    if (content.size() != file.size || support::digest_of(content).hex != file.sha256)
      return damaged(file.path + " is not what the manifest says it is");
  }
  for (const auto& [name, member] : bundle.files) {
    const auto is = [path = name](const FileRecord& file) { return file.path == path; };
    if (std::count_if(bundle.manifest.files.begin(), bundle.manifest.files.end(), is) != 1)
      return damaged("the manifest does not have " + name);
  }
  if (bundle.files.count(experiment_file) == 0)
    return damaged(std::string(experiment_file) + " lacks");
  return {};
}

/// The keys of an experiment whose values are paths, or may be.
constexpr std::array<std::string_view, 6> paths = {"fragments",  "patches", "files",
                                                   "deny_files", "folder",  "tarball"};

/// The tree of a script's cases, commands and so on has no such keys: that these words are keys of
/// paths wherever they stand can only refuse more.
class Strays {
 public:
  void look_at(const spec::YamlNode& node, std::string_view key) {
    for (const auto& entry : node.entries)
      look_at(entry.value, is_path_key(entry.key) ? std::string_view(entry.key) : key);
    for (const auto& item : node.items) look_at(item, key);
    if (node.kind != spec::NodeKind::scalar || !found_.empty()) return;
    if (is_path_key(key) && !stays(node.text)) found_ = node.text;
  }
  void look_at_repositories(const spec::YamlNode& node) {
    for (const auto& entry : node.entries) {
      if (entry.key == "git" && entry.value.kind == spec::NodeKind::scalar &&
          !(spec::is_url(entry.value.text) && spec::is_good_url(entry.value.text)))
        found_ = entry.value.text;
      look_at_repositories(entry.value);
    }
    for (const auto& item : node.items) look_at_repositories(item);
  }
  const std::string& found() const { return found_; }

 private:
  static bool is_path_key(std::string_view key) {
    return std::find(paths.begin(), paths.end(), key) != paths.end();
  }
  static bool stays(const std::string& path) {
    return spec::stays_below(path.starts_with("tree:") ? path.substr(5) : path) &&
           !path.starts_with("kmatrix:");
  }
  std::string found_;
};

Status check_experiment(const std::string& text) {
  spec::Problems problems;
  const auto document = spec::parse_document(text, experiment_file, problems);
  auto errors = problems.take(experiment_file);
  if (!errors.empty()) return errors.front();
  if (!document) return damaged(std::string(experiment_file) + " is empty");
  Strays strays;
  strays.look_at(*document, "");
  strays.look_at_repositories(*document);
  if (strays.found().empty()) return {};
  return support::input_error(fmt::format("{} names {}, which is not in the bundle",
                                          experiment_file, spec::quote(strays.found(), 200)),
                              {}, "a bundle that `kmatrix bundle` writes has all in it");
}

Result<Loaded> read(const fs::path& file) {
  auto members = read_archive(file);
  if (!members) return members.error();
  const auto found = members->find(manifest_file);
  if (found == members->end()) return damaged(std::string(manifest_file) + " lacks");
  auto manifest = parse_manifest(found->second.content);
  if (!manifest) return manifest.error();
  Loaded loaded{{std::move(*manifest), {}}, support::digest_of(found->second.content)};
  members->erase(found);
  loaded.bundle.files = std::move(*members);
  KMATRIX_TRY(check_files(loaded.bundle));
  KMATRIX_TRY(check_experiment(loaded.bundle.files.at(experiment_file).content));
  return loaded;
}

}  // namespace

Status save(Bundle bundle, const fs::path& file) {
  bundle.manifest.files.clear();
  for (const auto& [name, member] : bundle.files) {
    if (!is_member_name(name))
      return support::infrastructure_error("a member of the bundle cannot be called " + name);
    bundle.manifest.files.push_back(
        {name, support::digest_of(member.content).hex, member.content.size()});
  }
  bundle.files[manifest_file].content = to_json(bundle.manifest);
  return write_archive(file, bundle.files, manifest_file);
}

Result<Loaded> load(const fs::path& file) {
  return support::with_context(read(file), "while reading " + file.string());
}

Status unpack(const Loaded& loaded, const fs::path& folder) {
  for (const auto& [name, member] : loaded.bundle.files) {
    const auto path = folder / name;
    std::error_code failure;
    if (fs::is_regular_file(fs::symlink_status(path, failure))) {
      const auto before = support::read_file(path);
      if (before && *before == member.content) continue;
    }
    KMATRIX_TRY(support::make_folders(path.parent_path()));
    KMATRIX_TRY(support::write_file(path, member.content));
    if (!member.executable) continue;
    fs::permissions(path, fs::perms(0755), failure);
    if (failure)
      return support::infrastructure_error("cannot make " + path.string() + " executable");
  }
  return {};
}

}  // namespace kmatrix::bundle
