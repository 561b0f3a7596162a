// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace kmatrix::spec {

/// Is it a regular expression between slashes? If not, a pattern is a glob.
bool is_expression(const std::string& pattern);

/// A glob must match the whole name ('*' also matches '/'); an extended regular expression, as
/// grep -E takes it, anywhere. One that is malformed matches nothing.
bool matches(const std::string& pattern, const std::string& name);
bool matches_any(const std::vector<std::string>& patterns, const std::string& name);

}  // namespace kmatrix::spec
