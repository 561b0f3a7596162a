// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "spec/experiment.h"
#include "spec/git.h"
#include "support/digest.h"

namespace kmatrix::spec {

namespace fs = std::filesystem;

namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

/// What an origin means: keys of the file with their values, and the origin with absolute paths.
struct Meaning {
  Values values;
  std::string written;
};

std::string full_path(const std::string& written) {
  return fs::absolute(written).lexically_normal().string();
}

std::string full_repository(const std::string& written) {
  return is_url(written) ? written : full_path(written);
}

bool is_folder(const std::string& path) {
  std::error_code missing;
  return fs::is_directory(path, missing);
}

bool is_file(const std::string& path) {
  std::error_code missing;
  return fs::is_regular_file(path, missing);
}

/// Where the '@' between repository and revision is. A URL may have one in front of its host, and
/// the name of a folder may have some.
std::size_t revision_sign(const std::string& origin) {
  std::size_t from = 0;
  if (is_url(origin)) {
    const auto scheme = origin.find("://");
    from = scheme == std::string::npos ? origin.find(':') : origin.find('/', scheme + 3);
  }
  const auto first = from == std::string::npos ? from : origin.find('@', from);
  if (is_url(origin)) return first;
  for (auto at = first; at != std::string::npos; at = origin.find('@', at + 1))
    if (is_folder(origin.substr(0, at))) return at;
  return first;
}

/// PACKAGE[/SUITE][=VERSION], as apt-get takes it.
Meaning debian_package(const std::string& origin) {
  const auto package_end = std::min(origin.find_first_of("/="), origin.size());
  Meaning meaning{{{"debian", origin.substr(0, package_end)}}, origin};
  auto rest = origin.substr(package_end);
  const auto equals = rest.find('=');
  if (rest.starts_with('/'))
    meaning.values.emplace_back(
        "suite", rest.substr(1, equals == std::string::npos ? std::string::npos : equals - 1));
  if (equals != std::string::npos) meaning.values.emplace_back("version", rest.substr(equals + 1));
  return meaning;
}

Result<Meaning> meaning_of_tree(const std::string& origin, const Location& at) {
  const auto path = full_path(origin);
  if (is_folder(origin)) return Meaning{{{"folder", path}}, path};
  if (is_file(origin)) {
    auto digest = support::digest_file(origin);
    if (!digest) return digest.error();
    return Meaning{{{"tarball", path}, {"sha256", digest->hex}}, path};
  }
  if (const auto sign = revision_sign(origin); sign != std::string::npos && sign > 0) {
    const auto repository = full_repository(origin.substr(0, sign));
    const auto revision = origin.substr(sign + 1);
    return Meaning{{{"git", repository}, {"revision", revision}}, repository + "@" + revision};
  }
  if (is_url(origin))
    return support::input_error(fmt::format("{} lacks a revision", quote(origin)), at,
                                "write URL@REVISION");
  if (origin.starts_with("linux-source-")) return debian_package(origin);
  return Meaning{{{"folder", path}}, path};
}

Result<Meaning> meaning_of_series(const std::string& origin, const Location& at) {
  const auto path = full_path(origin);
  const auto colon = origin.rfind(':');
  if (!is_folder(origin) && !is_file(origin)) {
    if (colon != std::string::npos && colon > 0 && origin.find("..", colon) != std::string::npos) {
      const auto repository = full_repository(origin.substr(0, colon));
      const auto range = origin.substr(colon + 1);
      return Meaning{{{"git", repository}, {"range", range}}, repository + ":" + range};
    }
    if (origin.find('/') == std::string::npos && !split_range(origin).from.empty())
      return support::input_error(fmt::format("the range {} has no repository", quote(origin)), at,
                                  "write REPOSITORY:" + origin);
  }
  return Meaning{{{"patches", path}}, path};
}

class Overriding {
 public:
  Overriding(const Override& override, Problems& problems)
      : is_tree_(override.what == Override::tree),
        option_(is_tree_ ? "--tree" : "--series"),
        text_(override.text),
        at_{option_, 0, 0},
        problems_(problems) {}

  /// With absolute paths; nullopt if it was reported.
  std::optional<Override> apply(YamlNode& experiment) {
    const auto equals = text_.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text_.size()) {
      problems_.add(at_, fmt::format("{} is not of the form NAME=ORIGIN", quote(text_)),
                    is_tree_ ? "for example v6.12=~/linux@my-branch"
                             : "for example fix=~/linux:v6.12..my-branch");
      return std::nullopt;
    }
    const auto name = text_.substr(0, equals);
    auto* entry = find(experiment, name);
    if (entry == nullptr) return std::nullopt;
    const auto origin = text_.substr(equals + 1);
    const auto meaning = is_tree_ ? meaning_of_tree(origin, at_) : meaning_of_series(origin, at_);
    if (!meaning) {
      auto error = meaning.error();
      error.at = at_;
      problems_.add(std::move(error));
      return std::nullopt;
    }
    replace(*entry, *meaning);
    return Override{is_tree_ ? Override::tree : Override::series, name + "=" + meaning->written};
  }

 private:
  Entry* find(YamlNode& experiment, const std::string& name) {
    std::vector<std::string> known;
    for (auto& section : experiment.entries) {
      if (section.key != (is_tree_ ? "trees" : "series")) continue;
      for (auto& entry : section.value.entries) {
        if (entry.key == name) return &entry;
        known.push_back(entry.key);
      }
    }
    if (!is_tree_ && name == base_series)
      problems_.add(at_, "the series 'base' always exists and has no patches",
                    "override another series");
    else
      problems_.unknown(at_, is_tree_ ? "tree" : "series", name, option_, known);
    return nullptr;
  }

  void replace(Entry& entry, const Meaning& meaning) {
    YamlNode node{.kind = NodeKind::map, .at = at_};
    for (const auto& [key, value] : meaning.values)
      node.entries.push_back(
          {key, at_, {.kind = NodeKind::scalar, .text = value, .quoted = true, .at = at_}});
    for (const auto& old : entry.value.entries)
      if (old.key == "prefixes") node.entries.push_back(old);
    entry.value = std::move(node);
    entry.at = at_;
  }

  bool is_tree_;
  std::string option_, text_;
  Location at_;
  Problems& problems_;
};

}  // namespace

std::vector<Override> apply_overrides(YamlNode& experiment, const std::vector<Override>& overrides,
                                      Problems& problems) {
  std::vector<Override> applied;
  for (const auto& override : overrides)
    if (auto done = Overriding(override, problems).apply(experiment))
      applied.push_back(std::move(*done));
  return applied;
}

}  // namespace kmatrix::spec
