// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "build/kernel_builder.h"
#include "support/digest.h"
#include "support/result.h"

// The object files of a kernel's build, which its artefact keeps so that two builds can be compared
// object by object:
//   objects.tsv   a line an object: digests and path
//   objects.zip   the objects, with zeros for debug information: enough for a disassembly
namespace kmatrix::build {

/// What the compiler or assembler made of one source file for the kernel or a module.
struct KernelObject {
  std::string path;         ///< below the build folder: "arch/arm64/kernel/ftrace.o"
  support::Digest content;  ///< of the whole file, debug information included
  support::Digest loaded;   ///< its elf_signature(); empty: it is no ELF file (LTO)
  bool operator==(const KernelObject&) const = default;
};

/// The objects in a build folder, by path. Those of the build's own tools do not count, nor what
/// linkers and objcopy made of other objects.
Result<std::vector<std::string>> find_objects(const std::filesystem::path& build);

/// Puts the objects of a build folder into its artefact.
Status keep_objects(const std::filesystem::path& build, const ArtefactFiles& files);

/// The objects that an artefact has, by path; nullopt if it is of an earlier version, which kept
/// none. Error: the list is damaged.
Result<std::optional<std::vector<KernelObject>>> kept_objects(const ArtefactFiles& files);

/// Writes objects that an artefact keeps to `into`/0.o, `into`/1.o... in the order of `paths`.
Status unpack_objects(const ArtefactFiles& files, const std::vector<std::string>& paths,
                      const std::filesystem::path& into);

}  // namespace kmatrix::build
