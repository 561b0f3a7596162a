// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "machine/hypervisor.h"

namespace kmatrix::machine {

/// "aarch64" for "arm64": libvirt's and QEMU's name of an architecture.
std::string qemu_arch(const std::string& arch);

/// QEMU's machine type for an architecture: "virt" or "q35".
std::string qemu_machine(const std::string& arch);

/// libvirt's domain type: "qemu" (TCG) or "kvm".
std::string domain_type(spec::Accelerator accel);

/// libvirt's name of the terminal of a machine that is there to be talked to.
inline constexpr char terminal_alias[] = "ua-terminal";

/// Domain XML for the hardware; pure, and safe for any text in it. With `console_log`, QEMU itself
/// also writes the serial console to that file, from its first to its last byte.
std::string domain_xml(const Hardware& hardware, const std::string& emulator,
                       const std::filesystem::path& console_log = {});

}  // namespace kmatrix::machine
