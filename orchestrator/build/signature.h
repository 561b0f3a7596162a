// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "support/digest.h"
#include "support/result.h"

namespace kmatrix::build {

/// Digest of what a machine would load of an ELF file: its allocated sections, and of a module
/// (relocatable) also their relocations, with the names of the symbols that they mean. Debug
/// information and build ids do not count. Error: it is no whole ELF file.
Result<support::Digest> elf_signature(const std::filesystem::path& file);

/// Digest of the symbols that an object defines in its allocated sections, with names, places and
/// sizes. They are in no section that is loaded, but the linker reads them. Empty: no ELF file.
support::Digest symbols_digest(std::string object);

/// Digest of the names and sizes of an object's executable sections, in their order, where all
/// instructions have the same size (AArch64): there another digest means other code. Empty: no such
/// architecture, or no ELF file.
support::Digest code_sizes_digest(std::string object);

/// Digest of the content of one section (".BTF"); empty if the file has none of that name. Error:
/// it is no ELF file.
Result<support::Digest> section_digest(const std::filesystem::path& file, const std::string& name);

}  // namespace kmatrix::build
