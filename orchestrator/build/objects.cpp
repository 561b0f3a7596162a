// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/objects.h"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "build/artefact.h"
#include "build/blank_debug.h"
#include "build/object_archive.h"
#include "build/signature.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::build {

namespace fs = std::filesystem;
using support::infrastructure_error;

namespace {

constexpr std::string_view first_line_of_list = "kmatrix objects 1";
constexpr std::size_t digest_length = 64;

/// kbuild writes beside each file the command that made it. Only what is compiled or assembled for
/// the kernel has this macro, on all architectures, the vdso and boot code included.
bool is_compiled_for_kernel(const fs::path& object) {
  std::ifstream command(object.parent_path() / ("." + object.filename().string() + ".cmd"));
  std::string line;
  return std::getline(command, line) && line.find(" -D__KERNEL__ ") != std::string::npos;
}

std::string to_line(const KernelObject& object) {
  return object.content.hex + '\t' + (object.loaded.empty() ? "-" : object.loaded.hex) + '\t' +
         object.path + '\n';
}

std::optional<KernelObject> parse_line(std::string_view line) {
  const auto first = line.find('\t');
  const auto second = line.find('\t', first + 1);
  if (first != digest_length || second == std::string_view::npos) return std::nullopt;
  KernelObject object;
  object.content.hex = line.substr(0, first);
  object.loaded.hex = line.substr(first + 1, second - first - 1);
  if (object.loaded.hex == "-") object.loaded.hex.clear();
  object.path = line.substr(second + 1);
  const bool good = object.loaded.empty() || object.loaded.hex.size() == digest_length;
  return good && !object.path.empty() ? std::optional(object) : std::nullopt;
}

/// Whether the list is the one that the build made, as far as build.json says.
bool is_as_built(const ArtefactFiles& files, std::string_view list) {
  const auto record = read_record(files.info);
  if (!record) return true;
  const auto known = record->digests.find(files.objects.filename().string());
  return known == record->digests.end() || known->second == support::digest_of(list).hex;
}

}  // namespace

Result<std::vector<std::string>> find_objects(const fs::path& build) {
  std::vector<std::string> paths;
  std::error_code failure;
  for (fs::recursive_directory_iterator walk(build, failure), end; !failure && walk != end;
       walk.increment(failure))
    if (walk->path().extension() == ".o" && walk->is_regular_file(failure) &&
        is_compiled_for_kernel(walk->path()))
      paths.push_back(walk->path().lexically_relative(build).generic_string());
  if (failure)
    return infrastructure_error("cannot read " + build.string() + ": " + failure.message());
  std::sort(paths.begin(), paths.end());
  return paths;
}

Status keep_objects(const fs::path& build, const ArtefactFiles& files) {
  const auto paths = find_objects(build);
  if (!paths) return paths.error();
  ObjectArchive archive(files.object_archive);
  KMATRIX_TRY(archive.open());
  std::string list(first_line_of_list);
  list += '\n';
  for (const auto& path : *paths) {
    auto content = support::read_file(build / path);
    if (!content) return content.error();
    const auto loaded = elf_signature(build / path);
    list += to_line({path, support::digest_of(*content), loaded ? *loaded : support::Digest()});
    blank_debug(*content);
    KMATRIX_TRY(archive.add(path, *content));
  }
  KMATRIX_TRY(archive.close());
  return support::write_file(files.objects, list);
}

Result<std::optional<std::vector<KernelObject>>> kept_objects(const ArtefactFiles& files) {
  std::error_code failure;
  if (!fs::exists(files.objects, failure)) return std::optional<std::vector<KernelObject>>();
  const auto text = support::read_file(files.objects);
  if (!text) return text.error();
  const auto lines = support::split_lines(*text);
  const Error damaged = infrastructure_error(files.objects.string() + " is damaged",
                                             "kmatrix cache verify removes what is damaged");
  if (lines.empty() || lines.front() != first_line_of_list || !is_as_built(files, *text))
    return damaged;
  std::vector<KernelObject> objects;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    auto object = parse_line(lines[i]);
    if (!object || (i > 1 && !(objects.back().path < object->path))) return damaged;
    objects.push_back(std::move(*object));
  }
  return std::optional(std::move(objects));
}

Status unpack_objects(const ArtefactFiles& files, const std::vector<std::string>& paths,
                      const fs::path& into) {
  KMATRIX_TRY(support::make_folders(into));
  return read_members(files.object_archive, paths,
                      [&](std::size_t place, std::string_view content) {
                        return support::write_file(into / (std::to_string(place) + ".o"), content);
                      });
}

}  // namespace kmatrix::build
