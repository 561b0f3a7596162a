// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "build/bpf_log.h"
#include "build/kernel_builder.h"
#include "build/sandbox.h"
#include "support/result.h"

namespace kmatrix::build {

inline constexpr const char* bpf_folder = "tools/testing/selftests/bpf";

/// Builds test_progs and all that it loads at run time, in a copy of the tree's folder that lies
/// over the original. One BPF program or test that does not compile would keep everything behind it
/// from being built: it is taken out, with every test that uses it, and the rest is built without.
class BpfBuild {
 public:
  struct Inputs {
    std::filesystem::path folder;  ///< the copy
    std::filesystem::path output;  ///< /build of the sandbox, where the Makefile puts what it makes
    std::string arch;
    const spec::Toolchain& toolchain;
    int jobs = 1;
    const std::function<void(BuildProgress)>& on_progress;
    const std::function<void(std::string_view)>& log;
  };
  BpfBuild(Inputs inputs, const Sandbox& sandbox);

  /// True if test_progs is there; false if it cannot be built, and the log says why.
  Result<bool> run();

  /// Why run() gave false; may be empty.
  const std::string& failure() const { return failure_; }

  /// Reasons by test.
  const std::map<std::string, std::string>& blocked() const { return blocked_; }

  /// The tests of the test_progs that was built.
  Result<std::vector<std::string>> tests() const;

  /// Moves what a guest needs into `files`, which it makes.
  Status collect(const std::filesystem::path& files);

 private:
  std::vector<std::string> command(const std::vector<std::string>& goals) const;
  Result<bool> make(std::string& log);
  void hear(std::string_view piece, std::string& log);
  Status take_out(const BpfFailures& failures);
  Status take_out_program(const std::string& name, const std::string& reason);
  Status take_out_test(const std::string& file, const std::string& reason);

  Inputs inputs_;
  const Sandbox& sandbox_;
  std::map<std::string, std::string> blocked_;
  std::vector<std::string> without_;  ///< make variables that leave parts out
  std::string failure_;
  std::string line_;
  BuildProgress progress_;
};

/// Does a test's source use the BPF program, by its skeleton or its object's name?
bool uses_program(std::string_view source, const std::string& program);

}  // namespace kmatrix::build
