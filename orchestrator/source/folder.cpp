// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "cache/memo_file.h"
#include "support/file.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t digest_length = 64;
constexpr std::int64_t racy_ns = 2'000'000'000;

struct FileState {
  std::string name;  ///< relative
  struct stat status;
};

/// "digest stat" by relative name.
using Memo = std::unordered_map<std::string, std::string>;

Error cannot(const char* what, const fs::path& path, int number) {
  return support::infrastructure_error(fmt::format("cannot {} {}: {}", what, path.string(),
                                                   std::generic_category().message(number)));
}

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

std::string stat_words(const struct stat& status) {
  return fmt::format("{} {} {} {} {}", status.st_size, nanoseconds(status.st_mtim),
                     nanoseconds(status.st_ctim), status.st_ino, status.st_dev);
}

/// One line a file: "<digest> <stat>\t<name>". A damaged memo knows nothing.
Memo read_memo(const fs::path& file) {
  Memo memo;
  // Without a digest a flipped bit would pass for another file's content.
  const auto content = cache::read_memo(file);
  if (!content.text || !content.has_digest) return memo;
  std::string_view rest = *content.text;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto tab = line.find('\t');
    if (tab != std::string_view::npos && tab > digest_length)
      memo.emplace(line.substr(tab + 1), line.substr(0, tab));
  }
  return memo;
}

Status list_files(const fs::path& folder, std::stop_token stop, std::vector<FileState>& files) {
  std::error_code failure;
  fs::recursive_directory_iterator walk(folder, failure);
  const auto prefix = folder.native().size() + (folder.native().ends_with('/') ? 0 : 1);
  for (const fs::recursive_directory_iterator end; !failure && walk != end;
       walk.increment(failure)) {
    if (stop.stop_requested()) return support::interrupted_error();
    std::error_code ignored;
    const bool link = walk->is_symlink(ignored);
    if (walk.depth() == 0 && walk->path().filename() == ".git") {
      walk.disable_recursion_pending();
      continue;
    }
    if (!link && walk->is_directory(ignored)) continue;
    FileState state{walk->path().native().substr(prefix), {}};
    if (lstat(walk->path().c_str(), &state.status) != 0)
      return cannot("look at", walk->path(), errno);
    files.push_back(std::move(state));
  }
  if (failure) return cannot("read", folder, failure.value());
  std::sort(files.begin(), files.end(),
            [](const FileState& a, const FileState& b) { return a.name < b.name; });
  return {};
}

class TreeDigest {
 public:
  TreeDigest(const fs::path& folder, const fs::path& memo, bool may_read)
      : folder_(folder), memo_file_(memo), may_read_(may_read) {}

  Result<std::optional<support::Digest>> compute(std::stop_token stop);

 private:
  Status add_link(const FileState& file);
  /// False if the file would have to be read and may not be.
  Result<bool> add_file(const FileState& file);

  fs::path folder_, memo_file_;
  bool may_read_;
  bool changed_ = false;
  std::int64_t start_ns_ = std::chrono::duration_cast<std::chrono::nanoseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  Memo known_;
  std::string remembered_;
  support::Hasher hasher_;
};

Status TreeDigest::add_link(const FileState& file) {
  std::error_code failure;
  const fs::path target = fs::read_symlink(folder_ / file.name, failure);
  if (failure) return cannot("read", folder_ / file.name, failure.value());
  hasher_.field("link", file.name).field("to", target.native());
  return {};
}

Result<bool> TreeDigest::add_file(const FileState& file) {
  if (!S_ISREG(file.status.st_mode))
    return support::input_error(
        fmt::format("{} is a device, pipe or socket: it cannot be part of "
                    "a source tree",
                    (folder_ / file.name).string()));
  const std::string words = stat_words(file.status);
  const auto known = known_.find(file.name);
  support::Digest content;
  if (known != known_.end() && std::string_view(known->second).substr(digest_length + 1) == words) {
    content.hex = known->second.substr(0, digest_length);
  } else {
    if (!may_read_) return false;
    auto read = support::digest_file(folder_ / file.name);
    if (!read) return read.error();
    content = *read;
    changed_ = true;
  }
  const bool racy = std::max(nanoseconds(file.status.st_mtim), nanoseconds(file.status.st_ctim)) >
                    start_ns_ - racy_ns;
  if (!racy && file.name.find('\n') == std::string::npos)
    remembered_ += fmt::format("{} {}\t{}\n", content.hex, words, file.name);
  const bool executable = (file.status.st_mode & S_IXUSR) != 0;
  hasher_.field(executable ? "program" : "file", file.name).field("content", content.hex);
  return true;
}

Result<std::optional<support::Digest>> TreeDigest::compute(std::stop_token stop) {
  std::vector<FileState> files;
  KMATRIX_TRY(list_files(folder_, stop, files));
  known_ = read_memo(memo_file_);
  for (const auto& file : files) {
    if (stop.stop_requested()) return support::interrupted_error();
    if (S_ISLNK(file.status.st_mode)) {
      KMATRIX_TRY(add_link(file));
      continue;
    }
    auto added = add_file(file);
    if (!added) return added.error();
    if (!*added) return std::optional<support::Digest>();
  }
  if (changed_) KMATRIX_TRY(cache::write_memo(memo_file_, remembered_));
  return std::optional(hasher_.finish());
}

}  // namespace

Result<support::Digest> digest_tree(const fs::path& folder, const fs::path& memo,
                                    std::stop_token stop) {
  auto digest = TreeDigest(folder, memo, true).compute(stop);
  if (!digest) return digest.error();
  return **digest;
}

Result<std::optional<support::Digest>> digest_tree_cheaply(const fs::path& folder,
                                                           const fs::path& memo,
                                                           std::stop_token stop) {
  return TreeDigest(folder, memo, false).compute(stop);
}

}  // namespace kmatrix::source
