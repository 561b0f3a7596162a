// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/package_memo.h"

#include <nlohmann/json.hpp>
#include <string>

#include "cache/memo_file.h"

namespace kmatrix::source {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::optional<DebianPackage> read_package(const fs::path& file) {
  const auto memo = cache::read_memo(file);
  if (!memo.text) return std::nullopt;
  const json entry = json::parse(*memo.text, nullptr, false);
  try {
    DebianPackage package;
    entry.at("package").get_to(package.package);
    entry.at("version").get_to(package.version);
    entry.at("uri").get_to(package.uri);
    entry.at("size").get_to(package.size);
    entry.at("sha256").get_to(package.sha256.hex);
    if (package.sha256.hex.size() == 64) return package;
  } catch (const json::exception&) {
  }
  return std::nullopt;
}

Status write_package(const fs::path& file, const DebianPackage& package) {
  const json entry = {{"package", package.package},
                      {"version", package.version},
                      {"uri", package.uri},
                      {"size", package.size},
                      {"sha256", package.sha256.hex}};
  return cache::write_memo(file, entry.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

}  // namespace

support::Digest tree_digest(const DebianPackage& package) {
  return support::Hasher().field("debian package", package.sha256.hex).finish();
}

fs::path PackageMemo::file_for(const spec::DebianOrigin& origin) const {
  // The names come from the user: a digest of them is safe as a file name.
  return folder_ / ("origin-" +
                    support::Hasher()
                        .field("package", origin.package)
                        .field("suite", origin.suite)
                        .field("version", origin.version)
                        .finish()
                        .hex +
                    ".json");
}

fs::path PackageMemo::file_for(const support::Digest& tree) const {
  return folder_ / ("tree-" + tree.hex + ".json");
}

std::optional<DebianPackage> PackageMemo::find(const spec::DebianOrigin& origin) const {
  return read_package(file_for(origin));
}

std::optional<DebianPackage> PackageMemo::find(const support::Digest& tree) const {
  auto package = read_package(file_for(tree));
  if (package && tree_digest(*package) != tree) return std::nullopt;
  return package;
}

Status PackageMemo::remember(const spec::DebianOrigin& origin, const DebianPackage& package) const {
  KMATRIX_TRY(write_package(file_for(tree_digest(package)), package));
  return write_package(file_for(origin), package);
}

}  // namespace kmatrix::source
