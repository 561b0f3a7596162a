// SPDX-License-Identifier: GPL-2.0-or-later
// A seal's file, one line an item, fields between tabs, names escaped:
//   kmatrix seal 1
//   label   v6.12/base/clang-cfi
//   made    2026-01-31T12:00:00Z
//   bytes   12345
//   f   SIZE   MTIME_NS   SHA-256   NAME        (x: a program; l: a link, d: a folder)
#include "cache/seal.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "support/clock.h"
#include "support/digest.h"

namespace kmatrix::cache {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view first_line = "kmatrix seal 1";
constexpr std::uint64_t block_bytes = 512;  // of st_blocks

std::string escaped(std::string_view text) {
  std::string out;
  for (const char each : text) {
    if (each == '%' || static_cast<unsigned char>(each) < 0x20)
      out += fmt::format("%{:02X}", static_cast<unsigned char>(each));
    else
      out += each;
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(&text[i + 1], &text[i + 1] + 2, value, 16).ec == std::errc()) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

/// Names of all below the entry, parents first; "." for itself.
Result<std::vector<std::string>> names_in(const fs::path& entry, const std::stop_token& stop) {
  std::vector<std::string> names{"."};
  std::error_code failure;
  if (!fs::is_directory(fs::symlink_status(entry, failure))) return names;
  const auto prefix = entry.native().size() + 1;
  fs::recursive_directory_iterator walk(entry, failure);
  for (const fs::recursive_directory_iterator end; !failure && walk != end;
       walk.increment(failure)) {
    if (stop.stop_requested()) return support::interrupted_error();
    names.push_back(walk->path().native().substr(prefix));
  }
  if (failure)
    return support::infrastructure_error("cannot read " + entry.string() + ": " +
                                         failure.message());
  std::sort(names.begin(), names.end());
  return names;
}

fs::path place(const fs::path& entry, const std::string& name) {
  return name == "." ? entry : entry / name;
}

/// What lstat says, without the content; nullopt for anything that is no file, link or folder.
std::optional<SealedFile> look_at(const std::string& name, const struct stat& status) {
  SealedFile file;
  file.name = name;
  if (S_ISLNK(status.st_mode)) {
    file.type = FileType::link;
    return file;
  }
  file.mtime_ns = nanoseconds(status.st_mtim);
  if (S_ISDIR(status.st_mode)) {
    file.type = FileType::folder;
    return file;
  }
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  if ((status.st_mode & S_IXUSR) != 0) file.type = FileType::program;
  file.size = static_cast<std::uint64_t>(status.st_size);
  return file;
}

Result<std::string> content_of(const fs::path& path, FileType type) {
  if (type == FileType::folder) return std::string();
  if (type == FileType::link) {
    std::error_code failure;
    auto target = fs::read_symlink(path, failure).string();
    if (failure)
      return support::infrastructure_error("cannot read " + path.string() + ": " +
                                           failure.message());
    return target;
  }
  auto digest = support::digest_file(path);
  if (!digest) return digest.error();
  return digest->hex;
}

class Sealing {
 public:
  explicit Sealing(const SealOptions& options) : options_(options) {
    seal_.label = options.label;
    seal_.made = support::iso_time(support::SystemClock().wall());
    if (options.known == nullptr) return;
    for (const auto& file : options.known->files) known_.emplace(file.name, &file);
  }

  Status add(const fs::path& entry, const std::string& name) {
    const fs::path path = place(entry, name);
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0)
      return support::infrastructure_error("cannot look at " + path.string() + ": " +
                                           std::generic_category().message(errno));
    auto file = look_at(name, status);
    if (!file)
      return support::infrastructure_error(path.string() + " is neither file, folder nor link");
    count(status);
    const auto known = known_.find(name);
    if (known != known_.end() && known->second->type == file->type &&
        file->type != FileType::link && known->second->size == file->size &&
        known->second->mtime_ns == file->mtime_ns) {
      file->content = known->second->content;
    } else {
      auto content = content_of(path, file->type);
      if (!content) return content.error();
      file->content = std::move(*content);
    }
    seal_.files.push_back(std::move(*file));
    return {};
  }

  Seal finish() { return std::move(seal_); }

 private:
  void count(const struct stat& status) {
    if (!S_ISDIR(status.st_mode) && status.st_nlink > 1 &&
        (options_.shares_files || !counted_.insert(status.st_ino).second))
      return;
    seal_.bytes += static_cast<std::uint64_t>(status.st_blocks) * block_bytes;
  }

  const SealOptions& options_;
  Seal seal_;
  std::map<std::string_view, const SealedFile*> known_;
  std::set<ino_t> counted_;
};

std::string_view word_for(FileType type) {
  switch (type) {
    case FileType::link:
      return "a link";
    case FileType::folder:
      return "a folder";
    default:
      return "a file";
  }
}

bool is_file(FileType type) { return type == FileType::file || type == FileType::program; }

std::string shown(const std::string& name) { return name == "." ? "it" : escaped(name); }

std::optional<std::string> compare_look(const SealedFile& sealed, const fs::path& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0)
    return errno == ENOENT || errno == ENOTDIR
               ? fmt::format("{} is missing", shown(sealed.name))
               : fmt::format("{} cannot be looked at: {}", shown(sealed.name),
                             std::generic_category().message(errno));
  const auto now = look_at(sealed.name, status);
  if (!now || (now->type != sealed.type && !(is_file(now->type) && is_file(sealed.type))))
    return fmt::format("{} is not {} any more", shown(sealed.name), word_for(sealed.type));
  if (now->type != sealed.type)
    return fmt::format("{} {} be executed", shown(sealed.name),
                       now->type == FileType::program ? "can" : "cannot");
  if (now->size != sealed.size)
    return fmt::format("{} has {} bytes instead of {}", shown(sealed.name), now->size, sealed.size);
  if (now->mtime_ns != sealed.mtime_ns)
    return sealed.type == FileType::folder
               ? fmt::format("the names in {} were changed", shown(sealed.name))
               : fmt::format("{} was written to", shown(sealed.name));
  return std::nullopt;
}

std::optional<std::string> compare_content(const SealedFile& sealed, const fs::path& path) {
  const auto content = content_of(path, sealed.type);
  if (!content) return fmt::format("{} cannot be read", shown(sealed.name));
  if (*content == sealed.content) return std::nullopt;
  return fmt::format("{} {}", shown(sealed.name),
                     sealed.type == FileType::link ? "leads elsewhere" : "has another content");
}

template <class Number>
bool parse_number(std::string_view text, Number& into) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), into);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

std::string_view take_until(std::string_view& rest, char mark) {
  const auto end = std::min(rest.find(mark), rest.size());
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::optional<SealedFile> parse_file(std::string_view line) {
  SealedFile file;
  const auto type = take_until(line, '\t');
  if (type.size() != 1 || std::string_view("fxld").find(type[0]) == std::string_view::npos)
    return std::nullopt;
  file.type = static_cast<FileType>(type[0]);
  if (!parse_number(take_until(line, '\t'), file.size) ||
      !parse_number(take_until(line, '\t'), file.mtime_ns))
    return std::nullopt;
  file.content = unescaped(take_until(line, '\t'));
  file.name = unescaped(line);
  if (file.name.empty()) return std::nullopt;
  return file;
}

/// The lines before the files.
std::optional<Seal> parse_head(std::string_view& rest) {
  Seal seal;
  if (take_until(rest, '\n') != first_line) return std::nullopt;
  std::map<std::string_view, std::string_view> values;
  for (const std::string_view key : {"label", "made", "bytes"}) {
    auto line = take_until(rest, '\n');
    if (take_until(line, '\t') != key) return std::nullopt;
    values[key] = line;
  }
  seal.label = unescaped(values["label"]);
  seal.made = unescaped(values["made"]);
  if (!parse_number(values["bytes"], seal.bytes)) return std::nullopt;
  return seal;
}

}  // namespace

Result<Seal> make_seal(const fs::path& entry, const SealOptions& options,
                       const std::stop_token& stop) {
  const auto names = names_in(entry, stop);
  if (!names) return names.error();
  Sealing sealing(options);
  for (const auto& name : *names) {
    if (stop.stop_requested()) return support::interrupted_error();
    KMATRIX_TRY(sealing.add(entry, name));
  }
  return sealing.finish();
}

Result<std::optional<std::string>> find_damage(const fs::path& entry, const Seal& seal, Depth depth,
                                               const std::stop_token& stop) {
  // Looking is cheap: what it finds need not be read for. A file says more than its folder's time.
  std::optional<std::string> folder_damage;
  for (const auto& file : seal.files) {
    if (stop.stop_requested()) return support::interrupted_error();
    auto damage = compare_look(file, place(entry, file.name));
    if (damage && file.type != FileType::folder) return damage;
    if (damage && !folder_damage) folder_damage = std::move(damage);
  }
  if (folder_damage || depth == Depth::look) return folder_damage;
  for (const auto& file : seal.files) {
    if (stop.stop_requested()) return support::interrupted_error();
    auto damage = compare_content(file, place(entry, file.name));
    if (damage) return damage;
  }
  return std::optional<std::string>();
}

std::string to_text(const Seal& seal) {
  std::string text = fmt::format("{}\nlabel\t{}\nmade\t{}\nbytes\t{}\n", first_line,
                                 escaped(seal.label), escaped(seal.made), seal.bytes);
  for (const auto& file : seal.files)
    fmt::format_to(std::back_inserter(text), "{}\t{}\t{}\t{}\t{}\n", static_cast<char>(file.type),
                   file.size, file.mtime_ns, escaped(file.content), escaped(file.name));
  return text;
}

std::optional<Seal> parse_seal(std::string_view text) {
  auto seal = parse_head(text);
  if (!seal) return std::nullopt;
  while (!text.empty()) {
    auto file = parse_file(take_until(text, '\n'));
    if (!file) return std::nullopt;
    seal->files.push_back(std::move(*file));
  }
  if (seal->files.empty()) return std::nullopt;
  return seal;
}

std::optional<Seal> read_seal_head(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string head, line;
  for (int i = 0; i < 4 && std::getline(in, line); ++i) head += line + '\n';
  std::string_view rest = head;
  return parse_head(rest);
}

}  // namespace kmatrix::cache
