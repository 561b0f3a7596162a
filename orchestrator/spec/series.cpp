// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "spec/files.h"
#include "spec/sections.h"

namespace kmatrix::spec {

namespace {

constexpr std::string_view folder_or_mbox = "a folder of *.patch files, or an mbox";
constexpr std::string_view two_revisions = "two revisions such as v6.12..topic";

using PatchesReader = std::function<std::vector<Patch>(const Field&)>;

/// A value for all trees, or a mapping of trees to values.
void read_by_tree(const Field& field, std::string_view expected, const Reading& reading,
                  Series& series, const PatchesReader& read) {
  if (!field) return;
  if (field.node->kind != NodeKind::map) {
    series.by_tree[""] = read(field);
    return;
  }
  if (field.node->entries.empty())
    report_type(field, fmt::format("{}; or a mapping of trees to such", expected),
                reading.problems);
  for (const auto& [tree, at, value] : field.node->entries) {
    const YamlNode name{.kind = NodeKind::scalar, .text = tree, .at = at};
    reading.check_reference(name, "tree", field.what, reading.names.trees);
    series.by_tree[tree] = read({&value, field.what + " for tree " + quote(tree)});
  }
}

std::vector<Patch> read_files(const Field& field, const Reading& reading) {
  const auto written = read_text(field, folder_or_mbox, reading.problems);
  if (!written) return {};
  return read_patches(reading.path(*written), field.node->at, reading.problems);
}

std::vector<Patch> read_commits(const Field& field, const std::string& repository,
                                const Location& repository_at, const Reading& reading) {
  const auto text = read_text(field, two_revisions, reading.problems);
  if (!text) return {};
  auto range = split_range(*text);
  if (range.from.empty()) {
    report_type(field, two_revisions, reading.problems,
                "the commits of the second that the first does not have");
    return {};
  }
  if (repository.empty() || reading.git == nullptr) return {};
  range.repository = repository;
  range.repository_at = repository_at;
  range.range_at = field.node->at;
  auto patches = reading.git->read_range(range);
  if (patches) return std::move(*patches);
  reading.problems.add(std::move(patches).error());
  return {};
}

Series read_one_series(const Entry& entry, const Fields& fields, const Reading& reading) {
  Series series{entry.key, {}, entry.at};
  auto& problems = reading.problems;
  if (entry.key == base_series)
    problems.add(entry.at, "the series 'base' always exists and has no patches",
                 "give your series another name");
  if (!check_one_of(entry, fields, "series", {"patches", "git"}, problems)) return series;
  check_only_with(fields, "range", "git", problems);
  if (const auto patches = fields.optional("patches")) {
    read_by_tree(patches, folder_or_mbox, reading, series,
                 [&](const Field& field) { return read_files(field, reading); });
    return series;
  }
  const auto git = fields.optional("git");
  const auto repository = read_repository(git, reading);
  read_by_tree(fields.required("range"), two_revisions, reading, series, [&](const Field& field) {
    return read_commits(field, repository, git.node->at, reading);
  });
  return series;
}

/// How many patches the series has; reports it if that depends on the tree. 0: not known.
std::size_t length_of(const Series& series, const Field& prefixes, Problems& problems) {
  if (series.by_tree.empty()) return 0;
  const auto& [first_tree, first] = *series.by_tree.begin();
  for (const auto& [tree, patches] : series.by_tree) {
    if (patches.empty()) return 0;
    if (patches.size() == first.size()) continue;
    problems.add(prefixes.node->at,
                 fmt::format("{}: it has {} patches for tree {} and {} for tree {}", prefixes.what,
                             first.size(), quote(first_tree), patches.size(), quote(tree)),
                 "make two series of it");
    return 0;
  }
  return first.size();
}

/// Every proper prefix of a series, as a series of its own: "NAME.1of3", "NAME.2of3".
std::vector<Series> prefixes_of(const Series& series, std::size_t length) {
  std::vector<Series> prefixes;
  for (std::size_t count = 1; count < length; ++count) {
    Series prefix{fmt::format("{}.{}of{}", series.name, count, length), {}, series.at};
    for (const auto& [tree, patches] : series.by_tree)
      prefix.by_tree[tree] = {patches.begin(),
                              patches.begin() + static_cast<std::ptrdiff_t>(count)};
    prefixes.push_back(std::move(prefix));
  }
  return prefixes;
}

}  // namespace

std::vector<Series> read_series(const YamlNode* section, Reading& reading) {
  std::vector<Series> all{{base_series, {}, {}}};
  bool names_known = !reading.names.series.empty();
  const auto read = [&](const Entry& entry, const Fields& fields) {
    auto series = read_one_series(entry, fields, reading);
    const auto prefixes = fields.optional("prefixes");
    if (read_word(prefixes, {"true", "false"}, reading.problems) == "true") {
      const auto length = length_of(series, prefixes, reading.problems);
      // Without its patches nobody knows what the prefixes are called.
      names_known = names_known && length > 0;
      for (auto& prefix : prefixes_of(series, length)) {
        check_name(prefix.name, entry.at, "a prefix of a series", reading.problems);
        all.push_back(std::move(prefix));
      }
    }
    all.push_back(std::move(series));
  };
  for_each_named({section, "series", "series", keys::series}, reading, read);
  reading.names.series.clear();
  for (std::size_t i = 0; i < all.size() && names_known; ++i) {
    if (spec::find(all, all[i].name) != &all[i] && all[i].name != base_series)
      reading.problems.add(all[i].at, fmt::format("there are two series {}", quote(all[i].name)),
                           "one of them is a prefix of another series");
    reading.names.series.push_back(all[i].name);
  }
  return all;
}

}  // namespace kmatrix::spec
