// SPDX-License-Identifier: GPL-2.0-or-later
// An archive may come from anybody by mail. So it is read into memory, within bounds, and nothing
// of it is unpacked before all of it was looked at.
#include "bundle/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "support/file.h"

namespace kmatrix::bundle {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t block_size = 1 << 16;
constexpr std::size_t longest_name = 200;

using Writer = std::unique_ptr<archive, int (*)(archive*)>;
using Reader = std::unique_ptr<archive, int (*)(archive*)>;

std::string words(archive* of) {
  const char* const text = archive_error_string(of);
  return text == nullptr ? "unknown error" : text;
}

la_ssize_t append(archive*, void* to, const void* data, std::size_t size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

Status add(archive* writer, const std::string& name, const Member& member) {
  const auto& content = member.content;
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                       archive_entry_free);
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), member.executable ? 0755 : 0644);
  archive_entry_set_mtime(entry.get(), 0, 0);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
  const bool written = archive_write_header(writer, entry.get()) == ARCHIVE_OK &&
                       archive_write_data(writer, content.data(), content.size()) ==
                           static_cast<la_ssize_t>(content.size());
  if (written) return {};
  return support::infrastructure_error("cannot write " + name + ": " + words(writer));
}

Error damaged(const fs::path& file, const std::string& why) {
  return support::input_error(
      fmt::format("{} is no bundle of kmatrix, or a damaged one: {}", file.string(), why), {},
      "ask for it again; mail as text may have changed it");
}

bool is_plain(char c) { return c >= ' ' && c < '\x7f' && c != '\\'; }

/// Takes one member after the other into memory.
class Reading {
 public:
  Reading(archive* reader, const fs::path& file, const Limits& limits)
      : reader_(reader), file_(file), limits_(limits) {}

  Status take(archive_entry* entry) {
    const char* const written = archive_entry_pathname(entry);
    const std::string name = written == nullptr ? "" : written;
    if (!is_member_name(name)) return damaged(file_, "a member has a name that is none");
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr)
      return damaged(file_, name + " is no regular file");
    if (members_.size() == limits_.members)
      return damaged(file_, fmt::format("more than {} members", limits_.members));
    Member member{"", (archive_entry_perm(entry) & 0100) != 0};
    KMATRIX_TRY(read(name, member.content));
    total_ += member.content.size();
    if (!members_.emplace(name, std::move(member)).second)
      return damaged(file_, name + " is there twice");
    return {};
  }

  Members take_all() { return std::move(members_); }

 private:
  Status read(const std::string& name, std::string& content) {
    const std::size_t most = std::min(limits_.member, limits_.total - total_);
    std::vector<char> block(block_size);
    while (true) {
      const auto got = archive_read_data(reader_, block.data(), block.size());
      if (got < 0) return damaged(file_, words(reader_));
      if (got == 0) return {};
      if (content.size() + static_cast<std::size_t>(got) > most)
        return damaged(file_, fmt::format("{} is too large: at most {} MiB a member and {} MiB in "
                                          "all are good",
                                          name, limits_.member >> 20, limits_.total >> 20));
      content.append(block.data(), static_cast<std::size_t>(got));
    }
  }

  archive* reader_;
  const fs::path& file_;
  const Limits& limits_;
  Members members_;
  std::size_t total_ = 0;
};

Result<std::string> read_bytes(const fs::path& file, const Limits& limits) {
  std::error_code missing;
  if (!fs::is_regular_file(file, missing))
    return support::input_error("there is no file " + file.string());
  const auto size = fs::file_size(file, missing);
  if (!missing && size > limits.file)
    return damaged(file, fmt::format("{} MiB are too large, at most {} are good", size >> 20,
                                     limits.file >> 20));
  return support::read_file(file);
}

}  // namespace

bool is_member_name(const std::string& path) {
  if (path.empty() || path.size() > longest_name ||
      !std::all_of(path.begin(), path.end(), is_plain))
    return false;
  std::string_view rest = path;
  while (true) {
    const auto slash = rest.find('/');
    const auto name = rest.substr(0, slash);
    if (name.empty() || name == "." || name == "..") return false;
    if (slash == std::string_view::npos) return true;
    rest.remove_prefix(slash + 1);
  }
}

Status write_archive(const fs::path& file, const Members& members, const std::string& first) {
  const Writer writer(archive_write_new(), archive_write_free);
  std::string bytes;
  // Without the time, which gzip would put into its header.
  if (archive_write_set_format_pax_restricted(writer.get()) != ARCHIVE_OK ||
      archive_write_add_filter_gzip(writer.get()) != ARCHIVE_OK ||
      archive_write_set_filter_option(writer.get(), "gzip", "timestamp", nullptr) != ARCHIVE_OK ||
      archive_write_set_bytes_in_last_block(writer.get(), 1) != ARCHIVE_OK ||
      archive_write_open(writer.get(), &bytes, nullptr, append, nullptr) != ARCHIVE_OK)
    return support::infrastructure_error("cannot make an archive: " + words(writer.get()));
  if (const auto found = members.find(first); found != members.end())
    KMATRIX_TRY(add(writer.get(), first, found->second));
  for (const auto& [name, member] : members)
    if (name != first) KMATRIX_TRY(add(writer.get(), name, member));
  if (archive_write_close(writer.get()) != ARCHIVE_OK)
    return support::infrastructure_error("cannot make an archive: " + words(writer.get()));
  return support::write_file(file, bytes);
}

Result<Members> read_archive(const fs::path& file, const Limits& limits) {
  const auto bytes = read_bytes(file, limits);
  if (!bytes) return bytes.error();
  const Reader reader(archive_read_new(), archive_read_free);
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  if (archive_read_open_memory(reader.get(), bytes->data(), bytes->size()) != ARCHIVE_OK)
    return damaged(file, words(reader.get()));
  Reading reading(reader.get(), file, limits);
  archive_entry* entry = nullptr;
  while (true) {
    const int state = archive_read_next_header(reader.get(), &entry);
    if (state == ARCHIVE_EOF) return reading.take_all();
    if (state != ARCHIVE_OK) return damaged(file, words(reader.get()));
    KMATRIX_TRY(reading.take(entry));
  }
}

}  // namespace kmatrix::bundle
