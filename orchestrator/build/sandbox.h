// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "build/system_root.h"
#include "support/process.h"
#include "support/result.h"

namespace kmatrix::build {

/// Runs programs in bubblewrap: the system's /usr read-only, sources read-only at /src, objects at
/// /build, ccache at /ccache, an environment of ours alone, random devices that always give the
/// same, no network, no other processes, no capabilities. All that runs in it ends with it. Works
/// as root and as an ordinary user.
class Sandbox {
 public:
  struct Folders {
    std::filesystem::path source, build, ccache;
    /// Private copies of folders below /src, which may be written to: by their place in the tree.
    std::map<std::string, std::filesystem::path> over = {};
  };
  /// `compiler` is what ccache takes for the compiler's identity.
  Sandbox(SystemRoot system, Folders folders, std::string compiler, support::ProcessRunner& runner,
          std::stop_token stop);

  /// The whole argument vector of bubblewrap for a program.
  std::vector<std::string> wrap(const std::vector<std::string>& program,
                                const std::map<std::string, std::string>& variables = {}) const;

  /// Runs to the end and gives the exit code; the output goes to `on_output`. Error: the sandbox
  /// did not start (infrastructure), or a stop.
  Result<int> run(const std::vector<std::string>& program,
                  const std::map<std::string, std::string>& variables,
                  const std::function<void(std::string_view)>& on_output) const;

 private:
  SystemRoot system_;
  Folders folders_;
  std::string compiler_;
  support::ProcessRunner& runner_;
  std::stop_token stop_;
};

}  // namespace kmatrix::build
