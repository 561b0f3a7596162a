// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suite/suite.h"

namespace kmatrix::suite {

/// A .tc file of ftracetest, as far as reading its output needs it.
struct TestFile {
  std::string name;               ///< "direct/ftrace-direct.tc"
  std::string description;        ///< of its "# description:" line
  bool has_instance_run = false;  ///< "# flags: instance": it runs a second time
};

/// What `ftracetest -vv` said about one .tc file; the first element is the file itself, a second
/// one, "NAME (instance)", its run on an instance. Takes any output: what a test prints itself
/// stands between the lines of ftracetest, on the same lines, and may look like them.
std::vector<Judged> judge_ftracetest(const TestFile& file, const Finished& finished);

}  // namespace kmatrix::suite
