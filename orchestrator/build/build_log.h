// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kmatrix::build {

/// Counts the objects that make says it compiles or assembles for the kernel and its modules
/// ("  CC      x.o", "  AS [M]  y.o"); not those of the build's own tools.
class ObjectCounter {
 public:
  /// Takes the next piece of make's output, which may end inside of a line.
  void feed(std::string_view piece);
  int count() const { return count_; }

 private:
  std::string line_;
  int count_ = 0;
};

/// The first error in the log of a failed build: of a compiler ("kernel/x.c:3:1: error: ..."), an
/// assembler, the linker, modpost, objtool or make itself, else the last five lines.
std::string first_error(std::string_view log);

/// Did the build fail for a reason that is not the kernel's: the disk is full, or the system
/// killed a compiler? Then one line about it.
std::optional<std::string> outside_cause(std::string_view log);

}  // namespace kmatrix::build
