// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace kmatrix::build {

/// Fills with zeros what a disassembly of an object needs not: sections with content that nobody
/// loads (debug information), and the relocations of such. Sizes and places stay. What is no ELF
/// file is left as it is.
void blank_debug(std::string& object);

}  // namespace kmatrix::build
