// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include "spec/files.h"
#include "spec/sections.h"

namespace kmatrix::spec {

namespace {

DebianOrigin read_debian(const Fields& fields, Problems& problems) {
  return {
      read_argument(fields.optional("debian"), ".+-",
                    "a Debian source package such as linux-source-6.12", problems),
      read_argument(fields.optional("suite"), "._/-", "a Debian suite such as bookworm", problems),
      read_argument(fields.optional("version"), "._+:~-", "a version of the package", problems)};
}

std::filesystem::path read_path(const Field& field, bool folder, const Reading& reading) {
  const auto written = read_text(field, folder ? "a folder" : "a file", reading.problems);
  if (!written) return {};
  auto path = reading.path(*written);
  check_path(path, folder ? "folder" : "file", folder, field.node->at, reading.problems);
  return path;
}

support::Digest read_sha256(const Field& field, Problems& problems) {
  constexpr std::string_view expected = "64 hexadecimal digits";
  auto text = read_text(field, expected, problems).value_or("");
  if (text.empty()) return {};
  const bool good =
      text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (!good) report_type(field, expected, problems, "sha256sum FILE prints them");
  for (auto& c : text)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  return {text};
}

GitOrigin read_git(const Fields& fields, const Reading& reading) {
  constexpr std::string_view expected = "a revision such as v6.12 or a branch";
  const auto repository = fields.optional("git");
  const auto revision = fields.required("revision");
  GitOrigin origin;
  origin.repository = read_repository(repository, reading);
  origin.revision = read_text(revision, expected, reading.problems).value_or("");
  if (!origin.revision.empty() && !is_revision(origin.revision)) {
    report_type(revision, expected, reading.problems);
    origin.revision.clear();
  }
  if (origin.repository.empty() || origin.revision.empty()) return origin;
  origin.repository_at = repository.node->at;
  origin.revision_at = revision.node->at;
  if (reading.git == nullptr) return origin;
  if (auto checked = reading.git->check(origin); !checked)
    reading.problems.add(std::move(checked).error());
  return origin;
}

Tree read_tree(const Entry& entry, const Fields& fields, const Reading& reading) {
  Tree tree{entry.key, {}, entry.at};
  auto& problems = reading.problems;
  if (!check_one_of(entry, fields, "tree", {"debian", "folder", "tarball", "git"}, problems))
    return tree;
  check_only_with(fields, "suite", "debian", problems);
  check_only_with(fields, "version", "debian", problems);
  check_only_with(fields, "sha256", "tarball", problems);
  check_only_with(fields, "revision", "git", problems);
  if (fields.optional("debian"))
    tree.origin = read_debian(fields, problems);
  else if (fields.optional("folder"))
    tree.origin = FolderOrigin{read_path(fields.optional("folder"), true, reading)};
  else if (fields.optional("git"))
    tree.origin = read_git(fields, reading);
  else
    tree.origin = TarballOrigin{read_path(fields.optional("tarball"), false, reading),
                                read_sha256(fields.required("sha256"), problems)};
  return tree;
}

}  // namespace

std::string read_repository(const Field& field, const Reading& reading) {
  constexpr std::string_view expected =
      "a git repository: its folder, or a URL (https, http, git, ssh or file)";
  auto written = read_text(field, expected, reading.problems);
  if (!written) return {};
  if (is_url(*written)) {
    if (is_good_url(*written)) return *written;
    report_type(field, expected, reading.problems);
    return {};
  }
  const auto path = reading.path(*written);
  const auto known = reading.problems.count();
  check_path(path, "git repository", true, field.node->at, reading.problems);
  return reading.problems.count() == known ? path.string() : "";
}

std::vector<Tree> read_trees(const YamlNode* section, const Reading& reading) {
  std::vector<Tree> trees;
  const auto read = [&](const Entry& entry, const Fields& fields) {
    trees.push_back(read_tree(entry, fields, reading));
  };
  for_each_named({section, "trees", "tree", keys::tree}, reading, read);
  return trees;
}

}  // namespace kmatrix::spec
