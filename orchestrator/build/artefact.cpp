// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/artefact.h"

#include <array>
#include <nlohmann/json.hpp>

#include "build/signature.h"
#include "support/file.h"

namespace kmatrix::build {

namespace fs = std::filesystem;
using nlohmann::json;
using support::infrastructure_error;

namespace {

Status move_file(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::rename(from, to, failure);
  if (failure)
    return infrastructure_error("cannot move " + from.string() + " to " + to.string() + ": " +
                                failure.message());
  return {};
}

/// Digests and signatures of the modules, by their paths below the artefact.
Status sign_modules(const ArtefactFiles& files, BuildRecord& record) {
  std::error_code failure;
  for (fs::recursive_directory_iterator walk(files.modules, failure), end; !failure && walk != end;
       walk.increment(failure)) {
    if (!walk->is_regular_file(failure)) continue;
    const auto name = walk->path().lexically_relative(files.folder).generic_string();
    auto digest = support::digest_file(walk->path());
    if (!digest) return digest.error();
    record.digests[name] = digest->hex;
    if (name.find(".ko") == std::string::npos) continue;
    // A compressed module is no ELF file for us: then its bytes have to do.
    const auto signature = name.ends_with(".ko") ? elf_signature(walk->path()) : digest;
    if (!signature) return signature.error();
    record.signatures[name] = signature->hex;
  }
  if (failure)
    return infrastructure_error("cannot read " + files.modules.string() + ": " + failure.message());
  return {};
}

/// modules_install leaves links to /src and /build, which exist in the sandbox alone.
void remove_links(const fs::path& modules) {
  std::error_code failure;
  for (fs::directory_iterator walk(modules / "lib" / "modules", failure), end;
       !failure && walk != end; walk.increment(failure))
    for (const char* const link : {"build", "source"}) fs::remove(walk->path() / link, failure);
}

}  // namespace

ImageTarget image_target(const std::string& arch) {
  if (arch == "x86_64") return {"bzImage", "arch/x86/boot/bzImage"};
  return {"Image", "arch/" + arch + "/boot/Image"};
}

ArtefactFiles files_below(const fs::path& folder) {
  return {folder,
          folder / "Image",
          folder / "vmlinux",
          folder / "System.map",
          folder / "config",
          folder / "build.json",
          folder / "build.log",
          folder / "modules",
          folder / "Module.symvers",
          folder / "objects.tsv",
          folder / "objects.zip"};
}

std::optional<ArtefactFiles> complete_files(const fs::path& folder) {
  auto files = files_below(folder);
  std::error_code failure;
  for (const auto& file :
       {files.image, files.vmlinux, files.system_map, files.config, files.info, files.log})
    if (!fs::is_regular_file(file, failure) || fs::file_size(file, failure) == 0)
      return std::nullopt;
  if (!fs::is_directory(files.modules, failure) || !read_record(files.info)) return std::nullopt;
  return files;
}

std::string to_json(const BuildRecord& record) {
  const json document{{"key", record.key},
                      {"kernel", record.kernel},
                      {"tree", record.tree},
                      {"series", record.series},
                      {"config", record.config},
                      {"arch", record.arch},
                      {"toolchain", record.toolchain},
                      {"finished_at", record.finished_at},
                      {"release", record.info.release},
                      {"compiler", record.info.compiler},
                      {"objects", record.info.objects},
                      {"seconds", record.info.seconds},
                      {"signature", record.info.signature},
                      {"unreproducible", record.info.unreproducible},
                      {"digests", record.digests},
                      {"signatures", record.signatures}};
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<BuildRecord> read_record(const fs::path& build_json) {
  auto text = support::read_file(build_json);
  if (!text) return text.error();
  try {
    const json document = json::parse(*text);
    BuildRecord record;
    const auto take = [&](const char* name, auto& into) { document.at(name).get_to(into); };
    take("key", record.key);
    take("kernel", record.kernel);
    take("tree", record.tree);
    take("series", record.series);
    take("config", record.config);
    take("arch", record.arch);
    take("toolchain", record.toolchain);
    take("finished_at", record.finished_at);
    take("release", record.info.release);
    take("compiler", record.info.compiler);
    take("objects", record.info.objects);
    take("seconds", record.info.seconds);
    // Earlier versions did not write these.
    record.info.signature = document.value("signature", "");
    record.info.unreproducible = document.value("unreproducible", "");
    record.digests = document.value("digests", record.digests);
    record.signatures = document.value("signatures", record.signatures);
    return record;
  } catch (const json::exception& failure) {
    return infrastructure_error(build_json.string() + " is damaged: " + failure.what());
  }
}

Status collect(const fs::path& build, const fs::path& artefact, const std::string& arch,
               const std::string& config_text) {
  const auto files = files_below(artefact);
  KMATRIX_TRY(support::make_folders(artefact));
  const std::array<std::pair<fs::path, fs::path>, 3> moves{
      {{build / image_target(arch).path, files.image},
       {build / "vmlinux", files.vmlinux},
       {build / "System.map", files.system_map}}};
  for (const auto& [from, to] : moves) KMATRIX_TRY(move_file(from, to));
  KMATRIX_TRY(support::write_file(files.config, config_text));
  std::error_code failure;
  if (fs::is_regular_file(build / "Module.symvers", failure))
    KMATRIX_TRY(move_file(build / "Module.symvers", files.symvers));
  const bool has_modules = fs::is_directory(build / "out", failure);
  KMATRIX_TRY(has_modules ? move_file(build / "out", files.modules)
                          : support::make_folders(files.modules));
  remove_links(files.modules);
  return {};
}

Status write_protect(const fs::path& folder) {
  std::error_code failure;
  constexpr auto writers =
      fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  for (fs::recursive_directory_iterator walk(folder, failure), end; !failure && walk != end;
       walk.increment(failure))
    if (walk->is_regular_file(failure) && !walk->is_symlink(failure))
      fs::permissions(walk->path(), writers, fs::perm_options::remove, failure);
  if (failure)
    return infrastructure_error("cannot protect " + folder.string() + ": " + failure.message());
  return {};
}

Status sign(const ArtefactFiles& files, BuildRecord& record) {
  record.digests.clear();
  record.signatures.clear();
  for (const auto& file : {files.image, files.vmlinux, files.system_map, files.config}) {
    auto digest = support::digest_file(file);
    if (!digest) return digest.error();
    record.digests[file.filename().string()] = digest->hex;
  }
  std::error_code failure;
  if (fs::exists(files.objects, failure)) {
    auto digest = support::digest_file(files.objects);
    if (!digest) return digest.error();
    record.digests[files.objects.filename().string()] = digest->hex;
  }
  const auto vmlinux = elf_signature(files.vmlinux);
  if (!vmlinux) return vmlinux.error();
  record.signatures["vmlinux"] = vmlinux->hex;
  KMATRIX_TRY(sign_modules(files, record));
  support::Hasher whole;
  for (const auto& [name, signature] : record.signatures) whole.field(name, signature);
  record.info.signature = whole.finish().hex;
  return {};
}

Result<bool> complete_artefact(const fs::path& artefact) {
  const auto files = complete_files(artefact);
  if (!files) return false;
  auto record = read_record(files->info);
  if (!record) return false;
  if (!record->info.signature.empty()) return true;
  // An artefact of which nothing is known but its name: what cannot be parsed is not whole.
  if (!sign(*files, *record)) return false;
  KMATRIX_TRY(support::write_file(files->info, to_json(*record)));
  KMATRIX_TRY(write_protect(artefact));
  return true;
}

std::string lacks_objects(const fs::path& artefact) {
  std::error_code failure;
  const auto files = files_below(artefact);
  const bool kept = fs::exists(files.objects, failure) && fs::exists(files.object_archive, failure);
  return kept ? "" : "its objects were not kept";
}

std::string unreproducible_because(const DotConfig& config) {
  // The kernel's documentation on reproducible builds names what is left beside what the sandbox
  // fixes. Keys come from a system call that no folder or variable can stand in for.
  if (config.is("MODULE_SIG_KEY", "\"certs/signing_key.pem\""))
    return "MODULE_SIG_KEY: the build makes a new key to sign modules with";
  return {};
}

}  // namespace kmatrix::build
