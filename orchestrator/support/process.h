// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace kmatrix::support {

/// A program to run: an argument vector, never a shell string.
struct Command {
  std::vector<std::string> argv;                               ///< argv[0] is looked up in PATH
  std::optional<std::map<std::string, std::string>> env = {};  ///< whole environment; ours if none
  std::filesystem::path cwd = {};                              ///< ours if empty
  std::chrono::milliseconds timeout{0};  ///< 0: none; then the process group is killed
  std::stop_token stop = {};             ///< a stop kills the process group
  /// Called with each piece of stdout and stderr (merged, in order) as it comes, from the thread
  /// that called run(). If absent, all output is collected in Exit::output.
  std::function<void(std::string_view)> on_output = {};
};

/// How a process ended.
struct Exit {
  int code = 0;  ///< exit code; 128 + signal if a signal ended it
  bool timed_out = false;
  std::string output;  ///< stdout and stderr, if Command::on_output was absent
  bool good() const { return code == 0 && !timed_out; }
};

/// Runs programs. The real one is BoostProcessRunner; tests have small fakes.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;
  /// Runs to the end. Error: the program does not exist or cannot be started (infrastructure), or
  /// a stop was asked for (interrupted). A non-zero exit code is not an Error.
  virtual Result<Exit> run(const Command& command) = 0;
};

/// Boost.Process v2, each child in a process group of its own, stdin from /dev/null. Thread-safe.
class BoostProcessRunner : public ProcessRunner {
 public:
  Result<Exit> run(const Command& command) override;
};

/// Path of a program in PATH; empty if there is none.
std::filesystem::path find_program(const std::string& name);

/// Runs and returns the output; a non-zero exit is an infrastructure Error with the last lines.
Result<std::string> run_checked(ProcessRunner& runner, const Command& command);

/// The last `count` lines of a text.
std::string last_lines(std::string_view text, std::size_t count);

}  // namespace kmatrix::support
