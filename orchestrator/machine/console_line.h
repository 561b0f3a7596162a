// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kmatrix::machine {

/// A line of a kernel's console without its prefixes: "<6>" (a level), "[    1.234567]"
/// (PRINTK_TIME) and "[   T12]" (PRINTK_CALLER). What stands before a time is somebody else's
/// unfinished line and is left out. Views into the line.
struct KernelLine {
  std::optional<double> seconds;  ///< since boot
  std::string_view caller;        ///< "T12", "C1"; "" if there is none
  std::string_view text;
};
KernelLine parse_kernel_line(std::string_view line);

/// The agent's START and END markers ("kmatrix: START 3 name", "kmatrix: END 3 0").
struct Marker {
  bool start = false;
  std::uint64_t seq = 0;
};
std::optional<Marker> parse_marker(std::string_view text);

}  // namespace kmatrix::machine
