// SPDX-License-Identifier: GPL-2.0-or-later
// The archive is not trusted. Three rules keep it inside of `destination`, which is empty at first
// and ours alone: a name has no "..", no leading slash and at least the leading folder; no name has
// an earlier link of the archive in front (so nothing is written through a link); and when all is
// there, every link is followed and must stay inside (only then is it known where a link through
// other links leads). libarchive's own checks stay on as a second fence.
#include "source/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "source/kernel_tree.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

using Reader = std::unique_ptr<archive, decltype(&archive_read_free)>;
using Writer = std::unique_ptr<archive, decltype(&archive_write_free)>;

constexpr std::size_t block_size = 1 << 17;

/// Text of an entry. libarchive has no bytes for what the locale cannot say, but has its UTF-8.
using Text = const char*(archive_entry*);
const char* text_of(archive_entry* entry, Text* in_locale, Text* in_utf8) {
  const char* text = in_locale(entry);
  return text == nullptr ? in_utf8(entry) : text;
}

/// The parts of a name without empty ones and "."; nullopt if it is absolute or has a "..".
std::optional<std::vector<std::string>> safe_parts(std::string_view name) {
  if (name.starts_with('/')) return std::nullopt;
  std::vector<std::string> parts;
  while (!name.empty()) {
    const auto slash = name.find('/');
    const auto part = name.substr(0, slash);
    if (part == "..") return std::nullopt;
    if (!part.empty() && part != ".") parts.emplace_back(part);
    name.remove_prefix(slash == std::string_view::npos ? name.size() : slash + 1);
  }
  return parts;
}

class Unpacking {
 public:
  Unpacking(const fs::path& archive, const fs::path& destination, const Location& at)
      : archive_(archive), destination_(destination), at_(at) {}

  Status open();
  /// False at the end of the archive.
  Result<bool> next();
  Status close();

 private:
  Error refused(std::string_view reason) const;
  Error unreadable() const;
  Error unwritable() const;
  /// Name below the leading folder, "" for that folder itself.
  Result<std::string> name_in_tree(const char* name);
  Status check_not_through_link(std::string_view name) const;
  Status prepare(const std::string& name);
  Status write();

  fs::path archive_, destination_;
  Location at_;
  Reader reader_{archive_read_new(), archive_read_free};
  Writer writer_{archive_write_disk_new(), archive_write_free};
  archive_entry* entry_ = nullptr;  ///< of reader_
  std::string entry_name_;          ///< as in the archive
  std::string top_;                 ///< the leading folder
  std::set<std::string, std::less<>> links_;
};

Error Unpacking::refused(std::string_view reason) const {
  return support::input_error(
      fmt::format("{}: entry '{}' {}", archive_.filename().string(), entry_name_, reason), at_,
      "the archive is not safe to unpack as a source tree");
}

Error Unpacking::unreadable() const {
  const char* words = archive_error_string(reader_.get());
  return support::input_error(fmt::format("cannot unpack {}: {}", archive_.string(),
                                          words == nullptr ? "unknown format" : words),
                              at_, "the archive is damaged, or not a tar archive");
}

Error Unpacking::unwritable() const {
  const char* words = archive_error_string(writer_.get());
  return support::infrastructure_error(
      fmt::format("cannot unpack '{}' into {}: {}", entry_name_, destination_.string(),
                  words == nullptr ? "unknown error" : words),
      "is there room on the disk?");
}

Status Unpacking::open() {
  std::error_code failure;
  // libarchive would take a link in front of our own folder for an attack.
  destination_ = fs::canonical(destination_, failure);
  if (failure)
    return support::infrastructure_error("cannot unpack into " + destination_.string() + ": " +
                                         failure.message());
  archive_read_support_filter_all(reader_.get());
  archive_read_support_format_tar(reader_.get());
  archive_write_disk_set_options(writer_.get(), ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_PERM |
                                                    ARCHIVE_EXTRACT_SECURE_SYMLINKS |
                                                    ARCHIVE_EXTRACT_SECURE_NODOTDOT);
  if (archive_read_open_filename(reader_.get(), archive_.c_str(), block_size) != ARCHIVE_OK)
    return unreadable();
  return {};
}

Result<std::string> Unpacking::name_in_tree(const char* name) {
  if (name == nullptr || *name == '\0') return refused("has no readable name");
  auto parts = safe_parts(name);
  if (!parts) return refused("points outside of the tree");
  if (parts->empty()) return std::string();
  if (top_.empty()) top_ = parts->front();
  if (parts->front() != top_)
    return refused(fmt::format("is not below the leading folder '{}' of the others", top_));
  std::string inside;
  for (std::size_t i = 1; i < parts->size(); ++i) inside += (i > 1 ? "/" : "") + (*parts)[i];
  return inside;
}

Status Unpacking::check_not_through_link(std::string_view name) const {
  for (auto end = name.find('/');; end = name.find('/', end + 1)) {
    const auto link = links_.find(name.substr(0, end));
    if (link != links_.end()) return refused(fmt::format("goes through the link '{}'", *link));
    if (end == std::string_view::npos) return {};
  }
}

Status Unpacking::prepare(const std::string& name) {
  KMATRIX_TRY(check_not_through_link(name));
  const char* original = text_of(entry_, archive_entry_hardlink, archive_entry_hardlink_utf8);
  if (original != nullptr) {
    auto target = name_in_tree(original);
    if (!target) return target.error();
    KMATRIX_TRY(check_not_through_link(*target));
    archive_entry_copy_hardlink(entry_, (destination_ / *target).c_str());
  } else if (const auto type = archive_entry_filetype(entry_); type == AE_IFLNK) {
    const char* end = text_of(entry_, archive_entry_symlink, archive_entry_symlink_utf8);
    if (end == nullptr) return refused("is a link to nothing readable");
    archive_entry_copy_symlink(entry_, std::string(end).c_str());
    links_.insert(name);
  } else if (type != AE_IFREG && type != AE_IFDIR) {
    return refused("is a device, pipe or socket");
  }
  const bool executable = (archive_entry_perm(entry_) & S_IXUSR) != 0;
  const bool folder = archive_entry_filetype(entry_) == AE_IFDIR;
  archive_entry_set_perm(entry_, executable || folder ? 0755 : 0644);
  archive_entry_copy_pathname(entry_, (destination_ / name).c_str());
  return {};
}

Status Unpacking::write() {
  if (archive_write_header(writer_.get(), entry_) < ARCHIVE_WARN) return unwritable();
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  int state = ARCHIVE_OK;
  while ((state = archive_read_data_block(reader_.get(), &block, &size, &offset)) == ARCHIVE_OK)
    if (archive_write_data_block(writer_.get(), block, size, offset) < ARCHIVE_WARN)
      return unwritable();
  if (state != ARCHIVE_EOF) return unreadable();
  if (archive_write_finish_entry(writer_.get()) < ARCHIVE_WARN) return unwritable();
  return {};
}

Result<bool> Unpacking::next() {
  const int state = archive_read_next_header(reader_.get(), &entry_);
  if (state == ARCHIVE_EOF) return false;
  if (state < ARCHIVE_WARN) return unreadable();
  const char* name = text_of(entry_, archive_entry_pathname, archive_entry_pathname_utf8);
  entry_name_ = name == nullptr ? "" : name;
  auto inside = name_in_tree(name);
  if (!inside) return inside.error();
  if (inside->empty()) {
    if (archive_entry_filetype(entry_) != AE_IFDIR) return refused("is not below a leading folder");
    return true;
  }
  if (*inside == ".git" || inside->starts_with(".git/")) return true;
  KMATRIX_TRY(prepare(*inside));
  KMATRIX_TRY(write());
  return true;
}

Status Unpacking::close() {
  if (archive_write_close(writer_.get()) < ARCHIVE_WARN) return unwritable();
  for (const auto& link : links_) {
    entry_name_ = top_ + "/" + link;
    if (leads_outside(destination_, link)) return refused("is a link that leads out of the tree");
  }
  return {};
}

}  // namespace

Status unpack_tree(const fs::path& archive, const fs::path& destination, const Location& at,
                   std::stop_token stop) {
  Unpacking unpacking(archive, destination, at);
  KMATRIX_TRY(unpacking.open());
  while (true) {
    if (stop.stop_requested()) return support::interrupted_error();
    auto more = unpacking.next();
    if (!more) return more.error();
    if (!*more) return unpacking.close();
  }
}

}  // namespace kmatrix::source
