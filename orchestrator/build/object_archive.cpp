// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/object_archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <map>
#include <utility>

namespace kmatrix::build {

namespace fs = std::filesystem;
using support::infrastructure_error;

namespace {

constexpr std::size_t block_size = 1 << 17;
constexpr std::size_t largest_object = std::size_t(1) << 30;

std::string words(archive* of) {
  const char* const text = archive_error_string(of);
  return text == nullptr ? "unknown error" : text;
}

/// The rest of the current member.
Result<std::string> read_content(archive* reader, const fs::path& file) {
  std::string content;
  while (content.size() < largest_object) {
    const std::size_t before = content.size();
    content.resize(before + block_size);
    const auto got = archive_read_data(reader, content.data() + before, block_size);
    if (got < 0) break;
    content.resize(before + static_cast<std::size_t>(got));
    if (got == 0) return content;
  }
  return infrastructure_error("cannot read " + file.string() + ": " + words(reader));
}

}  // namespace

ObjectArchive::ObjectArchive(fs::path file)
    : file_(std::move(file)), writer_(archive_write_new(), archive_write_free) {}

Error ObjectArchive::unwritable() const {
  return infrastructure_error("cannot write " + file_.string() + ": " + words(writer_.get()),
                              "is there room on the disk?");
}

Status ObjectArchive::open() {
  if (archive_write_set_format_zip(writer_.get()) != ARCHIVE_OK ||
      archive_write_open_filename(writer_.get(), file_.c_str()) != ARCHIVE_OK)
    return unwritable();
  return {};
}

Status ObjectArchive::add(const std::string& name, std::string_view content) {
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                       archive_entry_free);
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0444);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
  if (archive_write_header(writer_.get(), entry.get()) != ARCHIVE_OK) return unwritable();
  while (!content.empty()) {
    const auto written = archive_write_data(writer_.get(), content.data(), content.size());
    if (written <= 0) return unwritable();
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status ObjectArchive::close() {
  if (archive_write_close(writer_.get()) != ARCHIVE_OK) return unwritable();
  return {};
}

Status read_members(const fs::path& file, const std::vector<std::string>& names,
                    const std::function<Status(std::size_t, std::string_view)>& take) {
  std::map<std::string, std::size_t, std::less<>> wanted;
  for (std::size_t i = 0; i < names.size(); ++i) wanted.emplace(names[i], i);
  const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), archive_read_free);
  archive_read_support_format_zip_seekable(reader.get());
  if (archive_read_open_filename(reader.get(), file.c_str(), block_size) != ARCHIVE_OK)
    return infrastructure_error("cannot read " + file.string() + ": " + words(reader.get()));
  archive_entry* entry = nullptr;
  while (!wanted.empty() && archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK) {
    const char* const name = archive_entry_pathname(entry);
    const auto found = wanted.find(std::string_view(name == nullptr ? "" : name));
    if (found == wanted.end()) continue;
    const auto content = read_content(reader.get(), file);
    if (!content) return content.error();
    KMATRIX_TRY(take(found->second, *content));
    wanted.erase(found);
  }
  if (wanted.empty()) return {};
  return infrastructure_error(file.string() + " has no " + wanted.begin()->first);
}

}  // namespace kmatrix::build
