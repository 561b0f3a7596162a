// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/tree_store.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>
#include <variant>

#include "source/apply.h"
#include "source/copy_tree.h"
#include "source/debian.h"
#include "source/folder.h"
#include "source/kernel_tree.h"
#include "source/package_memo.h"
#include "source/unpack.h"
#include "support/file.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

TreeIdentity identity_of(const DebianPackage& package) {
  return {tree_digest(package), package.package + " " + package.version};
}

TreeIdentity identity_of(const spec::TarballOrigin& origin) {
  return {support::Hasher().field("tarball", origin.sha256.hex).finish(),
          fmt::format("{} sha256 {}", origin.path.filename().string(), origin.sha256.brief())};
}

TreeIdentity identity_of(const spec::FolderOrigin& origin, const support::Digest& content) {
  return {support::Hasher().field("folder", content.hex).finish(),
          fmt::format("folder {} content {}", origin.path.string(), content.brief())};
}

/// The tree object alone: a commit with another message and the same content is the same tree.
TreeIdentity identity_of(const spec::GitOrigin& origin, const GitCommit& commit) {
  return {support::Hasher().field("git", commit.tree).finish(),
          fmt::format("git {} {} commit {}", origin.repository, origin.revision,
                      commit.commit.substr(0, 12)),
          commit.tree};
}

/// Where the stats of a folder's files are kept.
fs::path stat_memo(const fs::path& cache, const fs::path& folder) {
  std::error_code failure;
  const fs::path full = fs::weakly_canonical(folder, failure);
  return cache / "resolved" / ("files-" + support::digest_of(full.native()).hex + ".txt");
}

bool is_there(const fs::path& path) {
  std::error_code missing;
  return fs::exists(path, missing);
}

/// usr/src/linux-source-*.tar.* of an unpacked package.
Result<fs::path> tarball_in(const fs::path& package, const Location& at) {
  std::error_code missing;
  for (fs::directory_iterator walk(package / "usr/src", missing), end; !missing && walk != end;
       walk.increment(missing)) {
    const std::string name = walk->path().filename().string();
    std::error_code unknown;
    if (name.starts_with("linux-source-") && name.find(".tar") != std::string::npos &&
        fs::is_regular_file(walk->symlink_status(unknown)))
      return walk->path();
  }
  return support::input_error("the package has no usr/src/linux-source-*.tar.xz", at,
                              "is it one of the linux-source-VERSION packages?");
}

}  // namespace

TreeStore::TreeStore(fs::path cache, support::ProcessRunner& runner,
                     std::function<void(std::string)> say, std::stop_token stop)
    : cache_(fs::absolute(cache).lexically_normal()),
      runner_(runner),
      say_(say ? std::move(say) : [](const std::string&) {}),
      stop_(std::move(stop)),
      git_(cache_, runner_, say_, stop_),
      entries_(cache_, say_, stop_) {}

Result<TreeIdentity> TreeStore::identify_package(const spec::DebianOrigin& origin,
                                                 const Location& at, bool refresh) {
  const PackageMemo memo(cache_);
  if (!refresh)
    if (const auto known = memo.find(origin)) return identity_of(*known);
  auto package = DebianArchive(cache_, runner_, say_, stop_).resolve(origin, at, refresh);
  if (!package) return package.error();
  KMATRIX_TRY(memo.remember(origin, *package));
  return identity_of(*package);
}

Result<TreeIdentity> TreeStore::identify_tarball(const spec::TarballOrigin& origin,
                                                 const Location& at) {
  TreeIdentity identity = identity_of(origin);
  // Its digest says all about it: once unpacked, the file is not needed any more.
  if (is_there(cache_ / "trees" / identity.digest.hex)) return identity;
  if (!is_there(origin.path))
    return support::input_error(fmt::format("there is no file {}", origin.path.string()), at);
  auto actual = support::digest_file(origin.path);
  if (!actual) return actual.error();
  if (*actual == origin.sha256) return identity;
  return support::input_error(fmt::format("{} has the SHA-256 {}, but {} is expected",
                                          origin.path.string(), actual->hex, origin.sha256.hex),
                              at,
                              "if the file is the right one, put its SHA-256 into the experiment");
}

Result<TreeIdentity> TreeStore::identify_folder(const spec::FolderOrigin& origin,
                                                const Location& at) {
  std::error_code missing;
  if (!fs::is_directory(origin.path, missing))
    return support::input_error(fmt::format("there is no folder {}", origin.path.string()), at);
  if (auto release = kernel_release(origin.path, at); !release) return release.error();
  KMATRIX_TRY(refuse_built_folder(origin.path, at));
  auto content = digest_tree(origin.path, stat_memo(cache_, origin.path), stop_);
  if (!content) {
    if (content.error().kind == ErrorKind::input) content.error().at = at;
    return content.error();
  }
  return identity_of(origin, *content);
}

Result<TreeIdentity> TreeStore::identify_git(const spec::GitOrigin& origin, bool refresh) {
  auto commit = git_.resolve(origin, refresh);
  if (!commit) return commit.error();
  return identity_of(origin, *commit);
}

Result<TreeIdentity> TreeStore::identify(const spec::Tree& tree, bool refresh) {
  auto identity = [&]() -> Result<TreeIdentity> {
    if (const auto* package = std::get_if<spec::DebianOrigin>(&tree.origin))
      return identify_package(*package, tree.at, refresh);
    if (const auto* tarball = std::get_if<spec::TarballOrigin>(&tree.origin))
      return identify_tarball(*tarball, tree.at);
    if (const auto* git = std::get_if<spec::GitOrigin>(&tree.origin))
      return identify_git(*git, refresh);
    return identify_folder(std::get<spec::FolderOrigin>(tree.origin), tree.at);
  }();
  return support::with_context(std::move(identity),
                               fmt::format("while looking up tree {}", tree.name));
}

std::optional<TreeIdentity> TreeStore::identify_cheaply(const spec::Tree& tree) {
  if (const auto* package = std::get_if<spec::DebianOrigin>(&tree.origin)) {
    const auto known = PackageMemo(cache_).find(*package);
    if (known) return identity_of(*known);
    return std::nullopt;
  }
  if (const auto* tarball = std::get_if<spec::TarballOrigin>(&tree.origin))
    return identity_of(*tarball);
  if (const auto* git = std::get_if<spec::GitOrigin>(&tree.origin)) {
    const auto commit = git_.resolve_cheaply(*git);
    if (!commit) return std::nullopt;
    return identity_of(*git, *commit);
  }
  const auto& folder = std::get<spec::FolderOrigin>(tree.origin);
  const auto content = digest_tree_cheaply(folder.path, stat_memo(cache_, folder.path), stop_);
  if (!content || !*content) return std::nullopt;
  return identity_of(folder, **content);
}

Status TreeStore::fill_from_package(const TreeIdentity& identity, const Location& at,
                                    const fs::path& scratch, const fs::path& into) {
  const auto package = PackageMemo(cache_).find(identity.digest);
  if (!package)
    return support::infrastructure_error(
        fmt::format("the cache no longer says where {} comes from", identity.description),
        "refresh the tree");
  auto file = DebianArchive(cache_, runner_, say_, stop_).download(*package, scratch);
  if (!file) return file.error();
  support::Command extract;
  extract.argv = {"dpkg-deb", "--extract", file->string(), (scratch / "package").string()};
  extract.stop = stop_;
  auto extracted = support::run_checked(runner_, extract);
  if (!extracted) return extracted.error();
  std::error_code ignored;
  fs::remove(*file, ignored);
  auto tarball = tarball_in(scratch / "package", at);
  if (!tarball) return tarball.error();
  say_(fmt::format("unpacking {}", identity.description));
  return unpack_tree(*tarball, into, at, stop_);
}

Status TreeStore::fill_from_folder(const spec::FolderOrigin& origin, const TreeIdentity& identity,
                                   const Location& at, const fs::path& scratch,
                                   const fs::path& into) {
  say_(fmt::format("copying {}", identity.description));
  KMATRIX_TRY(snapshot_tree(origin.path, into, stop_));
  auto content = digest_tree(into, scratch / "files.txt", stop_);
  if (!content) return content.error();
  if (identity_of(origin, *content).digest == identity.digest) return {};
  return support::input_error(
      fmt::format("{} was changed while it was being copied", origin.path.string()), at,
      "run it again");
}

Status TreeStore::fill(const spec::Tree& tree, const TreeIdentity& identity,
                       const fs::path& scratch, const fs::path& into) {
  KMATRIX_TRY(support::make_folders(into));
  if (std::holds_alternative<spec::DebianOrigin>(tree.origin)) {
    KMATRIX_TRY(fill_from_package(identity, tree.at, scratch, into));
  } else if (const auto* tarball = std::get_if<spec::TarballOrigin>(&tree.origin)) {
    auto checked = identify_tarball(*tarball, tree.at);
    if (!checked) return checked.error();
    say_(fmt::format("unpacking {}", identity.description));
    KMATRIX_TRY(unpack_tree(tarball->path, into, tree.at, stop_));
  } else if (const auto* git = std::get_if<spec::GitOrigin>(&tree.origin)) {
    say_(fmt::format("unpacking {}", identity.description));
    KMATRIX_TRY(git_.unpack(*git, identity.git_tree, scratch, into, tree.at));
  } else {
    const auto& folder = std::get<spec::FolderOrigin>(tree.origin);
    KMATRIX_TRY(fill_from_folder(folder, identity, tree.at, scratch, into));
  }
  if (auto release = kernel_release(into, tree.at); !release) return release.error();
  return {};
}

Result<fs::path> TreeStore::pristine(const spec::Tree& tree, const TreeIdentity& identity) {
  cache::Making making;
  making.label = identity.description;
  making.make = [&](const fs::path& scratch, const fs::path& fresh) {
    return fill(tree, identity, scratch, fresh);
  };
  auto found = entries_.get({"trees", identity.digest.hex}, making);
  if (found) return found->path;
  return support::with_context(std::move(found), fmt::format("while preparing tree {}", tree.name))
      .error();
}

Result<fs::path> TreeStore::patched(const spec::Tree& tree, const TreeIdentity& identity,
                                    const std::vector<spec::Patch>& patches) {
  if (patches.empty()) return pristine(tree, identity);
  support::Hasher digest;
  digest.field("tree", identity.digest.hex);
  for (const auto& patch : patches) digest.field("patch", patch.content);
  // The copy shares files with the tree, which must not look unused beside it.
  const cache::Entry original{"trees", identity.digest.hex};
  if (auto kept = entries_.keep(original); !kept) return kept.error();
  cache::Making making;
  making.label = fmt::format("{} with {} patches", identity.description, patches.size());
  making.like = original;
  making.make = [&](const fs::path& scratch, const fs::path& fresh) -> Status {
    auto folder = pristine(tree, identity);
    if (!folder) return folder.error();
    PatchApplier applier(runner_, scratch, stop_);
    KMATRIX_TRY(applier.rehearse(patches, *folder));
    KMATRIX_TRY(link_tree(*folder, fresh, stop_));
    return applier.apply(patches, fresh);
  };
  auto found = entries_.get({"sources", digest.finish().hex}, making);
  if (found) return found->path;
  return support::with_context(std::move(found), fmt::format("while patching tree {}", tree.name))
      .error();
}

}  // namespace kmatrix::source
