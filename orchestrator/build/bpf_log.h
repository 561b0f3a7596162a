// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace kmatrix::build {

/// What a `make -k test_progs` could not make, by name without suffix, each with its first error.
struct BpfFailures {
  std::map<std::string, std::string> programs;  ///< of progs/NAME.c: NAME.bpf.o or its skeleton
  std::map<std::string, std::string> tests;     ///< of prog_tests/NAME.c: NAME.test.o
  std::map<std::string, std::string> others;    ///< all other targets, by their file name
  bool empty() const { return programs.empty() && tests.empty() && others.empty(); }
};

/// Reads the log of tools/testing/selftests/bpf's Makefile. What failed only because something that
/// it needs had failed is not in it: make says of those no more than that they are not remade.
BpfFailures parse_bpf_log(std::string_view log);

}  // namespace kmatrix::build
