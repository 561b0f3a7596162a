// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "spec/sections.h"

// Suites whose selftests come from other trees than the kernel's own: `tests: [own, v7.2]` of a
// suite makes it two suites, NAME and NAME@v7.2, which wherever it is named stand for it together.
namespace kmatrix::spec {

/// The word for the kernel's own tree.
inline const std::string own_tests = "own";

/// The suites that `suite` becomes by its `tests`: itself if there is none.
std::vector<Suite> with_test_sources(const Suite& suite, const Field& tests,
                                     const Reading& reading);

/// The names that a reference to a suite may have beside those of the section: "NAME@SOURCE".
std::vector<std::string> names_of_members(const YamlNode* suites);

/// In all slices of the experiment, puts the suites that belong to a name in its place. Reports
/// sources whose series has no patches for their tree.
void resolve_test_sources(Experiment& experiment, Problems& problems);

}  // namespace kmatrix::spec
