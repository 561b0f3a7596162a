// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plan/outcome.h"
#include "spec/experiment.h"
#include "support/result.h"

namespace kmatrix::suite {

/// A file or folder that the suite needs in the guest, below /kmatrix/cell.
struct Needed {
  std::filesystem::path from;
  std::string to;
};

/// One case, run as one process in the guest.
struct Case {
  std::string name;  ///< "direct/ftrace-direct.tc"
  std::vector<std::string> argv;
  std::map<std::string, std::string> env;
  std::string cwd = "/";
  std::chrono::seconds timeout{0};
};

/// A case that could not be built, and so does not run.
struct Unbuilt {
  std::string name, reason;
};

/// How the process of a case ended.
struct Finished {
  int code = 0;
  bool timed_out = false;
  std::string output;
  std::uint64_t taint_before = 0, taint_after = 0;
};

/// An outcome as the suite judges it. A process may yield several (subtests, instances).
struct Judged {
  std::string name;  ///< case name, or "name (instance)", "name/subtest"
  plan::Outcome outcome = plan::Outcome::failed;
  std::string raw;      ///< the runner's own word: "PASS", "UNRESOLVED"...
  std::string message;  ///< one line, for people; may be empty
  int error = 0;        ///< errno that the runner or a library named as the cause; 0: none
  bool spoils = false;  ///< what it left behind would spoil the next case
};

/// What a kernel tree and a suite's spec give: the files and the cases. Implementations are pure
/// but for reading the source tree.
class Suite {
 public:
  virtual ~Suite() = default;
  virtual std::vector<Needed> needed() const = 0;
  virtual const std::vector<Case>& cases() const = 0;
  /// Selected cases that have no program: they are `blocked`, after their reason.
  virtual std::vector<Unbuilt> unbuilt() const { return {}; }
  /// What the process of a case means; pure. At least one element, the first for the case itself.
  virtual std::vector<Judged> judge(const Case& which, const Finished& finished) const = 0;
};

/// Where a suite's files are.
struct Places {
  std::filesystem::path source;      ///< kernel source folder, patched
  std::filesystem::path data;        ///< folder with images/ (guest scripts)
  std::filesystem::path built = {};  ///< of a suite that is built: build/selftests.h
};

/// Input errors: a `select` that matches no case (did you mean), a tree without the suite's tests.
Result<std::unique_ptr<Suite>> make_suite(const spec::Suite& spec, const Places& places);

/// Would the suite find its cases in this kernel source folder? What can be known before anything
/// is built: the input errors of make_suite, and for test_progs and kselftest those that their
/// sources tell.
Status check_suite(const spec::Suite& spec, const Places& places);

}  // namespace kmatrix::suite
