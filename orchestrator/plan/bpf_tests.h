// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kmatrix::plan {

/// The names of the tests that a file of tools/testing/selftests/bpf/prog_tests defines ("void
/// test_x(void)", "void serial_test_x(void)"), as its Makefile finds them.
std::vector<std::string> tests_in(std::string_view source);

}  // namespace kmatrix::plan
