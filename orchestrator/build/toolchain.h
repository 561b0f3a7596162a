// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "build/system_root.h"
#include "spec/experiment.h"
#include "support/process.h"
#include "support/result.h"

namespace kmatrix::build {

/// A program and the Debian package that brings it.
struct Tool {
  std::string program, package;
  bool identifies = false;  ///< its version is part of the toolchain's identity
};

/// The compiler, linker and binutils of a toolchain; compiler first.
std::vector<Tool> toolchain_tools(const spec::Toolchain& toolchain);

/// What else a kernel build calls in its sandbox: make, flex, bison, bc, perl, ccache...
std::vector<Tool> build_tools();

/// Those that a sandbox of the system would not find.
std::vector<Tool> missing(const std::vector<Tool>& tools, const SystemRoot& system = {});

/// That a program of the toolchain is not there, with what brings it.
Error absent_error(const spec::Toolchain& toolchain, const Tool& absent);

/// Version lines of compiler, assembler, linker and (if there) pahole, and the identity of a system
/// that is not the host's, joined by "; ".
Result<std::string> identify_toolchain(const spec::Toolchain& toolchain, const SystemRoot& system,
                                       support::ProcessRunner& runner, std::stop_token stop);

/// make and its variables for a kernel of `arch`, without targets.
std::vector<std::string> make_command(const std::string& arch, const spec::Toolchain& toolchain);

/// make and its variables for a folder below tools/testing/selftests and guests of `arch`, without
/// folder and targets.
std::vector<std::string> selftests_command(const std::string& arch,
                                           const spec::Toolchain& toolchain);

/// The toolchain's disassembler.
Tool objdump_tool(const spec::Toolchain& toolchain);

/// The toolchain's strip.
std::string strip_program(const spec::Toolchain& toolchain);

}  // namespace kmatrix::build
