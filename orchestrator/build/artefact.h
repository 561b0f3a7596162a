// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "build/dot_config.h"
#include "build/kernel_builder.h"
#include "plan/keys.h"

namespace kmatrix::build {

/// Which make targets a kernel of an architecture needs, and where its image comes to lie.
struct ImageTarget {
  std::string target;          ///< "Image"
  std::filesystem::path path;  ///< below the build folder
};
ImageTarget image_target(const std::string& arch);

/// The names of an artefact's files below its folder.
ArtefactFiles files_below(const std::filesystem::path& folder);

/// The files if all of them exist.
std::optional<ArtefactFiles> complete_files(const std::filesystem::path& folder);

/// All of build.json.
struct BuildRecord {
  std::string key, kernel, tree, series, config, arch, toolchain;
  std::string finished_at;
  BuildInfo info;
  std::map<std::string, std::string> digests;  ///< SHA-256 by path, of vmlinux, Image, modules...
  std::map<std::string, std::string> signatures;  ///< by path, of vmlinux and each module
};
std::string to_json(const BuildRecord& record);
Result<BuildRecord> read_record(const std::filesystem::path& build_json);

/// Moves what a build made out of the build folder into `artefact`, which it makes, without
/// build.json and build.log. Modules are where modules_install put them: out/.
Status collect(const std::filesystem::path& build, const std::filesystem::path& artefact,
               const std::string& arch, const std::string& config_text);

/// Sets the digests and signatures of a record from the artefact's files.
Status sign(const ArtefactFiles& files, BuildRecord& record);

/// Takes the right to write to its files from everybody.
Status write_protect(const std::filesystem::path& artefact);

/// False if files are missing. Gives an artefact of an earlier version what it lacks in build.json.
Result<bool> complete_artefact(const std::filesystem::path& artefact);

/// "" if the artefact has its objects (build/objects.h), else that it has not.
std::string lacks_objects(const std::filesystem::path& artefact);

/// Why a second build with this .config would give other bytes; empty: it would not.
std::string unreproducible_because(const DotConfig& config);

}  // namespace kmatrix::build
