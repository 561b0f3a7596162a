// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kmatrix::suite {

/// A time stamp of the kernel's log in a line: "[   12.345678] ", or with the caller's task behind
/// it "[   12.345678][  T123] ".
struct Stamp {
  std::size_t begin, end;
};

/// The first one.
std::optional<Stamp> find_stamp(std::string_view line);

/// The lines of an output without what the kernel logs between and within them: a line that it has
/// torn is put together.
std::vector<std::string> lines_without_log(std::string_view output);

}  // namespace kmatrix::suite
