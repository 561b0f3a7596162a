// SPDX-License-Identifier: GPL-2.0-or-later
// What the cache holds:
//   rootfs/KEY/root        an unpacked root file system
//   rootfs/KEY/digest      digest of its content
//   images/DIGEST.erofs    root disks: such a root with an agent
//   disks/DIGEST.erofs     cell disks
//   disks/memo/KEY         digest of the disk that came of items that looked like this
// KEY of a root file system is that of its recipe's text, not of the package versions behind it: an
// experiment goes on with the same root until its recipe changes, and needs no network for that.
#include "image/image_store.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "cache/memo_file.h"
#include "cache/work_folder.h"
#include "image/mirror.h"
#include "image/place.h"
#include "image/root_tree.h"
#include "image/unpack.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::image {

namespace fs = std::filesystem;
using support::Digest;
using support::Hasher;
using support::infrastructure_error;

namespace {
/// Raised when the same inputs give another disk than before.
constexpr char layout[] = "1";

Status require_program(const std::string& name, const std::string& package) {
  if (!support::find_program(name).empty()) return {};
  return infrastructure_error(name + " is not installed", "sudo apt-get install " + package);
}

/// How a file looks from outside. Reading all of a disk's content each time would take seconds.
void add_look(Hasher& hasher, const std::string& place, const fs::path& path) {
  struct stat look {};
  if (lstat(path.c_str(), &look) != 0) return;
  hasher.field("place", place)
      .field("look", fmt::format("{:o} {} {} {} {}.{:09}", look.st_mode, look.st_dev, look.st_ino,
                                 look.st_size, look.st_mtim.tv_sec, look.st_mtim.tv_nsec));
}

Result<Digest> look_of(const std::vector<DiskItem>& items) {
  Hasher hasher;
  hasher.field("layout", layout);
  for (const auto& item : items) {
    hasher.field("from", item.from.string());
    add_look(hasher, item.to, item.from);
    std::error_code failure;
    if (!fs::is_directory(item.from, failure)) continue;
    fs::recursive_directory_iterator walk(item.from, failure);
    for (const fs::recursive_directory_iterator end; !failure && walk != end;
         walk.increment(failure))
      add_look(hasher, walk->path().string(), walk->path());
    if (failure)
      return infrastructure_error("cannot read " + item.from.string() + ": " + failure.message());
  }
  return hasher.finish();
}

/// The environment of this process, but for a place of ours for temporary files.
std::map<std::string, std::string> environment(const fs::path& temporary) {
  std::map<std::string, std::string> all;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view entry(*each);
    const auto equals = entry.find('=');
    if (equals != std::string_view::npos)
      all.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  all["TMPDIR"] = temporary.string();
  all["LC_ALL"] = "C.UTF-8";
  return all;
}

/// The variant "extract" only unpacks, so the mode "chrootless" is right for root as well: it
/// mounts nothing, needs no name spaces, and gives the same files to every user.
support::Command mmdebstrap(const Recipe& recipe, const PackageSource& source,
                            const fs::path& folder) {
  std::vector<std::string> archs{recipe.arch};
  archs.insert(archs.end(), recipe.foreign.begin(), recipe.foreign.end());
  support::Command command;
  command.argv = {"mmdebstrap",
                  "--mode=chrootless",
                  "--variant=extract",
                  "--format=tar",
                  "--arch=" + support::join(archs, ","),
                  "--include=" + support::join(recipe.packages, ",")};
  for (const auto& option : source.apt_options) command.argv.push_back("--aptopt=" + option);
  command.argv.insert(command.argv.end(),
                      {recipe.suite, (folder / "root.tar").string(), source.mirror});
  command.env = environment(folder);
  command.timeout = std::chrono::minutes(30);
  return command;
}
}  // namespace

ImageStore::ImageStore(fs::path cache, support::ProcessRunner& runner,
                       std::function<void(std::string)> say, std::stop_token stop)
    : cache_(std::move(cache)),
      runner_(runner),
      say_(std::move(say)),
      stop_(std::move(stop)),
      entries_(cache_, say_, stop_) {}

Result<fs::path> ImageStore::root_disk(const Recipe& recipe, const fs::path& agent) {
  const auto unpacked = root(recipe, cache::Depth::read);
  if (!unpacked) return unpacked.error();
  const auto agent_digest = support::digest_file(agent);
  if (!agent_digest) return agent_digest.error();
  const Digest digest = Hasher()
                            .field("layout", layout)
                            .field("root", unpacked->content.hex)
                            .field("agent", agent_digest->hex)
                            .finish();
  const auto stage = [&](const fs::path& folder) -> Status {
    KMATRIX_TRY(link_folder(unpacked->folder, folder));
    return copy_item(agent, folder / "sbin/kmatrix-agent", stop_);
  };
  return disk({"images", digest.hex + ".erofs"}, "image " + recipe.name, stage);
}

namespace {
Status move_into_place(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::rename(from, to, failure);
  if (failure)
    return infrastructure_error(
        fmt::format("cannot move {} to {}: {}", from.string(), to.string(), failure.message()));
  return {};
}

/// A disk's content in a folder of ours, with the digest that names the disk.
struct Staged {
  cache::WorkFolder work;
  Digest digest;
  fs::path folder() const { return work.path() / "disk"; }
};

Result<Staged> stage_items(const fs::path& cache, const std::vector<DiskItem>& items,
                           const std::stop_token& stop) {
  auto work = cache::WorkFolder::create(cache, "cell-");
  if (!work) return work.error();
  Staged staged{std::move(*work), {}};
  KMATRIX_TRY(support::make_folders(staged.folder()));
  for (const auto& item : items) KMATRIX_TRY(copy_item(item.from, staged.folder() / item.to, stop));
  const auto content = support::digest_folder(staged.folder());
  if (!content) return content.error();
  staged.digest = Hasher().field("layout", layout).field("content", content->hex).finish();
  return staged;
}
}  // namespace

Result<fs::path> ImageStore::cell_disk(const std::vector<DiskItem>& items,
                                       const std::string& label) {
  for (const auto& item : items)
    if (!is_inside(item.to))
      return infrastructure_error("'" + item.to + "' is not a path inside a disk");
  const auto look = look_of(items);
  if (!look) return look.error();
  const fs::path memo = cache_ / "disks/memo" / look->hex;
  const auto known = cache::read_memo(memo);
  std::optional<Staged> staged;
  Digest digest;
  if (known.text && known.has_digest) {
    digest.hex = support::trim(*known.text);
  } else {
    auto fresh = stage_items(cache_, items, stop_);
    if (!fresh) return fresh.error();
    digest = fresh->digest;
    staged = std::move(*fresh);
  }
  const auto stage = [&](const fs::path& folder) -> Status {
    if (!staged) {
      auto again = stage_items(cache_, items, stop_);
      if (!again) return again.error();
      if (again->digest != digest)
        return infrastructure_error("what is to be on the disk of " + label + " has just changed");
      staged = std::move(*again);
    }
    return move_into_place(staged->folder(), folder);
  };
  auto made = disk({"disks", digest.hex + ".erofs"}, "disk of " + label, stage);
  if (made) KMATRIX_TRY(cache::write_memo(memo, digest.hex));
  return made;
}

namespace {
/// An entry of the cache from the packages' tar: the folder `root` and the file `digest`.
Status fill_entry(const Recipe& recipe, const fs::path& tar, const fs::path& entry) {
  KMATRIX_TRY(support::make_folders(entry / "root"));
  KMATRIX_TRY(unpack_tar(tar, entry / "root"));
  KMATRIX_TRY(apply_recipe(recipe, entry / "root"));
  const auto content = support::digest_folder(entry / "root");
  if (!content) return content.error();
  return support::write_file(entry / "digest", content->hex);
}
}  // namespace

cache::Entry ImageStore::packages(const Recipe& recipe) {
  return {"rootfs",
          Hasher().field("layout", layout).field("recipe", recipe.digest.hex).finish().hex};
}

bool ImageStore::has_packages(const Recipe& recipe) const {
  std::error_code failure;
  return fs::exists(entries_.place(packages(recipe)), failure);
}

Result<ImageStore::Root> ImageStore::root(const Recipe& recipe, cache::Depth depth) {
  cache::Making making;
  making.label = "packages of image " + recipe.name;
  making.depth = depth;
  making.make = [&](const fs::path& scratch, const fs::path& entry) -> Status {
    KMATRIX_TRY(require_program("mmdebstrap", "mmdebstrap"));
    KMATRIX_TRY(fetch(recipe, scratch));
    return fill_entry(recipe, scratch / "root.tar", entry);
  };
  auto found = entries_.get(packages(recipe), making);
  if (!found)
    return support::with_context(std::move(found), "making the image " + recipe.name).error();
  auto content = support::read_file(found->path / "digest");
  if (!content) return content.error();
  return Root{found->path / "root", {std::move(*content)}};
}

Status ImageStore::fetch(const Recipe& recipe, const fs::path& folder) {
  const auto source = package_source(recipe.suite, runner_, stop_);
  if (!source) return source.error();
  say_(fmt::format("image {}: fetching {} packages of {} {} and what they need", recipe.name,
                   recipe.packages.size(), recipe.suite, recipe.arch));
  auto command = mmdebstrap(recipe, *source, folder);
  command.stop = stop_;
  const auto exit = runner_.run(command);
  if (!exit) return exit.error();
  if (exit->good()) return {};
  return infrastructure_error(
      fmt::format("mmdebstrap {} while it fetched packages from {}:\n{}",
                  exit->timed_out ? "took longer than 30 minutes"
                                  : fmt::format("failed with {}", exit->code),
                  source->mirror, support::last_lines(exit->output, 10)),
      "does `apt-get update` work on this machine?");
}

Result<fs::path> ImageStore::disk(const cache::Entry& entry, const std::string& label,
                                  const std::function<Status(const fs::path&)>& stage) {
  cache::Making making;
  making.label = label;
  making.depth = cache::Depth::read;
  making.make = [&](const fs::path& scratch, const fs::path& file) -> Status {
    KMATRIX_TRY(require_program("mkfs.erofs", "erofs-utils"));
    KMATRIX_TRY(stage(scratch / "content"));
    say_("writing the " + label);
    return support::with_context(write_disk(scratch / "content", file), "writing the " + label);
  };
  const auto found = entries_.get(entry, making);
  if (!found) return found.error();
  return found->path;
}

Status ImageStore::write_disk(const fs::path& content, const fs::path& file) {
  // Without owners, times and a random UUID, equal content gives equal bytes.
  support::Command make{.argv = {"mkfs.erofs", "--quiet", "--all-root", "-T0",
                                 "-U6b6d6174-7269-7800-8000-000000000000", file.string(),
                                 content.string()}};
  make.stop = stop_;
  if (auto made = support::run_checked(runner_, make); !made) return made.error();
  return {};
}

}  // namespace kmatrix::image
